/** Digits as words, in the languages that telephone agents mostly speak. */
const spoken: readonly (readonly string[])[] = [
  ['zero', 'oh', 'null', 'zéro', 'cero'],
  ['one', 'eins', 'ein', 'un', 'uno'],
  ['two', 'zwei', 'zwo', 'deux', 'dos', 'due'],
  ['three', 'drei', 'trois', 'tres', 'tre'],
  ['four', 'vier', 'quatre', 'cuatro', 'quattro'],
  ['five', 'fünf', 'cinq', 'cinco', 'cinque'],
  ['six', 'sechs', 'seis', 'sei'],
  ['seven', 'sieben', 'sept', 'siete', 'sette'],
  ['eight', 'acht', 'huit', 'ocho', 'otto'],
  ['nine', 'neun', 'neuf', 'nueve', 'nove'],
];
const keyNames: Readonly<Record<string, readonly string[]>> = {
  '*': ['\\*', 'star', 'asterisk'],
  '#': ['#', 'pound', 'hash'],
};
/** What may stand between two digits, e.g. `4 7-1, 1`. */
const between = '[\\s.,;:/_–—-]*';

/**
 * Finds keys where they are written or said digit by digit, and nowhere inside a longer number or word.
 *
 * @param keys of `0-9 * #`; pauses (`w`, `W`) in it are left out
 */
export function patternOfDigits(keys: string): RegExp {
  const parts = [...keys.replaceAll(/[wW]/g, '')].map((key) => {
    const names = keyNames[key] ?? [key, ...(spoken[Number(key)] ?? [])];
    return `(?:${names.join('|')})`;
  });
  return new RegExp(`(?<![\\p{L}\\d])${parts.join(between)}(?![\\p{L}\\d])`, 'giu');
}
