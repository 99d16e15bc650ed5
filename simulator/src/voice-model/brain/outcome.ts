import { goalPhrase } from './phrasing.ts';
import type { Agreed } from './phrasing.ts';
import { sentencesOf } from '../sentences.ts';
import type { Fact, Knowledge } from './knowledge.ts';
import type { Progress } from './progress.ts';
import { isSameTime, timesIn } from './times.ts';
import { meaningsOf, quoteOf } from './understanding.ts';

export type Status = 'confirmed' | 'failed' | 'human_escalation' | 'no_answer' | 'voicemail';

export interface Entity {
  readonly name: string;
  readonly value: string | null;
  readonly status: 'stated' | 'inferred' | 'not_established' | 'conflicting';
  /** The person's own words. */
  readonly quote: string | null;
}

export interface Outcome {
  readonly status: Status;
  readonly summary: string;
  readonly entities: readonly Entity[];
}

/** @returns the value that the client gave for something, or that its goal implies */
export function factNamed({ facts, implied }: Knowledge, name: RegExp): Fact | undefined {
  return facts.find(({ key }) => name.test(key)) ?? implied.find(({ key }) => name.test(key));
}

export function wantedTime(knowledge: Knowledge): string | undefined {
  return factNamed(knowledge, /\btime\b/)?.value;
}

export function isBooking({ goal = '' }: Knowledge): boolean {
  return /\b(?:book|reserv|appointment|table|schedule|order|rent)\w*/i.test(goal);
}

/** A goal that asks to be told something. */
export function isInquiry({ goal = '' }: Knowledge): boolean {
  return /^(?:please )?(?:ask|find out|check|inquire|enquire|what|when|where|which|who|how|is|are|do|does|verify|see if)\b/i.test(
    goal,
  );
}

/** @returns the name that a booking goes under */
export function clientName(knowledge: Knowledge): string | undefined {
  return factNamed(knowledge, /^(?:name|.*\b(?:client|guest|customer|full|last|reservation) name)$/)?.value;
}

/** What has been agreed so far: the client's wishes, as far as the person changed or named them. */
export function agreed(knowledge: Knowledge, progress: Progress): Agreed {
  if (!isBooking(knowledge)) {
    return {
      date: undefined,
      time: progress.acceptedTime,
      partySize: undefined,
      name: undefined,
      number: numberIn(progress)?.value ?? undefined,
    };
  }
  return {
    date: factNamed(knowledge, /\b(?:date|day|when)\b/)?.value,
    time: confirmedTime(knowledge, progress)?.value ?? wantedTime(knowledge),
    partySize: factNamed(knowledge, /\b(?:party|people|persons|guests|size)\b/)?.value,
    name: clientName(knowledge),
    number: numberIn(progress)?.value ?? undefined,
  };
}

/** What came of the goal, from what was heard. */
export function outcomeOf(status: Status, knowledge: Knowledge, progress: Progress): Outcome {
  return {
    status,
    summary: summaryOf(status, knowledge, progress),
    entities: status === 'no_answer' || status === 'voicemail' ? [] : entitiesOf(status, knowledge, progress),
  };
}

/** The status that a call has earned so far, for whoever asks before it is over. */
export function statusSoFar(knowledge: Knowledge, progress: Progress): Status {
  if (progress.voicemail !== 'none') return 'voicemail';
  if (progress.said.length === 0) return 'no_answer';
  if (progress.said.some((text) => meaningsOf(text).has('escalation'))) return 'human_escalation';
  if (progress.confirmations.length > 0) return 'confirmed';
  return isInquiry(knowledge) && answersIn(knowledge, progress).length > 0 ? 'confirmed' : 'failed';
}

/** What an inquiry was answered with: the statements that are more than small talk, turn by turn. */
export function answersIn(knowledge: Knowledge, progress: Progress): string[] {
  if (!isInquiry(knowledge) || !progress.hasOpened) return [];
  return progress.said.map(tellingPart).filter((text) => text !== '');
}

const smallTalk = [
  'greeting',
  'hold',
  'screening',
  'robot',
  'question',
  'goodbye',
  'voicemail',
  'menu',
  'anything-else',
] as const;

/** @returns the sentences that say something about the matter */
export function tellingPart(text: string): string {
  const telling = sentencesOf(text).filter((sentence) => {
    const meanings = meaningsOf(sentence);
    return sentence.split(' ').length > 2 && !smallTalk.some((meaning) => meanings.has(meaning));
  });
  return telling.join(' ');
}

function summaryOf(status: Status, knowledge: Knowledge, progress: Progress): string {
  const last = progress.said.at(-1);
  if (knowledge.goal === undefined && status !== 'no_answer' && status !== 'voicemail') {
    return last === undefined ? 'Nobody said anything.' : `Took a message. The person said last: "${last}"`;
  }
  const wanted = goalPhrase(knowledge.goal ?? '').replace(/\bmy client\b/g, 'the client');
  switch (status) {
    case 'confirmed': {
      const { number, time } = agreed(knowledge, progress);
      const answer = answersIn(knowledge, progress).at(-1);
      if (answer !== undefined) return `The errand was: ${knowledge.goal ?? ''} The answer: "${answer}"`;
      const wantedAt = wantedTime(knowledge);
      const isChanged = time !== undefined && wantedAt !== undefined && !isSameTime(time, wantedAt);
      const changed = isChanged
        ? ` The time is ${time} instead of ${wantedAt}, which was not available.`
        : '';
      const numbered = number === undefined ? '' : ` The confirmation number is ${number}.`;
      if (progress.confirmations.length > 0) {
        return `The person confirmed the request to ${wanted}.${changed}${numbered}`;
      }
      const told = progress.said.map(tellingPart).findLast((text) => text !== '');
      return `The person dealt with the request to ${wanted}${told === undefined ? '.' : `, and said: "${told}"`}`;
    }
    case 'failed':
      return `The request to ${wanted} was not met.${last === undefined ? '' : ` The person said last: "${last}"`}`;
    case 'human_escalation':
      return `Someone else has to deal with the request to ${wanted}.${last === undefined ? '' : ` The person said: "${last}"`}`;
    case 'no_answer':
      return 'The call was answered, but nobody spoke.';
    case 'voicemail':
      return progress.intents.includes('message') || knowledge.voicemailMessage !== undefined
        ? 'A voicemail answered; the message was left.'
        : 'A voicemail answered; no message was left.';
  }
}

function entitiesOf(status: Status, knowledge: Knowledge, progress: Progress): Entity[] {
  const confirmation = progress.confirmations.at(-1);
  const entities: Entity[] = [];
  const number = numberIn(progress);
  if (number) entities.push(number);
  const time =
    isBooking(knowledge) || progress.acceptedTime !== undefined
      ? confirmedTime(knowledge, progress)
      : undefined;
  if (time) entities.push(time);
  const answer = answersIn(knowledge, progress).at(-1);
  if (answer !== undefined) entities.push({ name: 'answer', value: answer, status: 'stated', quote: answer });
  if (!isBooking(knowledge)) return entities;
  const { date, partySize, name } = agreed(knowledge, progress);
  for (const [entity, value] of Object.entries({ date, party_size: partySize, name })) {
    if (value === undefined) continue;
    const saying = progress.said.findLast((text) => text.toLowerCase().includes(value.toLowerCase()));
    if (saying !== undefined) {
      entities.push({
        name: entity,
        value,
        status: 'stated',
        quote: quoteOf(saying, new RegExp(escaped(value), 'i')),
      });
    } else if (
      confirmation !== undefined &&
      status === 'confirmed' &&
      progress.told.includes(value.toLowerCase())
    ) {
      entities.push({
        name: entity,
        value,
        status: 'inferred',
        quote: quoteOf(confirmation, /confirm|booked|reserved|set|see you/i),
      });
    } else {
      entities.push({ name: entity, value: null, status: 'not_established', quote: null });
    }
  }
  return entities;
}

const digitWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'oh'];
const numberPattern = new RegExp(
  String.raw`\b(?:[Cc]onfirmation|[Rr]eference|[Bb]ooking|[Rr]eservation|[Oo]rder|[Tt]icket|[Cc]ase)\b[^.?!\d]{0,25}?\s(?<code>(?:[A-Z]{1,3}[- ]?)?\d[\d -]*\d|\d|[A-Z]+\d[A-Z\d]*|(?:(?:${digitWords.join('|')})[ ,-]*){2,})`,
);

function numberIn({ said }: Progress): Entity | undefined {
  for (const text of said.toReversed()) {
    const code = numberPattern
      .exec(text)
      ?.groups?.['code']?.trim()
      .replace(/[ ,-]+$/, '');
    if (code === undefined || code === '' || timesIn(text).some((time) => time.text.startsWith(code)))
      continue;
    const words = code.toLowerCase().split(/[ ,-]+/);
    const isSpelt = words.every((word) => digitWords.includes(word));
    const digits = isSpelt ? words.map((word) => digitWords.indexOf(word) % 10).join('') : code;
    const value = digits.replace(/(?<=\b\d) (?=\d\b)/g, '');
    return { name: 'confirmation_number', value, status: 'stated', quote: quoteOf(text, code) };
  }
  return undefined;
}

/** The time that holds: the accepted one, or the one that the confirmation names, or what was asked for. */
function confirmedTime(knowledge: Knowledge, progress: Progress): Entity | undefined {
  const confirmation = progress.confirmations.at(-1);
  const named = confirmation === undefined ? undefined : timesIn(confirmation)[0]?.text;
  const expected = progress.acceptedTime ?? wantedTime(knowledge);
  if (named !== undefined && confirmation !== undefined) {
    const isExpected = expected === undefined || isSameTime(named, expected);
    return {
      name: 'time',
      value: named,
      status: isExpected ? 'stated' : 'conflicting',
      quote: quoteOf(confirmation, named),
    };
  }
  const saying =
    expected === undefined ? undefined : progress.said.findLast((text) => isSaid(expected, text));
  if (
    expected !== undefined &&
    saying !== undefined &&
    (progress.acceptedTime !== undefined || confirmation !== undefined)
  ) {
    return {
      name: 'time',
      value: expected,
      status: 'stated',
      quote: quoteOf(saying, timeAsSaid(expected, saying)),
    };
  }
  if (expected === undefined || confirmation === undefined) return undefined;
  return { name: 'time', value: expected, status: 'inferred', quote: confirmation };
}

function isSaid(time: string, text: string): boolean {
  return timesIn(text).some((said) => isSameTime(said.text, time));
}

function timeAsSaid(time: string, text: string): string {
  return timesIn(text).find((said) => isSameTime(said.text, time))?.text ?? time;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
