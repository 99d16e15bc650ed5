const wordBytes = 4;
/** From here on a view of whole words is worth making. */
const leastWords = 16;

/**
 * Masks bytes in place, or unmasks them (RFC 6455, 5.3): by whole words where they lie so, as a frame does that comes
 * alone, and else four bytes at a time. All audio passes here, and a loop over single bytes takes twice as long.
 *
 * @param from where the masked bytes begin; the mask lies in the four before
 */
export function applyMask(bytes: Uint8Array, from: number, end: number): void {
  const words = (end - from) >> 2;
  const start = bytes.byteOffset + from;
  const isAligned = start % wordBytes === 0 && words >= leastWords;
  if (isAligned) maskWords(new Int32Array(bytes.buffer, start - wordBytes, words + 1));
  maskBytes(bytes, isAligned ? from + words * wordBytes : from, end, from - wordBytes);
}

/** @param words the mask, and what is to be masked by it */
function maskWords(words: Int32Array): void {
  const mask = words[0] as number;
  for (let at = 1; at < words.length; at += 1) words[at] = (words[at] as number) ^ mask;
}

/** @param from whole words behind the mask */
function maskBytes(bytes: Uint8Array, from: number, end: number, mask: number): void {
  const first = bytes[mask] as number;
  const second = bytes[mask + 1] as number;
  const third = bytes[mask + 2] as number;
  const fourth = bytes[mask + 3] as number;
  let at = from;
  for (const lastFour = end - 3; at < lastFour; at += 4) {
    bytes[at] = (bytes[at] as number) ^ first;
    bytes[at + 1] = (bytes[at + 1] as number) ^ second;
    bytes[at + 2] = (bytes[at + 2] as number) ^ third;
    bytes[at + 3] = (bytes[at + 3] as number) ^ fourth;
  }
  if (at < end) bytes[at] = (bytes[at] as number) ^ first;
  if (at + 1 < end) bytes[at + 1] = (bytes[at + 1] as number) ^ second;
  if (at + 2 < end) bytes[at + 2] = (bytes[at + 2] as number) ^ third;
}
