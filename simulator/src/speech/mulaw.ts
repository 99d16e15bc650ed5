/**
 * G.711 µ-law, 8 kHz mono: one byte a sample, 8 bytes a millisecond (ITU-T G.711, table 2a).
 */

export const bytesPerMs = 8;
/** What a phone line carries in 20 ms: the piece that Media Streams sends at a time. */
export const bytesPerChunk = 160;
export const chunkMs = 20;
/** The byte of digital silence. */
export const silence = 0xff;

const bias = 0x84;
const loudest = 32_635;

const encodeTable = new Uint8Array(65_536);
const decodeTable = new Int16Array(256);
for (let byte = 0; byte < 256; byte++) decodeTable[byte] = linearOf(byte);
for (let sample = -32_768; sample < 32_768; sample++) encodeTable[sample & 0xffff] = byteOf(sample);

function linearOf(byte: number): number {
  const inverted = ~byte & 0xff;
  const exponent = (inverted >> 4) & 7;
  const magnitude = ((((inverted & 15) << 3) + bias) << exponent) - bias;
  return inverted & 0x80 ? -magnitude : magnitude;
}

function byteOf(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), loudest) + bias;
  const exponent = Math.max(0, 24 - Math.clz32(magnitude));
  const mantissa = (magnitude >> (exponent + 3)) & 15;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

/** @param samples linear 16-bit samples at 8 kHz */
export function encodeMulaw(samples: Int16Array): Uint8Array {
  const audio = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) audio[i] = encodeTable[(samples[i] ?? 0) & 0xffff] ?? silence;
  return audio;
}

/** @returns linear 16-bit samples at 8 kHz */
export function decodeMulaw(audio: Uint8Array): Int16Array {
  const samples = new Int16Array(audio.length);
  for (let i = 0; i < audio.length; i++) samples[i] = decodeTable[audio[i] ?? silence] ?? 0;
  return samples;
}

/** The mean magnitude of some audio, 0 (silence) to 32,635. Speech is some hundreds to thousands. */
export function loudnessOf(audio: Uint8Array): number {
  let sum = 0;
  for (const byte of audio) sum += Math.abs(decodeTable[byte] ?? 0);
  return audio.length === 0 ? 0 : sum / audio.length;
}

/** @returns so many milliseconds of silence, in whole chunks of 20 ms */
export function silenceLasting(ms: number): Uint8Array {
  return new Uint8Array(Math.ceil(ms / chunkMs) * bytesPerChunk).fill(silence);
}
