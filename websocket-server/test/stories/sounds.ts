import { encodeMulaw, writeCaption } from '@mcp-telephone/simulator';

const chunkBytes = 160;
const chunkMs = 20;
const wordBytes = 8 * chunkBytes;

/**
 * Audio that tells how far into it a listener has come: every 20 ms carry a watermark with their end.
 *
 * @param name at most 8 letters, so that a watermark fits into its 20 ms
 * @param ms   a multiple of 20
 */
export function ruler(name: string, ms: number): Uint8Array {
  const audio = hum(ms);
  for (let endMs = chunkMs; endMs <= ms; endMs += chunkMs) {
    const text = `${name}:${endMs}`;
    writeCaption(audio, (endMs / chunkMs - 1) * chunkBytes, { kind: 'watermark', text });
  }
  return audio;
}

/** Audio in which a word is said again and again, eight times in a second. */
export function saying(word: string, ms: number): Uint8Array {
  const audio = hum(ms);
  const words: string[] = [];
  for (let at = 0; at + 2 * wordBytes <= audio.length; at += wordBytes) {
    writeCaption(audio, at, { kind: 'word', text: word });
    words.push(word);
  }
  const text = words.join(' ');
  writeCaption(audio, words.length * wordBytes, { kind: 'end-of-utterance', text: text.slice(0, 100) });
  return audio;
}

/**
 * Loud noise, the same for the same seed. It has no byte 0x7f: that is a second silence in µ-law, which a
 * recording in linear samples does not tell from the first.
 */
export function noise(seed: number, ms: number): Uint8Array {
  const audio = new Uint8Array(ms * 8);
  let state = seed;
  for (let i = 0; i < audio.length; i++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    const byte = (state >> 16) & 0xff;
    audio[i] = byte === 0x7f ? 0x7e : byte;
  }
  return audio;
}

/** How far along a ruler somebody has come, in ms, in the order heard. */
export function readRuler(captions: readonly { readonly text: string }[], name: string): number[] {
  return captions.flatMap(({ text }) =>
    text.startsWith(`${name}:`) ? [Number(text.slice(name.length + 1))] : [],
  );
}

/** The marks that a ruler of a length has. */
export function marksUpTo(ms: number): number[] {
  return Array.from({ length: ms / chunkMs }, (_, i) => (i + 1) * chunkMs);
}

/** A tone that is taken for a voice. */
function hum(ms: number): Uint8Array {
  const samples = new Int16Array(ms * 8);
  for (let i = 0; i < samples.length; i++) samples[i] = 6000 * Math.sin((2 * Math.PI * 220 * i) / 8000);
  return encodeMulaw(samples);
}
