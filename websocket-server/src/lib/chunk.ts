/**
 * Some G.711 µ-law audio, 8 kHz mono, still in the base64 text it came in: both ends of a call speak base64
 * inside JSON, so audio is passed on as the bytes of that text and is neither decoded nor parsed.
 */
export interface Chunk {
  /** ASCII bytes of the base64 text, padding included. Borrowed: copy what outlives the call it came with. */
  readonly base64: Uint8Array;
  /** Length of the audio in ms; 8 µ-law bytes each. May be a fraction. */
  readonly ms: number;
}

const padding = '='.charCodeAt(0);

/** A chunk from the bytes of its base64 text. */
export function chunkOfBase64(base64: Uint8Array): Chunk {
  const length = base64.length;
  const pads = base64[length - 1] !== padding ? 0 : base64[length - 2] !== padding ? 1 : 2;
  return { base64, ms: ((length >> 2) * 3 - pads) / 8 };
}
