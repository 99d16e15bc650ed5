import type { Speaker } from '../../../websocket-server/src/call/call-event.ts';
import { loudnessLevels } from '../../../websocket-server/src/call/loudness.ts';
import type { CallLoudness } from '../../live/call-loudness.ts';

/** Levels up to this are the noise of a line, and drawn as silence: 36 dB below the loudest. */
const noise = 7;
/** A party that never gets louder than this, 18 dB below the loudest, is drawn as quiet as it is. */
const quietest = 19;
const decibelsPerLevel = 1.5;
/** Between what is measured and what is felt as loud. */
const flattening = 0.6;

/** The stretch of time that is drawn, in so many columns of equal width. Times in ms since 1970. */
export interface DrawnTime {
  readonly fromAt: number;
  readonly lengthMs: number;
  readonly columns: number;
}

/** How loud one party was in each column: 0 for silence, 1 for as loud as it ever was. */
export function loudnessColumns(
  { kept, latest }: CallLoudness,
  side: Speaker,
  { fromAt, lengthMs, columns }: DrawnTime,
): readonly number[] {
  const drawn: number[] = Array.from({ length: columns }, () => 0);
  const columnOf = (at: number) => ((at - fromAt) / lengthMs) * columns;
  const pieces = [...kept, ...latest].map((piece) => ({ ...piece, levels: loudnessLevels(piece[side]) }));
  const loudest = pieces.reduce((most, { levels }) => Math.max(most, ...levels), quietest);
  for (const piece of pieces) {
    for (const [index, level] of piece.levels.entries()) {
      if (level <= noise) continue;
      const height = 10 ** (((level - loudest) * decibelsPerLevel * flattening) / 20);
      const at = piece.fromAt + index * piece.stepMs;
      if (at + piece.stepMs <= fromAt) continue;
      const first = Math.max(0, Math.floor(columnOf(at)));
      // A step wider than a column fills each that it reaches halfway into.
      const end = Math.min(columns, Math.max(first + 1, Math.round(columnOf(at + piece.stepMs))));
      for (let column = first; column < end; column++) drawn[column] = Math.max(drawn[column] ?? 0, height);
    }
  }
  return drawn;
}

/** For how long one party was louder than the line from `fromAt` on, in ms: gaps between words do not count. */
export function loudMs({ kept, latest }: CallLoudness, side: Speaker, fromAt: number): number {
  return [...kept, ...latest].reduce((sum, piece) => {
    const isLoud = (level: number, index: number) =>
      level > noise && piece.fromAt + index * piece.stepMs >= fromAt;
    return sum + loudnessLevels(piece[side]).filter(isLoud).length * piece.stepMs;
  }, 0);
}

/** True when anything is known of how loud the call was. */
export function hasLoudness({ kept, latest }: CallLoudness): boolean {
  return kept.length + latest.length > 0;
}
