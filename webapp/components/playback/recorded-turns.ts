import type { TimelineBar } from '../timeline/call-timeline.ts';

/** Where a turn stands in the recording, in ms since its beginning. */
export interface RecordedTurn {
  readonly turnId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A turn is played from a little before it: nobody's clock is exact. */
const leadMs = 250;

/**
 * The turns that can be heard in a recording.
 *
 * @param startsAtMs when the recording began, ms since the answer
 */
export function recordedTurns(bars: readonly TimelineBar[], startsAtMs: number): readonly RecordedTurn[] {
  return bars
    .map(({ turnId, fromMs, toMs }) => ({ turnId, fromMs: fromMs - startsAtMs, toMs: toMs - startsAtMs }))
    .filter(({ toMs }) => toMs > 0)
    .map((turn) => ({ ...turn, fromMs: Math.max(0, turn.fromMs - leadMs) }))
    .toSorted((one, other) => one.fromMs - other.fromMs);
}

/** The turn that is heard at a moment of the recording: the later one, where two lie over each other. */
export function turnAt(turns: readonly RecordedTurn[], atMs: number): string | undefined {
  return turns.findLast(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)?.turnId;
}
