import type { Call } from '../../websocket-server/src/call/call.ts';
import { useCallStory } from '../live/use-call-story.ts';
import { SayBox } from './say-box.tsx';
import { suggestedReplies } from './suggested-replies.ts';
import type { Softphone } from './use-softphone.ts';
import { WordsSoFar } from './words-so-far.tsx';

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
    <section aria-labelledby="conversation" className="card flex flex-col lg:h-[35rem]">
      <h2 id="conversation" className="border-b border-line px-5 py-3 font-semibold">
        Conversation
      </h2>
      <WordsSoFar story={story} saying={saying} />
      {line.is === 'connected' && (
        <div className="border-t border-line p-4">
          <SayBox replies={suggestedReplies(transcript)} onSay={phone.say} />
        </div>
      )}
    </section>
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
