/** G.711 µ-law, 8 kHz mono, one byte a sample (ITU-T G.711, table 2a); samples here are floats from -1 to 1. */

export const phoneHz = 8000;
/** 20 ms: the piece that travels. */
export const bytesPerChunk = 160;

const bias = 0x84;
const loudest = 32_635;

const decoded = Float32Array.from({ length: 256 }, (_, byte) => {
  const inverted = ~byte & 0xff;
  const exponent = (inverted >> 4) & 7;
  const magnitude = ((((inverted & 15) << 3) + bias) << exponent) - bias;
  return (inverted & 0x80 ? -magnitude : magnitude) / 32_768;
});

/** What is louder than full scale is clipped. */
export function encodeMulaw(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const audio = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) audio[i] = byteOf((samples[i] ?? 0) * 32_768);
  return audio;
}

export function decodeMulaw(audio: Uint8Array): Float32Array {
  const samples = new Float32Array(audio.length);
  for (let i = 0; i < audio.length; i++) samples[i] = decoded[audio[i] ?? 0xff] ?? 0;
  return samples;
}

/** How loud some samples are: their root mean square, 0 to 1. */
export function loudnessOf(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(power / samples.length);
}

function byteOf(sample: number): number {
  const magnitude = Math.min(Math.abs(Math.round(sample)), loudest) + bias;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 15;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}
