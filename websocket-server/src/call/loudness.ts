/**
 * How loud both parties of a call were for a while. It tells that somebody spoke, and nothing of what.
 *
 * A letter per step and party, by the loudest sample in it: `A` for silence, then 1.5 dB more with each letter of the
 * alphabet, upper case before lower, up to `f`. The texts are as long as each other. No digits, so that nothing in it
 * can look like a number that somebody spoke.
 */
export interface Loudness {
  /** When its first step began, ms since 1970. */
  readonly fromAt: number;
  readonly stepMs: number;
  readonly person: string;
  readonly agent: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef';

/** The highest level there is; 0 is silence. */
export const loudestLevel = letters.length - 1;

/** @param levels whole numbers from 0 to `loudestLevel` */
export function loudnessText(levels: Iterable<number>): string {
  let text = '';
  for (const level of levels) text += letters[level] ?? 'A';
  return text;
}

/** The levels of a text; what is no letter of these is silence. */
export function loudnessLevels(text: string): readonly number[] {
  return Array.from(text, (letter) => Math.max(0, letters.indexOf(letter)));
}
