import { isRecord } from '../live/is-record.ts';

/** JSON set out in lines; anything else as it is. */
export function readableJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** True for what sets out to be JSON and is none. */
export function isBrokenJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

/** What the agent asked its owner with this tool; undefined for any other tool. */
export function questionAsked(turn: {
  readonly name: string;
  readonly arguments: string;
}): string | undefined {
  if (turn.name !== 'ask_owner') return undefined;
  try {
    const given: unknown = JSON.parse(turn.arguments);
    return isRecord(given) && typeof given.question === 'string' ? given.question : undefined;
  } catch {
    return undefined;
  }
}
