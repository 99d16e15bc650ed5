/**
 * How simulated ears hear: captions inside the audio.
 *
 * No npm package holds a speech recogniser together with its model, so the parties of a simulated call
 * cannot understand sound. They read captions instead, and read them *in the audio that they really
 * received*: each caption is a small packet in the lowest bit of successive µ-law bytes, inaudible to a
 * human, at the very place where its word is spoken. Audio that was cut, mixed, lost, reordered, converted
 * or given to the wrong party is therefore misheard, just as speech would be, and audio that arrived
 * untouched is heard without doubt.
 *
 * A packet is sync (2 bytes), kind, length, text (UTF-8), CRC-16 over kind, length and text; each bit of
 * it, most significant first, replaces the lowest bit of one byte of audio. A `word` ends where the spoken
 * word ends, so whoever hears half of an utterance has heard half of its words.
 */

export type Caption =
  /** One spoken word, as it was written. */
  | { readonly kind: 'word'; readonly text: string }
  /** The speaker has finished; the text is what was said in all. Only its first 250 bytes are carried. */
  | { readonly kind: 'end-of-utterance'; readonly text: string }
  /** Something heard that is not speech: `beep`, `hold-music`. */
  | { readonly kind: 'sound'; readonly text: string }
  /** Free text, for tests that calls never mix. */
  | { readonly kind: 'watermark'; readonly text: string };

const kinds = ['word', 'end-of-utterance', 'sound', 'watermark'] as const;
/** One byte per kind, far from each other and from the all-ones and all-zeros of silence. */
const kindCodes: readonly number[] = [0x36, 0x59, 0x95, 0xca];

const sync = 0x5ac3;
const headerBytes = 4;
const crcBytes = 2;
const longestText = 250;

/** How many bytes of audio a caption takes (8 bytes are a millisecond). */
export function captionLength(caption: Caption): number {
  return packetOf(caption).length * 8;
}

/**
 * Writes a caption into audio, in place.
 *
 * @param audio  µ-law, 8 kHz
 * @param atByte where the caption starts; it becomes readable at the end of its last bit
 * @returns the first byte behind the caption
 * @throws RangeError if the caption does not fit
 */
export function writeCaption(audio: Uint8Array, atByte: number, caption: Caption): number {
  const packet = packetOf(caption);
  const end = atByte + packet.length * 8;
  if (atByte < 0 || end > audio.length) {
    throw new RangeError(
      `a caption of ${packet.length * 8} bytes does not fit at ${atByte} of ${audio.length}`,
    );
  }
  for (let i = 0; i < packet.length * 8; i++) {
    const bit = ((packet[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;
    audio[atByte + i] = ((audio[atByte + i] ?? 0) & 0xfe) | bit;
  }
  return end;
}

/** Reads captions from a stream of audio, whatever the sizes of its pieces. */
export class CaptionReader {
  /** The last 16 bits read. */
  #window = 0;
  /** The bits behind what looks like a sync, while they are awaited. */
  #packet: number[] | undefined;

  /** @returns the captions whose last bit is in this piece of audio, in order */
  read(audio: Uint8Array): Caption[] {
    const found: Caption[] = [];
    for (const byte of audio) this.#take(byte & 1, found);
    return found;
  }

  #take(bit: number, found: Caption[]): void {
    this.#window = ((this.#window << 1) | bit) & 0xffff;
    if (this.#packet === undefined) {
      if (this.#window === sync) this.#packet = [];
      return;
    }
    this.#packet.push(bit);
    if (this.#packet.length % 8 !== 0) return;
    const outcome = captionIn(this.#packet);
    if (outcome === 'more') return;
    if (outcome !== 'no') {
      this.#packet = undefined;
      found.push(outcome);
      return;
    }
    // It was no sync, or the packet was damaged: a real one may begin anywhere behind its first bit.
    const again = this.#packet;
    this.#packet = undefined;
    this.#window = sync;
    for (const earlier of again) this.#take(earlier, found);
  }
}

/** What stands behind a sync, as far as it is there. */
function captionIn(bits: readonly number[]): Caption | 'no' | 'more' {
  if (!kindCodes.includes(byteAt(bits, 0))) return 'no';
  if (bits.length < 16) return 'more';
  const textBytes = byteAt(bits, 1);
  if (textBytes > longestText) return 'no';
  const bytes = 2 + textBytes + crcBytes;
  if (bits.length < bytes * 8) return 'more';
  return captionOf(Uint8Array.from({ length: bytes }, (_, i) => byteAt(bits, i))) ?? 'no';
}

function byteAt(bits: readonly number[], index: number): number {
  let byte = 0;
  for (let i = 0; i < 8; i++) byte = (byte << 1) | (bits[index * 8 + i] ?? 0);
  return byte;
}

function packetOf(caption: Caption): Uint8Array {
  const text = shortened(caption.text);
  const packet = new Uint8Array(headerBytes + text.length + crcBytes);
  packet.set([sync >> 8, sync & 0xff, kindCodes[kinds.indexOf(caption.kind)] ?? 0, text.length]);
  packet.set(text, headerBytes);
  const crc = crc16(packet.subarray(2, headerBytes + text.length));
  packet.set([crc >> 8, crc & 0xff], headerBytes + text.length);
  return packet;
}

/** @param packet kind, length, text and CRC */
function captionOf(packet: Uint8Array): Caption | undefined {
  const end = packet.length - crcBytes;
  const crc = ((packet[end] ?? 0) << 8) | (packet[end + 1] ?? 0);
  const kind = kinds[kindCodes.indexOf(packet[0] ?? 0)];
  if (kind === undefined || crc !== crc16(packet.subarray(0, end))) return undefined;
  try {
    return { kind, text: new TextDecoder('utf-8', { fatal: true }).decode(packet.subarray(2, end)) };
  } catch {
    return undefined;
  }
}

/** The text as UTF-8, cut between characters if it is too long for a packet. */
function shortened(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= longestText) return bytes;
  let end = longestText;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xFFFF. */
function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
