import type { AnsweredBy } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import { ask } from './ask.ts';
import { dropResponse } from './broken-ends.ts';
import type { Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { dropPlayback } from './heard-turns.ts';
import { isQuiet } from './playback.ts';
import * as slots from './response-slot.ts';

/** How long a message may take to begin. */
const messagePatienceMs = 12_000;
/** Whoever talks so soon after a beep that nobody heard is still the greeting. */
const mayBeGreetingMs = 4000;
/** How long a message that was heard waits until it is known who talked into it. */
const talkPatienceMs = 6000;
const barredKept = 8;
/** A line so noisy that the model breaks off more often gets no whole message. */
const mostRepeats = 2;

/** The beep is over: the one message is asked for, and only its response will be heard. */
export function leaveMessage(state: Conversation, now: number): Step {
  return sayMessage(state, messageWords(state), now);
}

function messageWords({ answerer: { rule } }: Conversation): string {
  const message = rule.action === 'leave_message' ? rule.message : null;
  return message === null ? sayWhoCalled : `After the beep, say to the recorder word for word: "${message}"`;
}

function sayMessage(state: Conversation, words: string, now: number): Step {
  const leaving: Conversation = {
    ...state,
    mode: 'voicemail',
    isPersonSpeaking: false,
    agentSpokeLast: false,
    slot: slots.unwanted(state.slot),
    answerer: {
      ...state.answerer,
      phase: 'message',
      messageResponse: null,
      isMessageCut: false,
      messageSince: now,
      isTalkedInto: false,
    },
  };
  return followedBy(
    step(
      leaving,
      { type: 'add-text', role: 'system', text: `[${words}]` },
      { type: 'start-timer', name: 'machine', ms: messagePatienceMs },
    ),
    (next) => ask(next, words),
  );
}

/** Something is said while a voicemail is dealt with: its greeting goes on, or there is noise on the line. */
export function spokenAtVoicemail(state: Conversation, now: number): Step {
  const { phase, hasBeeped, messageSince, messageResponse } = state.answerer;
  const isGreeting = phase === 'greeting' || (!hasBeeped && now - messageSince < mayBeGreetingMs);
  if (!isGreeting) return talkedInto(state);
  const barred = [...state.barred, messageResponse, state.slot.active].filter((id) => id !== null);
  const listening: Conversation = {
    ...state,
    isPersonSpeaking: true,
    owesReply: false,
    slot: slots.unwanted(state.slot),
    barred: barred.slice(-barredKept),
    answerer: { ...state.answerer, phase: 'greeting', messageResponse: null },
  };
  return dropPlayback(listening, now, false);
}

/** Noise, or a human who has picked up: the message goes on, and does not end the call before that is known. */
function talkedInto(state: Conversation): Step {
  if (!state.agentSpokeLast) return step(state);
  const answerer = { ...state.answerer, isTalkedInto: true };
  return step({ ...state, answerer }, { type: 'start-timer', name: 'machine', ms: talkPatienceMs });
}

/** Whoever talked into the message has said something: the model, which heard it, is asked who that is. */
export function askWhoTalks(state: Conversation): Step {
  return state.mode === 'voicemail' && state.answerer.isTalkedInto
    ? step(state, { type: 'ask-who-answered' })
    : step(state);
}

/** The model says who talks into the message. A human gets to talk; everything else leaves the message to its end. */
export function heardWhileLeaving(state: Conversation, who: AnsweredBy, now: number): Step {
  const { mode, answerer } = state;
  if (mode !== 'voicemail' || answerer.phase !== 'message') return step(state);
  if (who !== 'human') return step({ ...state, answerer: { ...answerer, isTalkedInto: false } });
  const broken = followedBy(dropPlayback(state, now, true), dropResponse);
  return followedBy(broken, (next) => {
    const talking: Conversation = {
      ...next,
      mode: 'talking',
      agentSpokeLast: false,
      answerer: {
        ...next.answerer,
        verdict: 'human',
        isAgentSure: true,
        hasAnswered: true,
        phase: 'open',
        messageResponse: null,
        isTalkedInto: false,
      },
    };
    const noted = step(
      talking,
      { type: 'stop-timer', name: 'machine' },
      { type: 'record', happening: { type: 'answerer-identified', answeredBy: 'human', by: 'agent' } },
      { type: 'add-text', role: 'system', text: humanNote },
    );
    return followedBy(noted, (after) => ask(after, sayToHuman));
  });
}

/** Of the responses at a voicemail one is heard, as the message; all others are taken back. */
export function responseAtVoicemail(state: Conversation, responseId: string): Step {
  const { phase, messageResponse } = state.answerer;
  if (phase !== 'message' || messageResponse !== null) {
    const barred = [...state.barred, responseId].slice(-barredKept);
    return step({ ...state, barred }, { type: 'cancel-response', responseId });
  }
  const answerer = { ...state.answerer, messageResponse: responseId };
  return step({ ...state, answerer, slot: slots.unwanted(state.slot) });
}

/** Hangs up once the message has been said and heard; has one that broke off said again. */
export function checkMessage(state: Conversation, now: number): Step {
  const { phase, messageResponse, messageRepeats, isMessageCut, isTalkedInto } = state.answerer;
  if (state.mode !== 'voicemail' || phase !== 'message' || messageResponse === null) return step(state);
  if (isTalkedInto || state.isVoiceless) return step(state);
  if (state.slot.active === messageResponse || !isQuiet(state.playback)) return step(state);
  if (!isMessageCut) return state.agentSpokeLast ? leave(state, 'left') : step(state);
  if (messageRepeats >= mostRepeats) return leave(state, 'cut');
  const answerer = { ...state.answerer, messageRepeats: messageRepeats + 1 };
  return sayMessage({ ...state, answerer }, `${wasCut} ${messageWords(state)}`, now);
}

/** The message does not begin: the recorder is not left with silence. Nor with one that waits for what nobody tells. */
export function messageOverdue(state: Conversation): Step {
  if (state.mode !== 'voicemail') return step(state);
  if (!state.agentSpokeLast) return leave(state, state.answerer.messageRepeats > 0 ? 'cut' : 'none');
  return step({ ...state, answerer: { ...state.answerer, isTalkedInto: false } });
}

function leave(state: Conversation, message: keyof typeof sentences): Step {
  const reason = endReason('agent', 'voicemail', sentences[message]);
  const over = step({ ...state, mode: 'over' }, { type: 'stop-timer', name: 'machine' });
  return followedBy(over, (next) =>
    message === 'left'
      ? step(
          next,
          { type: 'record', happening: { type: 'message-left' } },
          { type: 'hang-up', endReason: reason },
        )
      : step(next, { type: 'hang-up', endReason: reason }),
  );
}

const sentences = {
  left: 'A voicemail answered, and a message was left.',
  cut: 'A voicemail answered, and only a part of the message could be left.',
  none: 'A voicemail answered, and the message could not be left.',
} as const;
const sayWhoCalled =
  'The voicemail has beeped and records. Leave one short message that says who called and why. Call no tool.';
const wasCut = 'Noise on the line cut your message off. Say all of it again from its first word.';
const humanNote =
  '[A human has picked up while you left the message, which was broken off. They know nothing of it. Go on with your goal as with anybody who answers the phone.]';
const sayToHuman =
  'A human has just picked up while you were talking to the voicemail. Answer what they said, say in a short sentence who is calling, and go on with your goal.';
