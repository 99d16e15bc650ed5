import { writeCaption } from './captions.ts';
import { bytesPerMs, encodeMulaw, silenceLasting } from './mulaw.ts';

const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477, 1633];
const keys = '123A456B789C*0#D';

/** A key's two tones for 120 ms, then 80 ms of silence (ITU-T Q.23). */
export function digitTone(digit: string): Uint8Array {
  const key = keys.indexOf(digit);
  const tones = [rows[key >> 2] ?? 0, columns[key & 3] ?? 0];
  return joined([tone(tones, 120), silenceLasting(80)]);
}

/** The tone behind a voicemail greeting, with a caption for those who hear by captions. */
export function beep(): Uint8Array {
  return withSound(tone([1000], 400), 'beep');
}

/** What a caller hears while a phone rings: 1 s of tone, 2 s of silence, captioned. */
export function ringingTone(): Uint8Array {
  return withSound(joined([tone([440, 480], 1000), silenceLasting(2000)]), 'ringing');
}

const tune = [523, 659, 784, 659, 587, 698, 880, 698, 523, 659, 784, 1047, 988, 784, 587, 523];

/** Hold music: a simple tune, each bar captioned, four seconds long and made to be repeated. */
export function holdMusic(): Uint8Array {
  return withSound(joined(tune.map((pitch) => fading(pitch, 250))), 'hold-music');
}

/** Tones of the given frequencies, in Hz, together. */
function tone(frequencies: readonly number[], ms: number): Uint8Array {
  const samples = new Int16Array(ms * bytesPerMs);
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (const frequency of frequencies) sum += Math.sin((2 * Math.PI * frequency * i) / 8000);
    samples[i] = (7000 * sum) / frequencies.length;
  }
  return encodeMulaw(samples);
}

function fading(frequency: number, ms: number): Uint8Array {
  const samples = new Int16Array(ms * bytesPerMs);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = 5000 * Math.exp((-3 * i) / samples.length) * Math.sin((2 * Math.PI * frequency * i) / 8000);
  }
  return encodeMulaw(samples);
}

/** Captioned at its start: ears know at once that this is no speech. */
function withSound(audio: Uint8Array, name: string): Uint8Array {
  writeCaption(audio, 0, { kind: 'sound', text: name });
  return audio;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}
