/** Splits at full stops that end a sentence, not at those of `Dr. Smith` or `7.30`. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<!\b(?:Dr|Mr|Mrs|Ms|St|No|vs|a\.m|p\.m))(?<=[.!?]["'”’)]?)\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
