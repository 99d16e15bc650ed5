import { captionLength, writeCaption } from './captions.ts';
import type { Caption } from './captions.ts';
import type { Synthesis } from './flite.ts';
import { bytesPerChunk, bytesPerMs, encodeMulaw, silence } from './mulaw.ts';
import { wordTimes, wordsOf } from './word-times.ts';
import type { SpokenWord, VoicedStretch } from './word-times.ts';

/** Speech with captions in it. Shared between all who said the same: never written to. */
export interface SpokenText {
  /** µ-law, 8 kHz, whole chunks of 20 ms, padded with silence. */
  readonly audio: Uint8Array;
  readonly text: string;
  readonly words: readonly SpokenWord[];
}

/** How much of flite's own silence is kept before and behind the voice. */
const leadMs = 40;
const tailMs = 120;

/** Turns what the synthesiser made into what a phone line carries. */
export function spokenText(text: string, synthesis: Synthesis): SpokenText {
  const { stretches } = synthesis;
  const line = normalised(atEightKilohertz(synthesis.samples, synthesis.sampleRate));
  const firstMs = Math.max(0, (stretches[0]?.startMs ?? 0) - leadMs);
  const lastMs = (stretches.at(-1)?.endMs ?? line.length / bytesPerMs) + tailMs;
  const voice = encodeMulaw(line.subarray(Math.round(firstMs * bytesPerMs), Math.round(lastMs * bytesPerMs)));
  const shifted = stretches.map(({ startMs, endMs }) => ({
    startMs: startMs - firstMs,
    endMs: endMs - firstMs,
  }));
  return captioned(text, voice, wordTimes(text, shifted));
}

/** For text that the synthesiser has no sounds for (another script): a hum as long as the words. */
export function hummedText(text: string): SpokenText {
  const letters = Math.min(400, text.match(/[\p{L}\p{N}]/gu)?.length ?? 0);
  const endMs = letters * 90;
  const samples = new Int16Array((endMs + tailMs) * bytesPerMs);
  for (let i = 0; i < endMs * bytesPerMs; i++) samples[i] = 2500 * Math.sin((2 * Math.PI * 140 * i) / 8000);
  const stretch: VoicedStretch = { startMs: 0, endMs };
  return captioned(text, encodeMulaw(samples), wordTimes(text, [stretch]));
}

/** Writes each word's caption so that it ends with the word, and behind the last one the end. */
function captioned(text: string, voice: Uint8Array, words: readonly SpokenWord[]): SpokenText {
  let free = 0;
  const placed: { at: number; caption: Caption }[] = [];
  const place = (caption: Caption, endByte: number) => {
    const length = captionLength(caption);
    const at = Math.max(free, endByte - length);
    placed.push({ at, caption });
    free = at + length;
  };
  for (const word of words) place({ kind: 'word', text: word.text }, word.endMs * bytesPerMs);
  if (wordsOf(text).length > 0) place({ kind: 'end-of-utterance', text }, 0);
  const chunks = Math.ceil(Math.max(voice.length, free) / bytesPerChunk);
  const audio = new Uint8Array(chunks * bytesPerChunk).fill(silence);
  audio.set(voice);
  for (const { at, caption } of placed) writeCaption(audio, at, caption);
  return { audio, text, words };
}

/** Halves the sample rate if need be, with a low-pass at 3.6 kHz so that nothing folds back. */
function atEightKilohertz(samples: Int16Array, sampleRate: number): Float32Array {
  if (sampleRate === 8000) return Float32Array.from(samples);
  if (sampleRate !== 16_000) throw new Error(`a voice at ${sampleRate} Hz is not supported`);
  const half = (lowPass.length - 1) / 2;
  const line = new Float32Array(samples.length >> 1);
  for (let i = 0; i < line.length; i++) {
    let sum = 0;
    for (let tap = 0; tap < lowPass.length; tap++)
      sum += (lowPass[tap] ?? 0) * (samples[i * 2 + tap - half] ?? 0);
    line[i] = sum;
  }
  return line;
}

/** A windowed sinc (Blackman, 95 taps) for 16 kHz. */
const lowPass = windowedSinc(95, 3600 / 16_000);

function windowedSinc(taps: number, cutoff: number): Float64Array {
  const filter = new Float64Array(taps);
  for (let i = 0; i < taps; i++) {
    const x = i - (taps - 1) / 2;
    const sinc = x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x);
    const phase = (2 * Math.PI * i) / (taps - 1);
    filter[i] = sinc * (0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
  }
  const sum = filter.reduce((total, tap) => total + tap, 0);
  return filter.map((tap) => tap / sum);
}

/** Brings every voice to the same loudness: -20 dBFS over its voiced parts, peaks kept below -2 dBFS. */
function normalised(line: Float32Array): Int16Array {
  let power = 0;
  let voiced = 0;
  let peak = 1;
  for (const sample of line) {
    if (Math.abs(sample) < 300) continue;
    power += sample * sample;
    voiced++;
    peak = Math.max(peak, Math.abs(sample));
  }
  const gain = voiced === 0 ? 1 : Math.min(3277 / Math.sqrt(power / voiced), 26_000 / peak);
  return Int16Array.from(line, (sample) => Math.round(sample * gain));
}
