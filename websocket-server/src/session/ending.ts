import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import { ask } from './ask.ts';
import type { Command, Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { isQuiet, unheardMs } from './playback.ts';
import { dropResponse } from './broken-ends.ts';
import { dropPlayback } from './heard-turns.ts';
import { isBusy, unwanted } from './response-slot.ts';

/** How long past its own length a goodbye may take to be heard. */
const goodbyeGraceMs = 3000;
/** What the agent may still say to the end before it takes its leave. */
const longestLastWordsMs = 1500;

/**
 * The agent wants to hang up.
 *
 * @returns undefined when the person is speaking: they are to be heard out first
 */
export function endCall(state: Conversation): Step | undefined {
  if (state.isPersonSpeaking) return undefined;
  const why = state.outcomeStatus === 'voicemail' ? 'voicemail' : 'said_goodbye';
  return step(
    {
      ...state,
      mode: 'ending',
      slot: unwanted(state.slot),
      owesReply: false,
      ending: { endReason: endReason('agent', why), isGoodbyeAsked: false, isRevocable: true },
    },
    { type: 'start-timer', name: 'goodbye', ms: unheardMs(state.playback) + 2 * goodbyeGraceMs },
  );
}

/** Hangs up once the goodbye has been said and heard; asks for one when the agent said nothing. */
export function checkEnding(state: Conversation): Step {
  if (state.mode !== 'ending' || state.ending === null) return step(state);
  if (isBusy(state.slot) || state.slot.waiting !== null || state.isPersonSpeaking) return step(state);
  if (!isQuiet(state.playback)) return step(state);
  const isVoicemail = state.ending.endReason.why === 'voicemail';
  if (state.agentSpokeLast || isVoicemail) {
    return followedBy(step(state, { type: 'stop-timer', name: 'goodbye' }), endNow);
  }
  if (state.ending.isGoodbyeAsked) return step(state);
  const asked = ask(
    { ...state, ending: { ...state.ending, isGoodbyeAsked: true } },
    state.ending.goodbyeWords ?? sayGoodbye,
    true,
  );
  return followedBy(asked, (next) =>
    step(next, { type: 'start-timer', name: 'goodbye', ms: 3 * goodbyeGraceMs }),
  );
}

/**
 * The call ends for good, once the agent has said so. What it says in the same breath will do, unless it has to be
 * these very words.
 *
 * @param words what the agent is told to say
 * @param isSaidAnyway also when it has just spoken
 */
export function closeCall(state: Conversation, reason: EndReason, words: string, isSaidAnyway = false): Step {
  if (state.mode === 'over') return step(state);
  const closing: Conversation = {
    ...state,
    mode: 'ending',
    owesReply: false,
    slot: unwanted(state.slot),
    agentSpokeLast: state.agentSpokeLast && !isSaidAnyway,
    ending: {
      endReason: reason,
      isGoodbyeAsked: isSaidAnyway,
      isRevocable: false,
      goodbyeWords: words,
    },
  };
  const ms = unheardMs(state.playback) + 4 * goodbyeGraceMs;
  const timed = step(closing, { type: 'start-timer', name: 'goodbye', ms });
  return isSaidAnyway ? followedBy(timed, (next) => askToLeave(next, words)) : timed;
}

/** What the ending was for: the hang-up, or the other phone that takes the call. */
export function endNow(state: Conversation): Step {
  if (state.mode === 'over' || state.ending === null) return step(state);
  const { endReason: reason } = state.ending;
  return reason.why === 'transferred'
    ? step({ ...state, mode: 'away', ending: null, owesReply: false }, { type: 'put-through' })
    : step({ ...state, mode: 'over' }, { type: 'hang-up', endReason: reason });
}

/** The other phone did not take the call. The person hears so once the media stream is there again. */
export function transferFailed(state: Conversation): Step {
  return state.mode === 'away' ? step({ ...state, mode: 'talking', atReturn: sayNobodyTook }) : step(state);
}

/** The call has to end whatever is being said: the agent says so and takes its leave. */
export function takeLeave(state: Conversation, reason: EndReason, now: number): Step {
  if (state.mode === 'over' || state.mode === 'ending' || state.mode === 'away') return step(state);
  if (state.mode === 'voicemail') return leaveRecorder(state, reason);
  const words = reason.why === 'transferred' ? sayConnecting : sayLeave;
  const leaving: Conversation = {
    ...state,
    mode: 'ending',
    agentSpokeLast: false,
    ending: { endReason: reason, isGoodbyeAsked: true, goodbyeWords: words, isRevocable: false },
  };
  // Whoever has much left to say is cut short, or the goodbye would come too late to be heard.
  const isLongWinded = isBusy(state.slot) || unheardMs(state.playback) > longestLastWordsMs;
  if (!isLongWinded) return askToLeave(leaving, words);
  return followedBy(followedBy(dropPlayback(leaving, now, false), dropResponse), (next) =>
    askToLeave(next, words),
  );
}

/** What the agent says while the person speaks is not heard: then it is the answer to them that is to be the goodbye. */
function askToLeave(state: Conversation, words: string): Step {
  return state.isPersonSpeaking ? step(state, standing(words)) : ask(state, words, true);
}

/**
 * The person talks into a goodbye that stands. Voice detection has the model answer them, and that answer is the last
 * that they hear: it is to be the goodbye.
 */
export function goodbyeStands({ ending, isPersonSpeaking }: Conversation): readonly Command[] {
  const words = ending?.isRevocable === false && !isPersonSpeaking ? ending.goodbyeWords : undefined;
  return words === undefined ? [] : [standing(words)];
}

function standing(words: string): Command {
  const text = `[The person talks into this. Answer them in a few words at most; then it stands: ${words}]`;
  return { type: 'add-text', role: 'system', text };
}

/** A recorder is not taken leave of. What remains of the time may be enough for the message. */
function leaveRecorder(state: Conversation, reason: EndReason): Step {
  if (reason.by === 'limit') return step(state);
  return step({ ...state, mode: 'over' }, { type: 'clear-carrier' }, { type: 'hang-up', endReason: reason });
}

const sayGoodbye = 'Say a short goodbye now and nothing else. Call no tool.';
const sayConnecting =
  'The call is handed over to your client now. Say in one short sentence that you are connecting the person. Call no tool.';
const sayNobodyTook =
  'Your client could not be reached, so the person is back with you. Tell them so in one short sentence, and go on: offer to take a message, or pursue your goal.';
const sayLeave =
  'This call has to end now. Say in one or two short sentences that you have to end the call, thank the person, and say goodbye. Call no tool.';
