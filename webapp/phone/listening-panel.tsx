import { X } from 'lucide-react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { callPath } from '../components/app-route.ts';
import { PageLink } from '../components/page-link.tsx';
import { useCallStory } from '../live/use-call-story.ts';
import { LevelMeter } from './level-meter.tsx';
import type { MicrophoneState } from './audio/phone-audio.ts';
import type { ListeningState } from './listening-state.ts';
import { useListening } from './use-listening.ts';
import { WhisperBox } from './whisper-box.tsx';
import { WordsSoFar } from './words-so-far.tsx';

const nothing: readonly string[] = [];

/** A live call that is listened to: heard, whispered into, taken over. */
export function ListeningPanel({ call, onClose }: { readonly call: Call; readonly onClose: () => void }) {
  const { state, microphone, audio, takeOver, giveBack } = useListening(call.callId);
  const { story } = useCallStory(call.callId);
  const isYours = state.turn === 'you';
  return (
    <div className="grid gap-4 border-t border-line bg-page px-5 py-4">
      <div className="flex items-start justify-between gap-4">
        <p role="status" className={`font-medium ${isYours ? 'text-live' : ''}`}>
          {words(state, microphone)}
        </p>
        <button
          type="button"
          aria-label="Stop listening"
          className="grid size-9 shrink-0 cursor-pointer place-content-center rounded-full hover:bg-sunken"
          onClick={onClose}
        >
          <X aria-hidden="true" className="size-5" />
        </button>
      </div>
      <div className="grid gap-2">
        <LevelMeter side="speaker" audio={audio} label="Line" />
        <LevelMeter side="microphone" audio={audio} label="You" />
      </div>
      {state.refusal !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {state.refusal}
        </p>
      )}
      {state.link === 'listening' && (
        <>
          <div className="flex flex-wrap items-center gap-3">
            {isYours ? (
              <button type="button" className="button bg-accent text-on-accent" onClick={giveBack}>
                Give back to the agent
              </button>
            ) : (
              <button
                type="button"
                className="button border border-accent text-accent"
                disabled={state.turn === 'asked'}
                onClick={takeOver}
              >
                Take over
              </button>
            )}
            <PageLink to={callPath(call.callId)} className="rounded text-sm text-accent hover:underline">
              Open the call’s page
            </PageLink>
          </div>
          <WhisperBox callId={call.callId} />
        </>
      )}
      <div className="card flex max-h-72 overflow-hidden">
        <WordsSoFar story={story} saying={nothing} />
      </div>
    </div>
  );
}

function words({ link, turn }: ListeningState, microphone: MicrophoneState): string {
  switch (link) {
    case 'connecting':
      return 'Connecting…';
    case 'lost':
      return 'The connection was lost. The agent goes on.';
    case 'ended':
      return 'The call is over.';
    case 'listening':
      if (turn !== 'you') return 'You hear both. Nobody hears you.';
      if (microphone === 'refused')
        return 'You are on the line unheard: allow the microphone in the address bar and take over anew.';
      if (microphone === 'missing')
        return 'You are on the line unheard, as there is no microphone here. Give the call back, or hang up.';
      return 'You are on the line: the person hears you, the agent is silent.';
  }
}
