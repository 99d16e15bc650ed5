import type { Brain, Reply } from './brain.ts';
import { anHourAfter, factsIn, fromTheOtherSide, purposeIn } from './facts.ts';
import type { Facts } from './facts.ts';

type Question = 'party-size' | 'time' | 'name' | 'purpose' | 'preference';

/** Where the talk of someone at a business has come to. */
export interface BusinessState {
  /** All that the other has said. */
  readonly heard: string;
  /** Each question is asked once: an answer that is not understood is no reason to ask forever. */
  readonly asked: readonly Question[];
  readonly phase: 'open' | 'offered' | 'settled' | 'leaving';
  /** The time offered in place of the one that is full, and what else is known by then. */
  readonly offer?: Facts;
}

export interface BusinessOptions {
  readonly greeting: string;
  /** Nothing is free at the time asked for: another time is offered. */
  readonly isFull?: boolean;
  /** Asks, before anything is settled, what only the client of the one who calls can tell. */
  readonly asksPreference?: boolean;
}

const seatQuestion = 'That is possible. Would your client like to sit inside, or outside on the terrace?';
const replyQuestion = 'I can do that. Would your client like to hear from us by post, or not at all?';
const confirmation = 'Your confirmation number is 4 7 1 2.';

const isGoodbye =
  /\b(?:good\s?-?bye|bye|have a (?:nice|good|great|lovely|wonderful) (?:day|evening|night|one|weekend))\b/iu;
const isDone =
  /\b(?:no|nope|that is all|that's all|that will be all|nothing else|that's it|that is it|thank you|thanks)\b/iu;
const isYes =
  /\b(?:yes|yeah|sure|ok|okay|perfect|great|good|fine|works?|accept|please|take (?:it|that)|book (?:it|that)|sounds)\b/iu;
const isNo = /\b(?:no|not|cannot|can't|does not|doesn't|won't|unfortunately|afraid)\b/iu;
const isBooking = /\b(?:table|book|booking|reserve|reservation|appointment)\b/iu;
const isChange = /\b(?:move|change|cancel|reschedule|confirm)\b/iu;
const isTable = /\b(?:table|restaurant|dinner|lunch|brunch|reservation|party)\b/iu;
const isHearingTest = /\b(?:can you hear|do you hear|hear me|test(?:ing)?|sound check)\b/iu;
const isAskingToWait =
  /\b(?:one (?:moment|second|minute)|just a (?:moment|second|minute)|hold on|hang on|bear with me|let me (?:check|ask))\b/iu;
const isPassingOn = /\bmy client says\b/iu;
const isGreetingOnly = /^\W*(?:hello|hi|hey|good (?:morning|afternoon|evening)|yes)?(?: there)?\W*$/iu;

/** Facts that any business has, made up and always the same. */
const answers: readonly (readonly [RegExp, string])[] = [
  [/\b(?:how much|price|cost|costs|fee|charge|quote|rate)\b/iu, 'It is 24 dollars and 50 cents, with tax.'],
  [
    /\b(?:stock|available|availability|do you (?:have|carry|sell)|if (?:they|you) (?:have|carry|sell))\b/iu,
    'Yes, we have that in stock. There are three left.',
  ],
  [
    /\b(?:open|opening|hours|close|closing)\b/iu,
    'We are open from 9 in the morning to 6 in the evening, Monday to Saturday.',
  ],
  [
    /\b(?:address|where are|located|location|directions)\b/iu,
    'We are at 12 Market Street, next to the library.',
  ],
  [/\b(?:parking|park)\b/iu, 'Yes, there is free parking behind the house.'],
  [
    /\b(?:order|delivery|repair|package|ready|status)\b/iu,
    'I see it here. It is ready, and can be picked up from tomorrow morning.',
  ],
];

/**
 * Someone who works at a business and can do what is asked: takes bookings, answers questions, notes
 * everything else.
 */
export function business(options: BusinessOptions): Brain<BusinessState> {
  return {
    greeting: options.greeting,
    start: { heard: '', asked: [], phase: 'open' },
    reply: (before, heard) => {
      const state = { ...before, heard: `${before.heard} ${inContext(before.asked.at(-1), heard)}`.trim() };
      const step = replyTo(options, state, heard);
      const isSettled = state.phase === 'open' && step.state.phase === 'settled';
      if (!isSettled || options.asksPreference !== true || state.asked.includes('preference')) return step;
      return ask(state, 'preference', isTable.test(state.heard) ? seatQuestion : replyQuestion);
    },
  };
}

/** A short answer means what it was asked for: "Smith" is a name, "four" a number of people. */
function inContext(asked: Question | undefined, heard: string): string {
  const bare =
    /^\W*(?:(?:it is|it's|that is|that's|for|at|under|yes,?|just) )*([\p{L}\p{N}:'-]+(?: [\p{L}'-]+)?)\W*$/iu.exec(
      heard,
    )?.[1];
  if (bare === undefined || isYes.test(bare) || isNo.test(bare)) return heard;
  if (asked === 'party-size') return `Party of ${bare}.`;
  if (asked === 'time') return `At ${bare}.`;
  return asked === 'name' ? `The name is ${bare[0]?.toUpperCase()}${bare.slice(1)}.` : heard;
}

interface Step {
  readonly state: BusinessState;
  readonly reply: Reply;
}

function replyTo({ isFull = false }: BusinessOptions, state: BusinessState, heard: string): Step {
  if (isGoodbye.test(heard))
    return leave(state, state.phase === 'leaving' ? 'Goodbye.' : 'Thank you for calling. Goodbye.');
  if (state.phase === 'leaving') return { state, reply: { say: '', afterwards: 'leave' } };
  if (isAskingToWait.test(heard) && heard.length < 80 && !isPassingOn.test(heard)) {
    return { state, reply: { say: 'Sure, take your time.', afterwards: 'wait' } };
  }
  if (state.phase === 'offered') return replyToOffer(state, heard);
  if (state.phase === 'settled') {
    const answer = answerTo(heard);
    if (answer === undefined || (isDone.test(heard) && !heard.includes('?'))) {
      return leave(state, 'Thank you for calling. Goodbye.');
    }
    return { state, reply: { say: answer } };
  }
  if (isGreetingOnly.test(heard) && heard !== '' && !state.asked.includes('purpose')) {
    return ask(state, 'purpose', 'Hello. What can I do for you?');
  }
  if (isBooking.test(state.heard) && !isChange.test(state.heard)) return replyToBooking(isFull, state);
  if (isHearingTest.test(heard))
    return settle(state, 'Yes, I can hear you loud and clear. The line is very good.');
  const purpose = purposeIn(state.heard);
  if (heard === '' && !state.asked.includes('purpose')) {
    return ask(state, 'purpose', 'Certainly. Could you tell me the details, please?');
  }
  if (isFull) return offer(state, factsIn(state.heard));
  const answer = answerTo(state.asked.at(-1) === 'preference' ? state.heard : heard);
  if (answer !== undefined) return settle(state, `Let me check. ${answer}`);
  if (purpose === undefined && !state.asked.includes('purpose')) {
    return ask(state, 'purpose', 'I see. And what can I do for you?');
  }
  const noted =
    purpose === undefined
      ? 'I have noted all that.'
      : `So you would like to ${fromTheOtherSide(purpose)}. Yes, that is done.`;
  return settle(state, `Sure, let me check. ${noted} ${confirmation}`);
}

/** Asks for what was not said yet, then confirms; a table needs a number of people. */
function replyToBooking(isFull: boolean, state: BusinessState): Step {
  const facts = factsIn(state.heard);
  const needsPartySize = isTable.test(state.heard);
  if (facts.time === undefined && !state.asked.includes('time')) {
    if (needsPartySize && facts.partySize === undefined) {
      const asked = { ...state, asked: [...state.asked, 'party-size'] as const };
      return ask(asked, 'time', 'Certainly. For how many people, and for what day and time?');
    }
    return ask(
      state,
      'time',
      facts.day === undefined ? 'Certainly. For what day and time?' : 'Certainly. At what time?',
    );
  }
  if (needsPartySize && facts.partySize === undefined && !state.asked.includes('party-size')) {
    return ask(state, 'party-size', 'Certainly. For how many people?');
  }
  if (isFull) return offer(state, facts);
  if (facts.name === undefined && !state.asked.includes('name')) {
    return ask(state, 'name', 'That is possible. What name shall I put it under?');
  }
  return settle(state, `Very good. ${bookedAs(facts, needsPartySize)} ${confirmation}`);
}

function offer(state: BusinessState, facts: Facts): Step {
  const wanted = [facts.time && `at ${facts.time}`, facts.day && `on ${facts.day}`].filter(Boolean).join(' ');
  const sorry = `I am sorry, we are fully booked ${wanted === '' ? 'at that time' : wanted.replace(/ on (today|tonight|tomorrow)/iu, ' $1')}.`;
  const time = anHourAfter(facts.time);
  const other = `I could offer you ${time} instead. Would that work?`;
  return {
    state: { ...state, phase: 'offered', offer: { ...facts, time } },
    reply: { say: `${sorry} ${other}` },
  };
}

function replyToOffer(state: BusinessState, heard: string): Step {
  if (isYes.test(heard) && !isNo.test(heard)) {
    const booked = bookedAs(state.offer ?? {}, isTable.test(state.heard));
    return settle(state, `Wonderful. ${booked} ${confirmation}`);
  }
  return settle(state, 'I understand. I am sorry that we have nothing else.');
}

function bookedAs({ partySize, time, day, name }: Facts, isForTable: boolean): string {
  const what = isForTable
    ? `a table${partySize === undefined ? '' : ` for ${partySize}`}`
    : 'your appointment';
  const when = [day && `on ${day}`, time && (time === 'an hour later' ? time : `at ${time}`)]
    .filter(Boolean)
    .join(' ');
  const whose = name === undefined ? '' : `, under the name ${name}`;
  return `That is ${`${what} ${when}`.trim().replace(/ on (today|tonight|tomorrow)/iu, ' $1')}${whose}.`;
}

function answerTo(heard: string): string | undefined {
  const found = answers.filter(([question]) => question.test(heard)).slice(0, 2);
  return found.length === 0 ? undefined : found.map(([, answer]) => answer).join(' ');
}

function ask(state: BusinessState, question: Question, words: string): Step {
  return { state: { ...state, asked: [...state.asked, question] }, reply: { say: words } };
}

function settle(state: BusinessState, words: string): Step {
  return { state: { ...state, phase: 'settled' }, reply: { say: `${words} Is there anything else?` } };
}

function leave(state: BusinessState, words: string): Step {
  return { state: { ...state, phase: 'leaving' }, reply: { say: words, afterwards: 'leave' } };
}
