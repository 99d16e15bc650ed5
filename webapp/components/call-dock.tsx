import { Hand, Handshake, Headphones, Keyboard, PhoneForwarded, Play, Send } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { Call, OpenQuestion } from '../../websocket-server/src/call/call.ts';
import { sentenceOf } from '../live/ask-server.ts';
import { handOverOf, isOnHold } from '../live/call-story.ts';
import type { CallStory } from '../live/call-story.ts';
import { steerCall } from '../live/server-api.ts';
import type { Steering } from '../live/server-api.ts';
import { listenPath } from './app-route.ts';
import { KeysToPress } from './keys-to-press.tsx';
import { PageLink } from './page-link.tsx';
import { QuestionCard } from './question-card.tsx';
import type { ToolUsed } from './tool-turn.tsx';

type HandOver = ReturnType<typeof handOverOf>;

interface DockProps {
  readonly call: Call;
  readonly story: CallStory;
  readonly maySteer: boolean;
  readonly canTransfer: boolean;
}

/** Stays at the foot of a live call: the agent's question, and every way for its owner to take a hand. */
export function CallDock({ call, story, maySteer, canTransfer }: DockProps) {
  if (call.question === null && !maySteer) return null;
  return (
    <div className="sticky bottom-0 z-10 -mx-4 grid max-h-[calc(100dvh-6.5rem)] grid-cols-1 gap-2 overflow-y-auto bg-page px-4 pt-2 pb-3 max-sm:px-2 max-sm:pb-2 lg:mx-0 lg:px-0">
      {call.question !== null && (
        <QuestionCard
          key={call.question.questionId}
          callId={call.callId}
          question={call.question}
          tool={toolAsked(story, call.question)}
          mayAnswer={maySteer}
        />
      )}
      {maySteer && <Controls call={call} story={story} canTransfer={canTransfer} />}
    </div>
  );
}

/** The tool that waits for its owner's answer; undefined for a question in the agent's own words. */
function toolAsked({ transcript }: CallStory, { questionId }: OpenQuestion): ToolUsed | undefined {
  const turn = transcript.find(({ turnId }) => turnId === questionId);
  return turn?.speaker === 'tool' && turn.name !== 'ask_owner' ? turn : undefined;
}

function Controls({ call, story, canTransfer }: Omit<DockProps, 'maySteer'>) {
  const reasonId = useId();
  const [words, setWords] = useState('');
  const [isKeypadOpen, setIsKeypadOpen] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState('');
  const [underWay, setUnderWay] = useState<Steering>();
  const isHeld = isOnHold(story);
  const handOver = handOverOf(story);
  const reason = whyNotNow(call, handOver);
  const isOff = reason !== undefined;

  // What was asked for has come about, or has not: it is no news any more.
  useEffect(() => setDone(''), [handOver]);

  async function steer(action: Steering, value?: string): Promise<boolean> {
    if (isOff || underWay !== undefined) return false;
    setProblem(undefined);
    setDone('');
    setUnderWay(action);
    try {
      await steerCall(call.callId, action, value);
      setDone(doneWords[action]);
      return true;
    } catch (failure) {
      setProblem(sentenceOf(failure));
      return false;
    } finally {
      setUnderWay(undefined);
    }
  }

  async function tell(action: 'guide' | 'say'): Promise<void> {
    if (words.trim() !== '' && (await steer(action, words.trim()))) setWords('');
  }

  function guide(event: FormEvent): void {
    event.preventDefault();
    void tell('guide');
  }

  const isMute = isOff || words.trim() === '';
  return (
    <section aria-label="Take a hand" className="card grid grid-cols-1 gap-2 p-3 shadow-lg max-sm:p-2">
      {isKeypadOpen && <KeysToPress isOff={isOff} onPress={(digits) => steer('press', digits)} />}
      <form className="flex gap-2" onSubmit={guide}>
        <input
          className="field min-w-0 flex-1"
          aria-label="Words for the agent"
          aria-describedby={isOff ? reasonId : undefined}
          placeholder={isOff ? reason : 'Tell the agent something, unheard by the person'}
          value={words}
          disabled={isOff}
          onChange={(event) => setWords(event.target.value)}
        />
        <button
          type="submit"
          className="button shrink-0 gap-2 bg-accent text-on-accent max-sm:px-3.5"
          title="Only the agent is told"
          disabled={isMute}
        >
          <Send aria-hidden="true" className="size-4" />
          <span className="max-sm:sr-only">Guide</span>
        </button>
        <button
          type="button"
          className="button shrink-0 border border-line bg-surface max-sm:px-3"
          title="The agent says this to the person, word for word"
          disabled={isMute}
          onClick={() => void tell('say')}
        >
          Say
        </button>
      </form>
      <div className="grid grid-cols-5 gap-1 sm:flex sm:flex-wrap sm:items-center sm:gap-2">
        <Control
          icon={<Keyboard aria-hidden="true" className="size-4" />}
          label="Keypad"
          title="Press keys on the phone"
          isOff={isOff}
          isPressed={isKeypadOpen}
          onClick={() => setIsKeypadOpen(!isKeypadOpen)}
        />
        <Control
          icon={
            isHeld ? (
              <Play aria-hidden="true" className="size-4" />
            ) : (
              <Hand aria-hidden="true" className="size-4" />
            )
          }
          label={isHeld ? 'Resume' : 'Hold'}
          title={isHeld ? 'The agent talks again' : 'The agent stays quiet and listens'}
          isOff={isOff}
          onClick={() => void steer(isHeld ? 'resume' : 'hold')}
        />
        <Control
          icon={<PhoneForwarded aria-hidden="true" className="size-4" />}
          label="Hand over to me"
          title={
            canTransfer
              ? 'Connects the person with the owner’s phone; the agent leaves the call'
              : 'The operator has to set OWNER_PHONE_NUMBER on the server first.'
          }
          isOff={isOff || !canTransfer}
          onClick={() => void steer('transfer')}
        />
        <Control
          icon={<Handshake aria-hidden="true" className="size-4" />}
          label="Say goodbye"
          title="The agent takes its leave, then hangs up"
          isOff={isOff}
          onClick={() => void steer('hang_up')}
        />
        {isOff ? (
          <Control
            icon={<Headphones aria-hidden="true" className="size-4" />}
            label="Listen in"
            title="Hear the call, whisper to the agent, or take over"
            isOff
          />
        ) : (
          <PageLink
            to={listenPath(call.callId)}
            className={controlLook}
            title="Hear the call, whisper to the agent, or take over"
          >
            <Headphones aria-hidden="true" className="size-4" />
            Listen in
          </PageLink>
        )}
      </div>
      <p id={reasonId} className="text-sm break-words text-muted sm:min-h-5">
        <span role="status">
          {underWay !== undefined ? 'One moment…' : (reason ?? (problem === undefined ? done : ''))}
        </span>
        {problem !== undefined && (
          <span role="alert" className="text-bad">
            {problem}
          </span>
        )}
        {!canTransfer && !isOff && done === '' && problem === undefined && 'No owner’s phone to hand over to'}
      </p>
    </section>
  );
}

/** Why nothing can be asked of the agent; undefined when it can. */
function whyNotNow({ endingReason, state }: Call, handOver: HandOver): string | undefined {
  if (handOver === 'ringing') return 'The other phone is ringing: whoever picks up has the call.';
  if (handOver === 'taken') return 'The other phone has the call. The agent has left it.';
  if (endingReason !== null) return 'The call is ending.';
  return state === 'connected' ? undefined : 'Nobody is on the line yet.';
}

/** What came of it, where the transcript does not say so at once. */
const doneWords: Record<Steering, string> = {
  say: 'The agent says it as soon as it can.',
  guide: 'The agent has been told.',
  press: 'The keys are being pressed.',
  hold: 'The agent stays quiet and listens.',
  resume: 'The agent talks again.',
  transfer: 'The person is told; then your phone rings.',
  hang_up: 'The agent says goodbye, then hangs up.',
};

const controlLook =
  'inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-md border border-line text-sm font-medium hover:bg-sunken max-sm:min-h-14 max-sm:flex-col max-sm:gap-1 max-sm:py-1.5 max-sm:text-center max-sm:text-xs sm:px-3 disabled:cursor-default disabled:text-muted disabled:hover:bg-transparent aria-pressed:bg-sunken';

function Control({
  icon,
  label,
  title,
  isOff,
  isPressed,
  onClick,
}: {
  readonly icon?: ReactNode;
  readonly label: string;
  /** What it does, or why it cannot. */
  readonly title: string;
  readonly isOff: boolean;
  readonly isPressed?: boolean;
  readonly onClick?: () => void;
}) {
  return (
    <button
      type="button"
      className={controlLook}
      title={title}
      disabled={isOff}
      aria-pressed={isPressed}
      onClick={onClick}
    >
      {icon}
      {label}
    </button>
  );
}
