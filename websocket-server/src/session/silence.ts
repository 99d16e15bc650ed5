import { endReason } from '../call/end-reason.ts';
import { ask } from './ask.ts';
import type { Command, Conversation, Step } from './conversation-state.ts';
import { followedBy, isKeptQuiet, step } from './conversation-state.ts';
import { isQuiet } from './playback.ts';
import { abandoned, isBusy } from './response-slot.ts';

/** How long the person waits for an agent that owes a reply, before it is asked again. */
export const replyPatienceMs = 2500;
/**
 * How long the person waits for an agent, whatever keeps it, before we apologise. With the time that voice detection
 * and the carrier's apology take, a silence stays below 6 s.
 */
export const longestWaitMs = 4600;
/** How long the agent waits for a person who says nothing. */
export const personPatienceMs = 8000;
const retriesBeforeApology = 1;
const promptsBeforeGoodbye = 2;

/** How long the person is left alone while the agent waits for its owner. */
export const ownerPatienceMs = 12_000;
const patienceMs = { agent: replyPatienceMs, person: personPatienceMs, owner: ownerPatienceMs } as const;

/** Whose silence it is. */
export function awaited(state: Conversation): 'agent' | 'person' | 'owner' | 'nobody' {
  if (!isSilent(state) || state.mode === 'greeting' || state.isVoiceless) return 'nobody';
  if (isAgentAwaited(state)) return 'agent';
  if (state.question !== null || state.runningTools.length > 0) return 'owner';
  return state.mode === 'talking' ? 'person' : 'nobody';
}

/** Nobody is heard, and that is not how it should be for long. */
function isSilent(state: Conversation): boolean {
  const { mode } = state;
  if (mode === 'waiting' || mode === 'voicemail' || mode === 'away' || mode === 'over') return false;
  if (isKeptQuiet(state)) return false;
  return !state.isPersonSpeaking && isQuiet(state.playback) && !state.isPressing;
}

/** The person waits for the agent: for its first word, its reply, or the rest of what it began to say. */
function isAgentAwaited(state: Conversation): boolean {
  if (!isSilent(state)) return false;
  const isUnderWay = state.mode !== 'silent' && isBusy(state.slot);
  return state.mode === 'greeting' || state.owesReply || isUnderWay;
}

/** The commands that keep the watch over silence in step with the conversation. */
export function watchSilence(before: Conversation, after: Conversation): readonly Command[] {
  return [...watchWait(before, after), ...watchParty(before, after)];
}

/** Nothing but a sound ends this wait: not a response that fails, nor a voice session that takes over. */
function watchWait(before: Conversation, after: Conversation): readonly Command[] {
  const isWaiting = isAgentAwaited(after);
  if (isWaiting === isAgentAwaited(before)) return [];
  if (!isWaiting) return [{ type: 'stop-timer', name: 'wait' }];
  return [{ type: 'start-timer', name: 'wait', ms: longestWaitMs }];
}

function watchParty(before: Conversation, after: Conversation): readonly Command[] {
  const party = awaited(after);
  if (party === awaited(before) && after.activity === before.activity) return [];
  if (party === 'nobody') return [{ type: 'stop-timer', name: 'silence' }];
  return [{ type: 'start-timer', name: 'silence', ms: patienceMs[party] }];
}

/** Silence lasted too long. */
export function silenceOver(state: Conversation): Step {
  const watched = { ...state, activity: state.activity + 1 };
  switch (awaited(state)) {
    case 'nobody':
      return step(state);
    case 'agent':
      return state.retries >= retriesBeforeApology ? apologise(state) : askAgain(watched);
    case 'owner':
      return ask(watched, sayItTakesLonger);
    case 'person':
      return state.prompts >= promptsBeforeGoodbye
        ? ask(
            {
              ...watched,
              mode: 'ending',
              agentSpokeLast: false,
              ending: {
                endReason: endReason('agent', 'person_silent'),
                isGoodbyeAsked: true,
                isRevocable: true,
              },
            },
            sayGoodbyeToNobody,
          )
        : ask({ ...watched, prompts: state.prompts + 1 }, askWhetherThere);
  }
}

/**
 * The voice model is of no use any more: the person hears a sentence and a hang-up. A call that was to end anyhow ends
 * for the reason that it had.
 */
export function apologise(state: Conversation): Step {
  if (state.mode === 'over') return step(state);
  const standing = state.mode === 'ending' ? state.ending?.endReason : undefined;
  const reason =
    standing === undefined || standing.why === 'transferred' ? endReason('fault', 'model_error') : standing;
  // A recorder is told nothing: the person would hear of a fault that is none of theirs.
  const type = state.mode === 'voicemail' ? 'hang-up' : 'apologise';
  return step({ ...state, mode: 'over' }, { type, endReason: reason });
}

/** Whatever the model was about, it is taking too long: take that back and ask anew. */
function askAgain(state: Conversation): Step {
  const { active } = state.slot;
  const { requested, waiting } = state.slot;
  const wanted = requested?.instructions === undefined ? waiting : requested;
  const goodbye = state.ending?.isRevocable === false ? state.ending.goodbyeWords : undefined;
  const askAnew = (next: Conversation) =>
    wanted?.instructions === undefined
      ? ask(next, goodbye, goodbye !== undefined)
      : ask(next, wanted.instructions, wanted.insists);
  const retried = { ...state, retries: state.retries + 1, slot: abandoned(state.slot) };
  if (active === null) return askAnew(retried);
  const cancelled = step({ ...retried, barred: [...state.barred, active] }, {
    type: 'cancel-response',
    responseId: undefined,
  } as const);
  return followedBy(cancelled, askAnew);
}

const sayItTakesLonger =
  'You are still waiting for an answer. Tell the person in a few words that it takes a moment longer. Call no tool.';
const askWhetherThere =
  'The person has been silent for a while. Ask in a few words whether they are still there.';
const sayGoodbyeToNobody =
  'Nobody has answered for a long time. Say in one sentence that you will end the call now, and goodbye. Call no tool.';
