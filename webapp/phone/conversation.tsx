import { useEffect, useRef } from 'react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { TranscriptView } from '../components/transcript-view.tsx';
import type { CallStory } from '../live/call-story.ts';
import { useCallStory } from '../live/use-call-story.ts';
import { SayBox } from './say-box.tsx';
import { suggestedReplies } from './suggested-replies.ts';
import type { Softphone } from './use-softphone.ts';

/** What is said, as the voice model understood it, and the way to answer without talking. */
export function Conversation({
  phone,
  call,
  hasSimulatedModel,
}: {
  readonly phone: Softphone;
  readonly call: Call | undefined;
  readonly hasSimulatedModel: boolean;
}) {
  if (call === undefined || phone.state.line.is === 'idle') {
    return <Explanation hasSimulatedModel={hasSimulatedModel} />;
  }
  return <Followed key={call.callId} phone={phone} callId={call.callId} />;
}

function Followed({ phone, callId }: { readonly phone: Softphone; readonly callId: string }) {
  const { story } = useCallStory(callId);
  const { line } = phone.state;
  const transcript = story?.transcript ?? [];
  const saying = line.is === 'connected' ? line.saying : [];
  return (
    <section aria-labelledby="conversation" className="card flex min-h-[35rem] flex-col lg:max-h-[35rem]">
      <h2 id="conversation" className="border-b border-line px-5 py-3 font-semibold">
        Conversation
      </h2>
      <Words story={story} saying={saying} />
      {line.is === 'connected' && (
        <div className="border-t border-line p-4">
          <SayBox replies={suggestedReplies(transcript)} onSay={phone.say} />
        </div>
      )}
    </section>
  );
}

function Words({
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
      className="min-h-40 grow overflow-y-auto px-5 py-4 max-lg:max-h-96"
      tabIndex={0}
      role="region"
      aria-label="What was said"
    >
      {isEmpty && <p className="py-10 text-center text-muted">Nothing has been said yet.</p>}
      {story !== undefined && <TranscriptView story={story} />}
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

function Explanation({ hasSimulatedModel }: { readonly hasSimulatedModel: boolean }) {
  return (
    <section aria-labelledby="how" className="card px-6 py-6 text-sm leading-6 lg:min-h-[35rem]">
      <h2 id="how" className="text-base font-semibold">
        How this phone works
      </h2>
      <ul className="mt-3 grid list-disc gap-2 pl-5 text-muted">
        <li>The call is a real one up to the phone network, which is simulated: no number is dialed.</li>
        {hasSimulatedModel ? (
          <>
            <li>
              The voice model is simulated too. It understands what you type or tap, which is spoken for you,
              and hears your microphone only as sound. Set OPENAI_API_KEY to talk with the real one.
            </li>
            <li>Speak or type while the agent talks, and it stops: that is barge-in.</li>
          </>
        ) : (
          <li>The voice model is the real one and hears your microphone. You can also type.</li>
        )}
        <li>Use headphones, or the agent may hear itself.</li>
        <li>This page must stay open to be rung; several pages ring together.</li>
      </ul>
    </section>
  );
}
