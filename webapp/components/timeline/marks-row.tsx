import { lengthWords } from '../call-words.ts';
import { goToElement } from '../turn-place.ts';
import type { CallTimeline, TimelineMark } from './call-timeline.ts';
import { shareOf } from './time-share.ts';

const looks: Record<TimelineMark['kind'], { readonly colour: string; readonly word: string }> = {
  'barge-in': { colour: 'bg-bad', word: 'spoke over' },
  digits: { colour: 'bg-accent', word: 'keys' },
  tool: { colour: 'bg-edge', word: 'tool' },
  owner: { colour: 'bg-wait', word: 'steered' },
  other: { colour: 'border-2 border-edge', word: 'event' },
};

/** What happened besides talking: clicked, it shows where in the transcript. */
export function MarksRow({ timeline }: { readonly timeline: CallTimeline }) {
  if (timeline.marks.length === 0) return null;
  return (
    <>
      <span />
      <div className="relative h-5">
        {timeline.marks.map((mark) => (
          <button
            key={mark.key}
            type="button"
            tabIndex={-1}
            title={`${mark.label}, at ${lengthWords(Math.round(mark.atMs / 1000))}`}
            className="absolute top-0 grid h-5 min-w-4 -translate-x-1/2 cursor-pointer place-content-center justify-items-center hover:opacity-75"
            style={{ left: shareOf(mark.atMs, timeline) }}
            onClick={() => goToElement(mark.elementId)}
          >
            {mark.keys === undefined ? (
              <span className={`block size-2.5 rounded-full ${looks[mark.kind].colour}`} />
            ) : (
              <kbd className="rounded bg-accent px-1 font-mono text-[0.6875rem] leading-4 text-on-accent">
                {mark.keys}
              </kbd>
            )}
          </button>
        ))}
      </div>
    </>
  );
}

/** Which colour stands for what, of those that are there. */
export function MarkWords({ timeline }: { readonly timeline: CallTimeline }) {
  const kinds = [...new Set(timeline.marks.map(({ kind }) => kind))];
  return (
    <div className="flex flex-wrap gap-x-3">
      {kinds.map((kind) => (
        <span key={kind} className="flex items-center gap-1">
          <span className={`size-2 rounded-full ${looks[kind].colour}`} />
          {looks[kind].word}
        </span>
      ))}
    </div>
  );
}
