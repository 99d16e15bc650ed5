/**
 * Where law demands that a person is told that an AI is on the line. Not legal advice; the sources are in
 * docs/guides/compliance.md.
 */

/** EU and EEA, ISO codes: Regulation (EU) 2024/1689, Article 50(1). The Åland Islands and French regions belong to it. */
const europe = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO AX GF GP MQ RE YT MF'.split(
    ' ',
  ),
);

/**
 * Area codes of states of the USA whose law asks for it, after NANPA: California (Public Utilities Code § 2874),
 * Colorado (C.R.S. § 6-1-1704), Maine (10 M.R.S. § 1500-DD), Utah (Utah Code § 13-77-103).
 */
const americanAreaCodes = new Set(
  [
    '209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 747',
    '760 805 818 820 831 837 840 858 909 916 925 949 951',
    '303 719 720 748 970 983',
    '207',
    '385 435 801',
  ].flatMap((codes) => codes.split(' ')),
);

/**
 * @param number E.164
 * @param country ISO code of its country; undefined where that cannot be told, which counts as demanded
 */
export function isDisclosureDemanded(number: string, country: string | undefined): boolean {
  if (country === undefined || europe.has(country)) return true;
  return country === 'US' && americanAreaCodes.has(number.slice(2, 5));
}
