/**
 * What tells a person that the call is recorded, in the languages that agents mostly speak. Where a word also stands for
 * writing something down, as in "your order is recorded" or "Ihre Bestellung ist aufgenommen", a word for the call has
 * to stand in the same sentence.
 */
const notices: readonly RegExp[] = [
  /\b(?:call|conversation|line|this)\b.{0,40}\brecorded\b/iu,
  /\brecord(?:ed|ing)? (?:(?:this|our|the) )?(?:\w+ )?(?:call|conversation|line)\b/iu,
  /\b(?:being recorded|(?:am|are|['’](?:m|re)) (?:\w+ )?recording)\b/iu,
  /aufgezeichnet|aufzeichn/iu,
  /\bgraba(?:d[ao]|ndo|mos|ción|r)|\bgrava(?:d[ao]|ndo|mos|ção|r)|nagryw|録音|录音|錄音|녹음/iu,
  /(?:anruf|gespräch|telefonat).*aufgenommen|aufgenommen.*(?:anruf|gespräch|telefonat)/iu,
  /(?:appel|conversation|communication|échange).*enregistr|enregistr.*(?:appel|conversation|communication|échange)/iu,
  /(?:chiamata|telefonata|conversazione|llamada|conversación).*registra|registra.*(?:chiamata|telefonata|conversazione|llamada|conversación)/iu,
  /(?:gesprek|oproep).*opgenomen|(?:neem|nemen).*(?:gesprek|oproep)/iu,
];

/** Whether these words, heard to their end, have told the person that the call is recorded. */
export function tellsOfRecording(words: string): boolean {
  return words.split(/[.!?。！？]/u).some((sentence) => notices.some((notice) => notice.test(sentence)));
}
