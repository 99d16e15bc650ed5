import type { CallEvent, CallHint } from '../../websocket-server/src/call/call-event.ts';
import { isRecord } from './is-record.ts';

/** One message of the server's `/logs` socket. */
export type FeedFrame =
  | { readonly type: 'event'; readonly position: number; readonly event: CallEvent }
  | { readonly type: 'caught-up' }
  | { readonly type: 'hint'; readonly hint: CallHint };

/** @returns undefined for anything that is not a frame known here: a newer server may say more */
export function parseFeedFrame(data: unknown): FeedFrame | undefined {
  if (typeof data !== 'string') return undefined;
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (!isRecord(frame)) return undefined;
  switch (frame.type) {
    case 'event':
      return Number.isSafeInteger(frame.position) && isEvent(frame.event) ? (frame as FeedFrame) : undefined;
    case 'hint':
      return isHint(frame.hint) ? (frame as FeedFrame) : undefined;
    case 'caught-up':
      return { type: 'caught-up' };
    default:
      return undefined;
  }
}

function isEvent(event: unknown): boolean {
  return (
    isRecord(event) &&
    typeof event.type === 'string' &&
    typeof event.callId === 'string' &&
    Number.isSafeInteger(event.sequence) &&
    Number.isFinite(event.at)
  );
}

function isHint(hint: unknown): boolean {
  if (!isRecord(hint)) return false;
  if (hint.type === 'turn-growing') return typeof hint.turnId === 'string' && typeof hint.text === 'string';
  return hint.type === 'loudness-heard' && isLoudness(hint);
}

function isLoudness({ fromAt, stepMs, person, agent }: Record<string, unknown>): boolean {
  return (
    Number.isFinite(fromAt) &&
    Number(stepMs) > 0 &&
    typeof person === 'string' &&
    typeof agent === 'string' &&
    person.length === agent.length
  );
}
