import { sentencesOf } from '../sentences.ts';
import type { Fact, Knowledge } from './knowledge.ts';

const forms: readonly (readonly [RegExp, string])[] = [
  [/^(?:please|kindly)[,\s]+/i, ''],
  [/^(?:can|could|would|will) you (?:please )?/i, ''],
  [/^(?:i|we)(?:'d| would) like (?:you )?to\s+/i, ''],
  [/^(?:i|we) (?:want|need|wish) (?:you )?to\s+/i, ''],
  [/^(?:your (?:goal|task) is )?to\s+/i, ''],
  [/^(?:call|phone|ring)\b[^,.]*?\b(?:and|to)\s+(?=[a-z])/i, ''],
  [/[.!?\s]+$/, ''],
];

/** Spoken to them, and not by the client. */
const perspective: readonly (readonly [RegExp, string])[] = [
  [/\bthey're\b/gi, 'you are'],
  [/\b(?:they|them)\b/gi, 'you'],
  [/\btheir\b/gi, 'your'],
  [/\bmy\b/g, "my client's"],
  [/\bfor (?:me|us)\b/g, 'for my client'],
];

/** @returns the goal as it follows "I would like to", or a whole clause in `asks` or `wants` */
export function goalPhrase(goal: string): string {
  const [first = goal] = sentencesOf(goal);
  let phrase = first.trim();
  for (const [pattern, replacement] of forms) phrase = phrase.replace(pattern, replacement);
  for (const [pattern, replacement] of perspective) phrase = phrase.replace(pattern, replacement);
  const [word = ''] = phrase.split(' ');
  const isAcronym = word.length > 1 && word === word.toUpperCase();
  return isAcronym ? phrase : phrase.charAt(0).toLowerCase() + phrase.slice(1);
}

/** @returns what the agent wants, as a sentence in the first person */
export function wish(goal: string): string {
  const phrase = goalPhrase(goal);
  if (/^(?:what|when|where|which|who|whose|why|how|is|are|do|does|did|has|have)\b/i.test(phrase)) {
    return `I would like to ask: ${phrase}?`;
  }
  if (/^(?:an?|the|our|some|two|three|four|my client's)\s/i.test(phrase)) return `I would like ${phrase}.`;
  return `I would like to ${phrase}.`;
}

export function opening({ goal, facts, isRecorded }: Knowledge): string {
  const notice = isRecorded ? ', and this call is recorded' : '';
  if (goal === undefined) return `Hello, this is an AI assistant${notice}. How can I help you?`;
  return `Hello, this is an AI assistant calling for my client${notice}. ${wish(goal)}${details(facts, goal)}`;
}

/** The opening again, for someone who talked over it or was fetched. */
export function resumed({ goal, facts }: Knowledge): string {
  if (goal === undefined) return 'How can I help you?';
  return `I am an AI assistant calling for my client. ${wish(goal)}${details(facts, goal)}`;
}

/** Who and why in one sentence, for a screener. */
export function introduction({ goal }: Knowledge): string {
  if (goal === undefined) return 'This is an AI assistant calling for my client.';
  const wanted = wish(goal)
    .replace(/[.?]$/, '')
    .replace(/^I would like to ask: /, 'I would like to ask ');
  return `This is an AI assistant calling for my client, because ${wanted}.`;
}

/** What the goal has not said already. */
function details(facts: readonly Fact[], goal: string): string {
  const news = facts.filter(
    ({ key, value }) => !/phone|email|e-mail|address|card/.test(key) && !said(value, goal),
  );
  if (news.length === 0) return '';
  return ` The details are: ${news.map(({ key, value }) => `${key}, ${value}`).join('; ')}.`;
}

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function said(value: string, goal: string): boolean {
  const word = numberWords[Number(value)];
  if (word !== undefined && new RegExp(`\\b(?:${value}|${word})\\b`, 'i').test(goal)) return true;
  return value.length > 3 && goal.toLowerCase().includes(value.toLowerCase());
}

/** What has been agreed, said back once. */
export function readBack(agreed: Agreed): string {
  const parts = [
    agreed.date,
    agreed.time,
    agreed.partySize === undefined ? undefined : `for ${people(agreed.partySize)}`,
    agreed.name === undefined ? undefined : `under the name ${agreed.name}`,
    agreed.number === undefined ? undefined : `confirmation number ${agreed.number}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'So that is confirmed.' : `So that is confirmed: ${parts.join(', ')}.`;
}

/** `2` is spoken as `2 people`. */
export function people(partySize: string): string {
  if (partySize === '1' || partySize === 'one') return 'one person';
  return /^\S+$/.test(partySize) ? `${partySize} people` : partySize;
}

/** What a booking comes down to. */
export interface Agreed {
  readonly date: string | undefined;
  readonly time: string | undefined;
  readonly partySize: string | undefined;
  readonly name: string | undefined;
  readonly number: string | undefined;
}
