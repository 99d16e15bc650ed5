/** When a word is spoken, in ms from the start of its audio. */
export interface SpokenWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A stretch of voice between two pauses, in ms. */
export interface VoicedStretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** @returns the words of a text as they are captioned: what stands between spaces, that has a letter or digit */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

/**
 * Estimates when each word is spoken. Flite tells where it paused; if the pauses are those of the
 * punctuation, each phrase is shared out over its own stretch, else all words over all stretches.
 */
export function wordTimes(text: string, stretches: readonly VoicedStretch[]): SpokenWord[] {
  const words = wordsOf(text);
  const phrases = phrasesOf(words);
  if (phrases.length !== stretches.length) return sharedOut(words, stretches);
  return phrases.flatMap((phrase, i) => sharedOut(phrase, stretches.slice(i, i + 1)));
}

function phrasesOf(words: readonly string[]): string[][] {
  const phrases: string[][] = [];
  let open: string[] | undefined;
  for (const word of words) {
    if (open === undefined) phrases.push((open = []));
    open.push(word);
    if (/[,.;:!?]["')\]]*$/u.test(word)) open = undefined;
  }
  return phrases;
}

/** Gives each word a share of the voiced time that grows with its length. */
function sharedOut(words: readonly string[], stretches: readonly VoicedStretch[]): SpokenWord[] {
  const weights = words.map(lengthWhenSpoken);
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  const voicedMs = stretches.reduce((sum, stretch) => sum + stretch.endMs - stretch.startMs, 0);
  let before = 0;
  return words.map((text, i) => {
    const after = before + (weights[i] ?? 0);
    const startMs = Math.round(timeAfter((before / totalWeight) * voicedMs, stretches));
    const endMs = Math.round(timeAfter((after / totalWeight) * voicedMs, stretches));
    before = after;
    return { text, startMs, endMs };
  });
}

/** Where in the audio so many ms of voice have been heard. */
function timeAfter(voicedMs: number, stretches: readonly VoicedStretch[]): number {
  let left = voicedMs;
  for (const stretch of stretches) {
    const lengthMs = stretch.endMs - stretch.startMs;
    if (left <= lengthMs + 0.5) return stretch.startMs + left;
    left -= lengthMs;
  }
  return stretches.at(-1)?.endMs ?? 0;
}

/** A digit is a whole word when spoken. */
function lengthWhenSpoken(word: string): number {
  const letters = word.match(/\p{L}/gu)?.length ?? 0;
  const digits = word.match(/\p{N}/gu)?.length ?? 0;
  return 1 + letters + digits * 4;
}
