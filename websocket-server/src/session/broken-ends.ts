import { brokenOff } from './answerer.ts';
import { ask } from './ask.ts';
import type { Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { dropPlayback, fromTurns, msPerLetter, settleHeard } from './heard-turns.ts';
import { isQuiet } from './playback.ts';
import * as slots from './response-slot.ts';
import * as turns from './turns.ts';
import type { OpenTurn } from './turns.ts';

/** The model is gone: what it said is said, what it was about to say is lost. */
export function voiceLost(state: Conversation): Step {
  if (state.mode === 'over') return step(state);
  let next = step({
    ...state,
    answerer: brokenOff(state.answerer, state.slot.active),
    isVoiceless: true,
    isPersonSpeaking: false,
    slot: slots.abandoned(state.slot),
    owesReply: state.owesReply || slots.isBusy(state.slot) || state.isPersonSpeaking,
  });
  for (const [itemId, turn] of state.turns.open) {
    next = followedBy(next, (now) => endLostTurn(now, itemId, turn));
  }
  return followedBy(next, settleHeard);
}

/** No more words or audio of an open turn will come. */
function endLostTurn(state: Conversation, itemId: string, turn: OpenTurn): Step {
  if (turn.speaker === 'person') {
    const words = turns.wordsCompleted(state.turns, itemId, turn.text || '[inaudible]');
    return fromTurns(state, turns.turnEnded(words, itemId));
  }
  const item = state.playback.items.find((played) => played.itemId === itemId);
  if (item === undefined) return fromTurns(state, turns.turnEnded(state.turns, itemId, 0));
  if (turn.isAudioEnded) return step(state);
  const said = turns.cutText(turn.text, item.sentMs / Math.max(item.sentMs, turn.text.length * msPerLetter));
  const completed = turns.audioEnded(turns.wordsCompleted(state.turns, itemId, said), itemId);
  return step({ ...state, turns: completed, brokenOff: said });
}

/** The carrier's socket is gone, and with it all that the person had not heard. */
export function streamLost(state: Conversation, now: number): Step {
  const [playing] = state.playback.items;
  const said = playing === undefined ? undefined : state.turns.open.get(playing.itemId)?.text;
  const brokenOff = isQuiet(state.playback) ? state.brokenOff : (said ?? state.brokenOff);
  return followedBy(dropPlayback({ ...state, brokenOff }, now, false), dropResponse);
}

/** What the agent is about cannot be heard: it is taken back, and asked for anew when there is a stream again. */
export function dropResponse(state: Conversation): Step {
  const { active } = state.slot;
  const owesReply = state.owesReply || slots.isBusy(state.slot) || state.slot.waiting !== null;
  const dropped = { ...state, owesReply, slot: slots.unwanted(state.slot) };
  if (active === null) return step(dropped);
  return step(
    { ...dropped, barred: [...state.barred, active] },
    { type: 'cancel-response', responseId: active },
  );
}

/** Both ends are there again. */
export function resume(state: Conversation): Step {
  const { brokenOff, atReturn } = state;
  if (state.mode === 'away') return step(state);
  if (atReturn !== null) return ask({ ...state, brokenOff: null, atReturn: null }, atReturn, true);
  if (brokenOff !== null) return ask({ ...state, brokenOff: null }, goOnFrom(brokenOff));
  return state.owesReply ? ask(state) : step({ ...state, activity: state.activity + 1 });
}

function goOnFrom(words: string): string {
  return `A technical fault cut you off after the words: "${words}". Go on from there in a few words. Do not greet again and do not start over.`;
}
