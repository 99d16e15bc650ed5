import type { Turn } from '../dialogue.ts';
import { optionsIn } from './menu.ts';
import { isSameTime } from './times.ts';
import { meaningsOf, offeredTime, withoutLifeCheck } from './understanding.ts';

/** Why the agent said something; kept with what it said. */
export type Intent =
  | 'opening'
  | 'introduction'
  | 'answer'
  | 'acceptance'
  | 'ask-for-more'
  | 'ask-to-confirm'
  | 'pardon'
  | 'nudge'
  | 'message'
  | 'goodbye'
  | 'told';

/** How far a call has come, seen from the dialogue alone. */
export interface Progress {
  /** All that has happened since the agent last spoke, acted, or chose to stay quiet. */
  readonly news: readonly Turn[];
  /** What the person said in the news. */
  readonly heard: string;
  readonly intents: readonly string[];
  readonly agentTurns: number;
  readonly hasOpened: boolean;
  /** The opening was cut off. */
  readonly isOpeningCut: boolean;
  /** The agent has stayed quiet since it last spoke. */
  readonly wasQuiet: boolean;
  readonly hasReported: boolean;
  readonly hasEnded: boolean;
  /** A machine takes messages: whether it has beeped since. */
  readonly voicemail: 'none' | 'greeting' | 'beeped';
  /** The other time that the agent accepted. */
  readonly acceptedTime: string | undefined;
  /** What the person said that confirms the goal. */
  readonly confirmations: readonly string[];
  /** What the person said, turn by turn. */
  readonly said: readonly string[];
  /** All that the agent said, in lower case. */
  readonly told: string;
}

export function progressOf(dialogue: readonly Turn[], wantedTime: string | undefined): Progress {
  // What was taken back before a word of it was heard has answered nothing.
  const lastOwn = dialogue.findLastIndex(
    (turn) => (turn.by === 'agent' && turn.text !== '') || turn.by === 'quiet' || turn.by === 'tool-call',
  );
  const news = dialogue.slice(lastOwn + 1);
  const agent = dialogue.filter((turn) => turn.by === 'agent');
  const openings = agent.filter(
    ({ intent, text }) => intent === 'opening' || /\bAI assistant calling\b/.test(text),
  );
  const lastSpoken = dialogue.findLastIndex(
    (turn) => turn.by === 'agent' || (turn.by === 'tool-call' && !isQuiet(turn)),
  );
  const said = dialogue.flatMap((turn) => (turn.by === 'person' && turn.text !== '' ? [turn.text] : []));
  const offers =
    openings.length === 0 ? [] : said.filter((text) => meaningsOf(text, wantedTime).has('offer'));
  const intents = agent.flatMap(({ intent }) => (intent === undefined ? [] : [intent]));
  const hasAccepted = agent.some(({ intent, text }) => intent === 'acceptance' && text !== '');
  const acceptedTime = hasAccepted
    ? offers.map((text) => offeredTime(text, wantedTime)).findLast((time) => time !== undefined)
    : undefined;
  return {
    news,
    heard: withoutLifeCheck(textOf(news)) || textOf(news),
    intents,
    agentTurns: agent.length,
    hasOpened: openings.some(({ text }) => text !== ''),
    isOpeningCut: openings.at(-1)?.isCut ?? false,
    wasQuiet: dialogue.slice(lastSpoken + 1).some(isQuiet),
    hasReported: calledTool(dialogue, 'report_outcome'),
    hasEnded: calledTool(dialogue, 'end_call'),
    voicemail: voicemailIn(dialogue),
    acceptedTime,
    confirmations: said.filter((text) => isConfirmation(text, wantedTime, acceptedTime)),
    said,
    told: agent.map(({ text }) => text.toLowerCase()).join(' '),
  };
}

function isQuiet(turn: Turn): boolean {
  return turn.by === 'quiet' || (turn.by === 'tool-call' && turn.name === 'stay_silent');
}

function isConfirmation(
  text: string,
  wantedTime: string | undefined,
  acceptedTime: string | undefined,
): boolean {
  const meanings = meaningsOf(text, wantedTime);
  if (!meanings.has('confirmation') || meanings.has('voicemail') || meanings.has('menu')) return false;
  if (!meanings.has('offer')) return true;
  // A confirmation that names the accepted time is none of an offer.
  return acceptedTime !== undefined && isSameTime(text, acceptedTime);
}

function textOf(turns: readonly Turn[]): string {
  return turns.flatMap((turn) => (turn.by === 'person' && turn.text !== '' ? [turn.text] : [])).join(' ');
}

function calledTool(dialogue: readonly Turn[], name: string): boolean {
  return dialogue.some((turn) => turn.by === 'tool-call' && turn.name === name);
}

function voicemailIn(dialogue: readonly Turn[]): Progress['voicemail'] {
  let voicemail: Progress['voicemail'] = 'none';
  for (const turn of dialogue) {
    if (turn.by === 'client' && /\b(?:voice ?mail|answering machine)\b/i.test(turn.text))
      voicemail = 'beeped';
    if (turn.by !== 'person') continue;
    const meanings = meaningsOf(turn.text);
    // The rest of a greeting may end in the beep; a hello behind the beep is somebody who picks up.
    const isTail = turn.sounds.includes('beep') && !meanings.has('greeting');
    if (meanings.has('voicemail')) voicemail = 'greeting';
    else if (turn.text !== '' && !isTail) voicemail = 'none';
    if (voicemail === 'greeting' && turn.sounds.includes('beep')) voicemail = 'beeped';
  }
  return voicemail;
}

/** @returns the keys pressed in answer to this very menu */
export function keysPressedFor(menu: string, dialogue: readonly Turn[]): string[] {
  const keys: string[] = [];
  let lastHeard = '';
  for (const turn of dialogue) {
    if (turn.by === 'person' && turn.text !== '') lastHeard = turn.text;
    if (turn.by !== 'tool-call' || turn.name !== 'press_digits' || !isSameMenu(lastHeard, menu)) continue;
    keys.push(/"digits":"([^"]*)"/.exec(turn.arguments)?.[1] ?? '');
  }
  return keys;
}

/** By what it offers: a menu that one comes back to may begin with other words. */
function isSameMenu(one: string, other: string): boolean {
  const offered = (text: string) =>
    optionsIn(text)
      .map(({ key, label }) => `${key} ${label}`)
      .join();
  return offered(one) === offered(other);
}
