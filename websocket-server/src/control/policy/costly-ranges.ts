/**
 * Ranges of national numbers whose callers pay more than for a call: by calling code, as prefixes of the national
 * number. They stand beside libphonenumber's own types, whose data may lag behind a regulator.
 *
 * Sources: NANPA (900); Ofcom's National Telephone Numbering Plan (9, 871-873; 843-845, 870); Bundesnetzagentur,
 * Nummernplan Rufnummern (900, 137, 180); Arcep, plan de numérotage (81, 82, 89; 884); AGCOM, Piano di numerazione
 * (89, 144, 166, 899; 84); CNMC, plan nacional (803, 806, 807, 905; 901, 902); RTR, KEM-V (900, 901, 930, 931, 939;
 * 810, 820, 821, 828); BAKOM, numbering plan (900, 901, 906; 84); BIPT (90, 70); ACM (900, 906, 909); ACMA (190).
 */
const premium: Readonly<Record<string, readonly string[]>> = {
  '1': ['900'],
  '44': ['9', '871', '872', '873'],
  '49': ['900', '137'],
  '33': ['81', '82', '89'],
  '39': ['89', '144', '166'],
  '34': ['803', '806', '807', '905'],
  '43': ['900', '901', '930', '931', '939'],
  '41': ['900', '901', '906'],
  '32': ['90'],
  '31': ['900', '906', '909'],
  '61': ['190'],
};
const sharedCost: Readonly<Record<string, readonly string[]>> = {
  '44': ['843', '844', '845', '870'],
  '49': ['180'],
  '33': ['884'],
  '39': ['84'],
  '34': ['901', '902'],
  '43': ['810', '820', '821', '828'],
  '41': ['84'],
  '32': ['70'],
};

/**
 * Codes that belong to networks and services rather than to countries (ITU-T E.164 list of assigned country codes):
 * Inmarsat 870 (871 to 874 before), global mobile satellite 881, international networks 882 and 883; universal
 * personal numbers 878, premium rate 979, shared cost 808.
 */
const codesOfNetworks: readonly (readonly [RegExp, CostlyKind | 'satellite'])[] = [
  [/^\+(?:87[0-4]|88[123])/, 'satellite'],
  [/^\+(?:878|979)/, 'premium'],
  [/^\+808/, 'shared-cost'],
];

export type CostlyKind = 'premium' | 'shared-cost';

/** @param number E.164 */
export function networkCodeOf(number: string): CostlyKind | 'satellite' | undefined {
  return codesOfNetworks.find(([code]) => code.test(number))?.[1];
}

/** @param nationalNumber digits behind the calling code, without a leading zero */
export function costlyRangeOf(callingCode: string, nationalNumber: string): CostlyKind | undefined {
  const isIn = (ranges: Readonly<Record<string, readonly string[]>>) =>
    ranges[callingCode]?.some((prefix) => nationalNumber.startsWith(prefix)) === true;
  if (isIn(premium)) return 'premium';
  return isIn(sharedCost) ? 'shared-cost' : undefined;
}
