import { useEffect, useRef } from 'react';
import { TranscriptView } from '../components/transcript-view.tsx';
import type { CallStory } from '../live/call-story.ts';

/** What was said, kept at its end while it grows. @param saying typed here and still being spoken */
export function WordsSoFar({
  story,
  saying,
}: {
  readonly story: CallStory | undefined;
  readonly saying: readonly string[];
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [story, saying]);
  const isEmpty = story === undefined || story.transcript.length === 0;
  return (
    <div
      ref={box}
      className="min-h-40 grow overflow-y-auto px-5 py-4 max-h-72 lg:max-h-none"
      tabIndex={0}
      role="region"
      aria-label="What was said"
    >
      {isEmpty && <p className="py-10 text-center text-muted">Nothing has been said yet.</p>}
      {story !== undefined && (
        <TranscriptView transcript={story.transcript} asides={story.asides} bargeIns={story.bargeIns} />
      )}
      {saying.map((text, index) => (
        <p
          // The same text may be said twice, and the order never changes.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${index} ${text}`}
          className="mt-3 w-fit max-w-[85%] rounded-2xl border border-dashed border-edge px-4 py-2 text-muted"
        >
          {text}
          <span className="sr-only"> (being spoken)</span>
        </p>
      ))}
    </div>
  );
}
