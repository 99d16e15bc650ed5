import { chunkOfBase64, type Chunk } from '../../lib/chunk.ts';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const equalsSign = 0x3d;

const bytesOf = (word: string) => new TextEncoder().encode(word);
const eventWord = bytesOf('event');
const mediaWord = bytesOf('media');
const trackWord = bytesOf('track');
const inboundWord = bytesOf('inbound');
const timestampWord = bytesOf('timestamp');
const payloadWord = bytesOf('payload');

/** 0 for each byte of the base64 alphabet. */
const isOdd = new Uint8Array(256).fill(1);
for (const byte of bytesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')) {
  isOdd[byte] = 0;
}

export interface ScannedAudio {
  readonly chunk: Chunk;
  readonly streamTimeMs: number;
  /** False for the track that we sent ourselves. */
  readonly isInbound: boolean;
  /** Where in the message the digits of its stream time begin. */
  readonly timeAt: number;
}

/**
 * Reads a `media` message without parsing it. Takes JSON of one shape: an object of plain strings and of one
 * object of plain strings named `media`, in any order and spacing, without escapes. What it takes it reads
 * just as `JSON.parse` does; everything else is left to that.
 *
 * @returns undefined when the message is anything else; the chunk borrows `bytes`
 */
export function scanAudio(bytes: Uint8Array): ScannedAudio | undefined {
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== openBrace) return undefined;
  at += 1;
  let isMediaEvent = false;
  let isInside = false;
  let wasInside = false;
  let isInbound = true;
  let streamTimeMs = -1;
  let timeAt = 0;
  let payloadStart = -1;
  let payloadEnd = -1;

  for (;;) {
    at = skipSpace(bytes, at);
    if (bytes[at] !== quote) return undefined;
    const nameStart = at + 1;
    const nameEnd = endOfString(bytes, nameStart);
    if (nameEnd === -1) return undefined;
    at = skipSpace(bytes, nameEnd + 1);
    if (bytes[at] !== colon) return undefined;
    at = skipSpace(bytes, at + 1);

    if (!isInside && isWord(bytes, nameStart, nameEnd, mediaWord)) {
      if (bytes[at] !== openBrace || wasInside) return undefined;
      isInside = true;
      wasInside = true;
      at += 1;
      continue;
    }

    if (bytes[at] !== quote) return undefined;
    const start = at + 1;
    let end: number;
    if (isInside && isWord(bytes, nameStart, nameEnd, payloadWord)) {
      end = endOfBase64(bytes, start);
      payloadStart = start;
      payloadEnd = end;
    } else {
      end = endOfString(bytes, start);
      if (isInside) {
        if (isWord(bytes, nameStart, nameEnd, trackWord)) {
          isInbound = isWord(bytes, start, end, inboundWord);
        } else if (isWord(bytes, nameStart, nameEnd, timestampWord)) {
          streamTimeMs = wholeNumber(bytes, start, end);
          timeAt = start;
          if (streamTimeMs === -1) return undefined;
        }
      } else if (isWord(bytes, nameStart, nameEnd, eventWord)) {
        isMediaEvent = isWord(bytes, start, end, mediaWord);
      }
    }
    if (end === -1) return undefined;

    at = skipSpace(bytes, end + 1);
    if (isInside && bytes[at] === closeBrace) {
      isInside = false;
      at = skipSpace(bytes, at + 1);
    }
    if (bytes[at] === comma) at += 1;
    else if (bytes[at] === closeBrace && !isInside) break;
    else return undefined;
  }

  if (skipSpace(bytes, at + 1) !== bytes.length) return undefined;
  if (!isMediaEvent || streamTimeMs === -1 || payloadStart === -1) return undefined;
  return { chunk: chunkOfBase64(bytes.subarray(payloadStart, payloadEnd)), streamTimeMs, isInbound, timeAt };
}

/** A chunk from base64 text of whole quartets, padding included; undefined for any other text, or none. */
export function chunkOfText(base64: string): Chunk | undefined {
  const bytes = Buffer.from(`${base64}"`);
  const end = endOfBase64(bytes, 0);
  return end === bytes.length - 1 ? chunkOfBase64(bytes.subarray(0, end)) : undefined;
}

/** Index of the quote that ends a string; -1 when it has an escape or a control character, or has no end. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === quote) return at;
    if (byte === backslash || byte < 0x20) return -1;
  }
  return -1;
}

/**
 * Where base64 text of whole quartets ends, which is at a quote.
 *
 * @returns index of the quote; -1 for any other text, or none
 */
export function endOfBase64(bytes: Uint8Array, start: number): number {
  let at = start;
  for (const lastFour = bytes.length - 3; at < lastFour; at += 4) {
    const first = (isOdd[bytes[at] as number] as number) | (isOdd[bytes[at + 1] as number] as number);
    const second = (isOdd[bytes[at + 2] as number] as number) | (isOdd[bytes[at + 3] as number] as number);
    if ((first | second) !== 0) break;
  }
  while (at < bytes.length && isOdd[bytes[at] as number] === 0) at += 1;
  for (let pads = 0; pads < 2 && bytes[at] === equalsSign; pads += 1) at += 1;
  const length = at - start;
  return bytes[at] === quote && length > 0 && length % 4 === 0 ? at : -1;
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  if ((bytes[at] as number) > 0x20) return at;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  return at;
}

function isWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[start + index] !== word[index]) return false;
  }
  return true;
}

/** The value of 1 to 15 decimal digits, so that it is exact; -1 for anything else. */
function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 15) return -1;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
