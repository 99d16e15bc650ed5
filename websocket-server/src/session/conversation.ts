import { endReason } from '../call/end-reason.ts';
import { brokenOff } from './answerer.ts';
import { ask } from './ask.ts';
import { watchAuthority } from './authority-watch.ts';
import { resume, streamLost, voiceLost } from './broken-ends.ts';
import type { Conversation, ConversationInput, Step } from './conversation-state.ts';
import { followedBy, isKeptQuiet, step } from './conversation-state.ts';
import { checkEnding, endNow, goodbyeStands, takeLeave, transferFailed } from './ending.ts';
import { watchDisclosure } from './disclosure-watch.ts';
import { dropPlayback, endAgentTurns, fromTurns, settleHeard } from './heard-turns.ts';
import { ownerAnswered, ownerSilent, steered } from './owner.ts';
import { isQuiet, markReached, sent } from './playback.ts';
import { replyAfter, timeReply } from './reply-clock.ts';
import { inOneShape } from './one-shape.ts';
import * as slots from './response-slot.ts';
import { apologise, silenceOver, watchSilence } from './silence.ts';
import { toolCalled, toolFinished } from './tool-use.ts';
import * as turns from './turns.ts';
import {
  askWhoTalks,
  checkMessage,
  heardWhileLeaving,
  leaveMessage,
  messageOverdue,
  responseAtVoicemail,
  spokenAtVoicemail,
} from './voicemail.ts';
import { answererDetected, machineQuiet, watchMachine } from './who-answered.ts';

/** How long an outbound call waits for the person's first word before the agent greets. */
const greetingDelayMs = 1300;
const barredKept = 8;

type Growing = Extract<ConversationInput, { readonly type: 'agent-words-growing' | 'person-words-growing' }>;
const failuresBeforeApology = 1;

/**
 * The next state of a conversation, and what to do now.
 *
 * @param now monotonic ms
 */
export function converse(state: Conversation, input: ConversationInput, now: number): Step {
  // Most of what happens, and nothing that is watched below depends on it.
  if (input.type === 'agent-words-growing' || input.type === 'person-words-growing') {
    return wordsGrow(state, input.itemId, input.delta);
  }
  const first = decide(state, input, now);
  const decided = { state: inOneShape(first.state, state), commands: first.commands };
  const ended = followedBy(followedBy(decided, checkEnding), (next) => checkMessage(next, now));
  const watched = watchAuthority(state, watchDisclosure(state, ended));
  const next = inOneShape(watched.state, decided.state);
  return step(next, ...watched.commands, ...watchSilence(state, next), ...watchMachine(state, next));
}

/**
 * The audio path's one question: may this chunk be played? It is asked for each chunk, so it boxes nothing.
 *
 * @returns the state after playing it and the name of the mark to send behind it; undefined to drop the chunk
 */
export function playChunk(
  state: Conversation,
  itemId: string,
  responseId: string,
  ms: number,
  now: number,
): { readonly state: Conversation; readonly markName: string } | undefined {
  if (state.mode === 'away' || isMute(state) || state.isPersonSpeaking || state.barred.includes(responseId))
    return undefined;
  if (state.mode === 'voicemail' && state.answerer.messageResponse !== responseId) return undefined;
  const { playback, markName } = sent(state.playback, itemId, ms, now);
  const mode = state.mode === 'silent' || state.mode === 'greeting' ? 'talking' : state.mode;
  return {
    markName,
    state: inOneShape({
      ...state,
      mode,
      playback,
      owesReply: false,
      agentSpokeLast: true,
      playedResponse: responseId,
      reply: replyAfter(state, itemId, markName, now),
      failures: 0,
      retries: 0,
    }),
  };
}

/** Nothing of the agent is to be heard. */
function isMute(state: Conversation): boolean {
  return state.mode === 'over' || isKeptQuiet(state);
}

function decide(state: Conversation, input: Exclude<ConversationInput, Growing>, now: number): Step {
  switch (input.type) {
    case 'line-opened':
      return lineOpened(state, input.greets);
    case 'answerer-heard':
      return heardWhileLeaving(state, input.who, now);
    case 'answerer-detected':
      return isMute(state) ? step(state) : answererDetected(state, input.found, now);
    case 'speech-started':
      return personSpeaks(state, now);
    case 'speech-stopped':
      return personFellSilent(state, now);
    case 'item-added': {
      const { itemId, afterItemId, speaker } = input;
      if (speaker !== 'person') {
        return fromTurns(state, turns.itemAdded(state.turns, itemId, afterItemId, speaker));
      }
      const lastedMs = state.spokeAt === null ? undefined : Math.round(now - state.spokeAt);
      const added = fromTurns(
        { ...state, spokeAt: null },
        turns.itemAdded(state.turns, itemId, afterItemId, speaker, lastedMs),
      );
      return followedBy(
        followedBy(added, (next) => personFellSilent(next, now)),
        askWhoTalks,
      );
    }
    case 'person-words-settled': {
      const text = input.text ?? '[inaudible]';
      const completed = turns.wordsCompleted(state.turns, input.itemId, text);
      return fromTurns(state, turns.turnEnded(completed, input.itemId));
    }
    case 'agent-words-settled':
      return followedBy(
        step({ ...state, turns: turns.wordsCompleted(state.turns, input.itemId, input.text) }),
        settleHeard,
      );
    case 'audio-ended':
      return followedBy(step({ ...state, turns: turns.audioEnded(state.turns, input.itemId) }), settleHeard);
    case 'mark-reached': {
      const playback = markReached(state.playback, input.name, now);
      if (playback === state.playback) return step(state);
      const activity = isQuiet(playback) ? state.activity + 1 : state.activity;
      const timed = timeReply({ ...state, playback, activity }, input.name, now);
      return followedBy(followedBy(timed, settleHeard), pressKeysWhenHeard);
    }
    case 'response-started':
      return responseStarted(state, input.responseId, input.isAside);
    case 'response-ended':
      return input.isAside ? step(state) : responseEnded(state, input.responseId, input.status);
    case 'response-refused': {
      const { slot, send } = slots.refused(state.slot, input.requestId);
      return send
        ? step({ ...state, slot }, { type: 'request-response', ...send })
        : step({ ...state, slot });
    }
    case 'tool-called':
      return followedBy(toolCalled(state, input, now), pressKeysWhenHeard);
    case 'keys-pressed':
      return followedBy(keysPressed(state, input.toolCallId, input.problem), pressKeysWhenHeard);
    case 'digit':
      return followedBy(
        step(
          state,
          { type: 'record', happening: { type: 'digits-pressed', by: 'person', digits: input.digit } },
          { type: 'add-text', role: 'person', text: `[The person pressed ${input.digit} on the phone.]` },
        ),
        ask,
      );
    case 'timer':
      return timerRang(state, input.name, now);
    case 'voice-lost':
      return voiceLost(state);
    case 'voice-resumed':
      return voiceResumed({ ...state, isVoiceless: false }, now);
    case 'stream-lost':
      return streamLost(state, now);
    case 'stream-resumed':
      return state.isVoiceless ? step(state) : resume(state);
    case 'transfer-failed':
      return transferFailed(state);
    case 'owner-answered':
      return ownerAnswered(state, input.questionId, input.answer);
    case 'tools-changed':
      return step({ ...state, ownTools: input.ownTools });
    case 'tool-finished':
      return toolFinished(state, input.toolCallId, input.output);
    case 'steered':
      return followedBy(steered(state, input.steering, now), pressKeysWhenHeard);
    case 'leave':
      return takeLeave(state, input.endReason, now);
    case 'problem':
      return input.isFatal ? apologise(state) : step(state);
    // The voice line opens another session, and tells of that.
    case 'closed':
      return step(state);
    case 'line-closed':
      return lineClosed(state, now);
    case 'finished':
      return [...state.turns.open.keys()].reduce<Step>(
        (before, itemId) =>
          followedBy(before, (next) => fromTurns(next, turns.turnEnded(next.turns, itemId))),
        step({ ...state, mode: 'over' }),
      );
  }
}

function lineOpened(state: Conversation, greets: 'at-once' | 'after-a-moment'): Step {
  if (greets === 'at-once') return ask({ ...state, mode: 'talking' });
  // The carrier was quicker than the line: the machine is heard out.
  if (state.answerer.phase === 'machine') return step({ ...state, mode: 'silent' });
  return step({ ...state, mode: 'greeting' }, { type: 'start-timer', name: 'greeting', ms: greetingDelayMs });
}

/** Barge-in, when the agent is being heard; otherwise the person simply speaks. */
function personSpeaks(state: Conversation, now: number): Step {
  if (state.mode === 'over' || state.mode === 'away') return step(state);
  if (state.mode === 'voicemail') return spokenAtVoicemail(state, now);
  const barred = [...state.barred, state.slot.active, state.playedResponse].filter((id) => id !== null);
  const isTalkAgain = state.ending?.isRevocable === true && !isQuiet(state.playback);
  const isFinal = state.ending !== null && !isTalkAgain;
  const talking: Conversation = {
    ...state,
    slot: isFinal ? state.slot : slots.unwanted(state.slot),
    isPersonSpeaking: true,
    spokeAt: state.isPersonSpeaking ? state.spokeAt : now,
    reply: null,
    brokenOff: null,
    agentSpokeLast: false,
    owesReply: false,
    prompts: 0,
    barred: barred.slice(-barredKept),
    mode: state.mode === 'greeting' || isTalkAgain ? 'talking' : state.mode,
    ending: isTalkAgain ? null : state.ending,
    answerer: answererOf(state),
  };
  return followedBy(
    step(talking, { type: 'stop-timer', name: 'greeting' }, ...goodbyeStands(state)),
    (next) => dropPlayback(next, now, true),
  );
}

/** Whoever answers what the agent said is none of a voicemail, so far. */
function answererOf({ answerer, agentSpokeLast, playback }: Conversation): Conversation['answerer'] {
  const hasAnswered = answerer.hasAnswered || (agentSpokeLast && isQuiet(playback));
  const phase = hasAnswered && answerer.phase === 'machine' ? 'open' : answerer.phase;
  return { ...answerer, hasAnswered, phase };
}

/** Closes the agent's turns at what was heard of them; persons' words may still come. */
function lineClosed(state: Conversation, now: number): Step {
  const heard = new Set(state.playback.items.map((item) => item.itemId));
  const dropped = followedBy(dropPlayback(state, now, false), (next) => step({ ...next, mode: 'over' }));
  return followedBy(dropped, (next) => endAgentTurns(next, (itemId) => (heard.has(itemId) ? 1 : 0)));
}

function personFellSilent(state: Conversation, now: number): Step {
  if (!state.isPersonSpeaking) return step(state);
  const owesReply = state.mode !== 'silent' && state.mode !== 'voicemail' && !isMute(state);
  const reply = owesReply ? { stoppedAt: now } : null;
  return step({ ...state, isPersonSpeaking: false, owesReply, reply, activity: state.activity + 1 });
}

function voiceResumed(state: Conversation, now: number): Step {
  if (state.mode !== 'voicemail') return resume(state);
  const { phase, isMessageCut } = state.answerer;
  const isUnsaid = phase === 'message' && !state.agentSpokeLast && !isMessageCut;
  return isUnsaid ? leaveMessage(state, now) : step(state);
}

function wordsGrow(state: Conversation, itemId: string, delta: string): Step {
  const next = turns.wordsAdded(state.turns, itemId, delta);
  const turn = next.open.get(itemId);
  if (turn === undefined) return step(state);
  return step(inOneShape({ ...state, turns: next }), {
    type: 'hint',
    turnId: itemId,
    speaker: turn.speaker,
    text: turn.text,
  });
}

function responseStarted(state: Conversation, responseId: string, isAside: boolean): Step {
  if (isAside) return step(state);
  const slot = slots.started(state.slot, responseId);
  if (state.mode === 'voicemail') return responseAtVoicemail({ ...state, slot }, responseId);
  if (!state.isPersonSpeaking && !isKeptQuiet(state)) return step({ ...state, slot });
  const barred = [...state.barred, responseId].slice(-barredKept);
  return step({ ...state, slot, barred }, { type: 'cancel-response', responseId });
}

function responseEnded(
  state: Conversation,
  responseId: string,
  status: 'completed' | 'cancelled' | 'failed' | 'incomplete',
): Step {
  const holdsBack = state.isPersonSpeaking && state.ending === null;
  const { slot, send } = slots.ended(state.slot, responseId, holdsBack);
  const activity = state.activity + 1;
  const isUnheard = (itemId: string) => state.playback.items.every((item) => item.itemId !== itemId);
  const answerer = status === 'completed' ? state.answerer : brokenOff(state.answerer, responseId);
  const ended = followedBy(step({ ...state, slot, activity, answerer }), (next) =>
    status === 'completed'
      ? step(next)
      : endAgentTurns(next, (itemId) => (isUnheard(itemId) ? 0 : undefined)),
  );
  if (send) return followedBy(ended, (next) => step(next, { type: 'request-response', ...send }));
  // A message that broke off is said again by its own rule.
  if (status !== 'failed' || isMute(state) || answerer.isMessageCut) return ended;
  if (state.failures >= failuresBeforeApology) return followedBy(ended, apologise);
  return followedBy(ended, (next) => ask({ ...next, failures: next.failures + 1 }));
}

/** The agent's keys go out once it has been heard out, since pressing them replaces the media stream. */
function pressKeysWhenHeard(state: Conversation): Step {
  if (state.keysToPress === null || state.isPressing || !isQuiet(state.playback)) return step(state);
  return step({ ...state, isPressing: true }, { type: 'press-digits', ...state.keysToPress });
}

function keysPressed(state: Conversation, toolCallId: string | null, problem: string | undefined): Step {
  const output = problem ?? 'Pressed. Listen to what comes next.';
  const isTalk = problem === undefined && state.mode === 'talking';
  const pressed: Conversation = {
    ...state,
    keysToPress: state.keysAfter[0] ?? null,
    keysAfter: state.keysAfter.slice(1),
    isPressing: false,
    activity: state.activity + 1,
    ...(isTalk && { mode: 'silent', owesReply: false }),
  };
  if (toolCallId === null) return step(pressed);
  const told = step(
    pressed,
    { type: 'answer-tool', toolCallId, output },
    { type: 'record', happening: { type: 'tool-answered', toolCallId, output } },
  );
  return problem === undefined ? told : followedBy(told, ask);
}

function timerRang(
  state: Conversation,
  name: Extract<ConversationInput, { type: 'timer' }>['name'],
  now: number,
): Step {
  switch (name) {
    case 'greeting':
      return state.mode === 'greeting' ? ask({ ...state, mode: 'talking' }) : step(state);
    case 'machine':
      if (isMute(state)) return step(state);
      return state.answerer.phase === 'message' ? messageOverdue(state) : machineQuiet(state, now);
    case 'silence':
      return silenceOver(state);
    case 'wait':
      return apologise(state);
    case 'owner':
      return ownerSilent(state);
    case 'goodbye':
      return endNow(state);
    case 'time-nearly-up':
      return takeLeave(state, endReason('limit', 'max_duration'), now);
    case 'time-up':
      // A call that goes on at another phone has limits of its own.
      if (state.mode === 'away') return step(state);
      return endNow({
        ...state,
        ending: { endReason: endReason('limit', 'max_duration'), isGoodbyeAsked: true, isRevocable: false },
      });
  }
}
