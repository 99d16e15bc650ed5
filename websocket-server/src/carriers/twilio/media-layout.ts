import { chunkOfBase64 } from '../../lib/chunk.ts';
import { endOfBase64, scanAudio, type ScannedAudio } from './media-scanner.ts';

const quote = 0x22;
/** Stands in a layout where messages have a number of their own; no byte of a message that was read is zero. */
const anyNumber = 0;
const mostDigits = 15;
const nothing: Uint8Array = new Uint8Array(0);
/** Streams have it in common, and what all of them read stays in the processor's cache. */
let newestHead = nothing;

/**
 * Reads the `media` messages of one stream. They are alike but for their numbers and their audio, so each is held
 * against the one before, which takes less than half the time that reading it takes. One that differs is read.
 */
export class MediaLayout {
  /** What stands before the audio, up to its quote. */
  #head = nothing;
  /** What stands behind it, from its quote on. */
  #tail = nothing;
  /** Where in the head the number of the stream time is. */
  #timeAt = 0;
  #isInbound = true;

  /** @returns undefined when the message is none that `scanAudio` takes; the chunk borrows `bytes` */
  read(bytes: Uint8Array): ScannedAudio | undefined {
    const alike = this.#readAlike(bytes);
    if (alike !== undefined) return alike;
    const audio = scanAudio(bytes);
    if (audio !== undefined) this.#learn(bytes, audio);
    return audio;
  }

  #readAlike(bytes: Uint8Array): ScannedAudio | undefined {
    const head = this.#head;
    const tail = this.#tail;
    if (head.length === 0 || bytes.length < head.length + tail.length) return undefined;
    let at = 0;
    let streamTimeMs = 0;
    for (let index = 0; index < head.length; index += 1) {
      const wanted = head[index] as number;
      if (wanted !== anyNumber) {
        if (bytes[at] !== wanted) return undefined;
        at += 1;
        continue;
      }
      const start = at;
      let value = 0;
      for (; at < bytes.length; at += 1) {
        const digit = (bytes[at] as number) - 0x30;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      if (at === start || at - start > mostDigits) return undefined;
      if (index === this.#timeAt) streamTimeMs = value;
    }
    const end = endOfBase64(bytes, at);
    if (end === -1 || bytes.length - end !== tail.length) return undefined;
    for (let index = 0; index < tail.length; index += 1) {
      if (bytes[end + index] !== tail[index]) return undefined;
    }
    return {
      chunk: chunkOfBase64(bytes.subarray(at, end)),
      streamTimeMs,
      isInbound: this.#isInbound,
      timeAt: 0,
    };
  }

  #learn(bytes: Uint8Array, { chunk, isInbound, timeAt }: ScannedAudio): void {
    const payloadAt = chunk.base64.byteOffset - bytes.byteOffset;
    const head: number[] = [];
    for (let at = 0; at < payloadAt;) {
      const end = bytes[at - 1] === quote ? endOfDigits(bytes, at) : at;
      const isNumber = end > at && bytes[end] === quote;
      if (at === timeAt) this.#timeAt = head.length;
      head.push(isNumber ? anyNumber : (bytes[at] as number));
      at = isNumber ? end : at + 1;
    }
    // A time behind the audio is left to the scanner.
    this.#head = timeAt < payloadAt ? shared(Uint8Array.from(head)) : nothing;
    this.#tail = Uint8Array.from(bytes.subarray(payloadAt + chunk.base64.length));
    this.#isInbound = isInbound;
  }
}

function shared(head: Uint8Array): Uint8Array {
  if (Buffer.compare(newestHead, head) !== 0) newestHead = head;
  return newestHead;
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at += 1;
  return at;
}
