import { isRecord } from '../live/is-record.ts';

/** JSON set out in lines; anything else as it is. */
export function readableJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
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
