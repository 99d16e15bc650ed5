import type { CallEvent, CallHint } from '../../websocket-server/src/call/call-event.ts';
import type { Loudness } from '../../websocket-server/src/call/loudness.ts';

/** How loud both parties of a call were, in pieces of time, each part in order. */
export interface CallLoudness {
  readonly kept: readonly Loudness[];
  /** Told as it happened, until it comes as kept. */
  readonly latest: readonly Loudness[];
}

export const noLoudness: CallLoudness = { kept: [], latest: [] };

/** The loudness after one more event or live hint; the same object when that has none in it. */
export function foldLoudness(before: CallLoudness, told: CallEvent | CallHint): CallLoudness {
  if (told.type === 'loudness-noted') {
    const { fromAt, stepMs, person, agent } = told;
    const piece = { fromAt, stepMs, person, agent };
    return {
      kept: [...before.kept, piece],
      latest: before.latest.filter((one) => endOf(one) > endOf(piece)),
    };
  }
  if (told.type !== 'loudness-heard') return before;
  const { fromAt, stepMs, person, agent } = told;
  const last = before.latest.at(-1);
  const newest = last ?? before.kept.at(-1);
  // Told again after a reconnection, or already kept.
  if (newest !== undefined && fromAt < endOf(newest)) return before;
  const follows = last !== undefined && last.stepMs === stepMs && fromAt === endOf(last);
  // Short pieces, so that each is soon done with once it is kept.
  if (!follows || last.person.length >= longestPiece) {
    return { ...before, latest: [...before.latest, { fromAt, stepMs, person, agent }] };
  }
  const grown = { ...last, person: last.person + person, agent: last.agent + agent };
  return { ...before, latest: [...before.latest.slice(0, -1), grown] };
}

const longestPiece = 10;

function endOf({ fromAt, stepMs, person }: Loudness): number {
  return fromAt + stepMs * person.length;
}
