/** Runs in the browser's audio thread: the microphone's and the speaker's end of the phone. */
import { JitterBuffer } from './jitter-buffer.ts';
import { bytesPerChunk, decodeMulaw, encodeMulaw, loudnessOf, phoneHz } from './mulaw.ts';
import { Resampler } from './resampler.ts';
import type { FromMicrophone, FromSpeaker, SpeakerOptions, ToSpeaker } from './worklet-messages.ts';
import { microphoneName, speakerName } from './worklet-messages.ts';

// What an AudioWorkletGlobalScope holds; TypeScript's DOM library leaves it out.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { readonly processorOptions?: unknown }) => AudioWorkletProcessor,
): void;
declare const sampleRate: number;

/** Makes chunks of 20 ms of what the microphone hears. */
class Microphone extends AudioWorkletProcessor {
  readonly #resampler = new Resampler(sampleRate, phoneHz);
  readonly #chunk = new Float32Array(bytesPerChunk);
  #filled = 0;

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    const [channel] = input ?? [];
    if (channel === undefined) return true;
    for (const sample of this.#resampler.process(channel)) {
      this.#chunk[this.#filled++] = sample;
      if (this.#filled === bytesPerChunk) this.#hand();
    }
    return true;
  }

  #hand(): void {
    this.#filled = 0;
    const audio = encodeMulaw(this.#chunk);
    const message: FromMicrophone = { audio, loudness: loudnessOf(this.#chunk) };
    this.port.postMessage(message, [audio.buffer]);
  }
}

/** How often the speaker tells how loud it is, in samples: some 20 times a second. */
const reportSamples = Math.round(sampleRate / 20);

/** Plays chunks evenly, whenever they come. */
class Speaker extends AudioWorkletProcessor {
  readonly #buffer: JitterBuffer;
  #resampler = new Resampler(phoneHz, sampleRate);
  #loudest = 0;
  #sinceReport = 0;
  #wasLoud = false;

  constructor({ processorOptions }: { readonly processorOptions?: unknown }) {
    super();
    const { prefillMs, mostMs } = processorOptions as SpeakerOptions;
    this.#buffer = new JitterBuffer({
      prefill: (prefillMs * sampleRate) / 1000,
      most: (mostMs * sampleRate) / 1000,
    });
    this.port.onmessage = ({ data }: MessageEvent<ToSpeaker>) => {
      if (data !== 'clear') return this.#buffer.add(this.#resampler.process(decodeMulaw(data)));
      this.#buffer.clear();
      this.#resampler = new Resampler(phoneHz, sampleRate);
    };
  }

  process(_inputs: unknown, [output]: readonly (readonly Float32Array[])[]): boolean {
    const [first, ...others] = output ?? [];
    if (first === undefined) return true;
    this.#buffer.read(first);
    for (const other of others) other.set(first);
    this.#report(first);
    return true;
  }

  #report(samples: Float32Array): void {
    this.#loudest = Math.max(this.#loudest, loudnessOf(samples));
    this.#sinceReport += samples.length;
    if (this.#sinceReport < reportSamples) return;
    this.#sinceReport = 0;
    if (this.#loudest > 0 || this.#wasLoud)
      this.port.postMessage({ loudness: this.#loudest } satisfies FromSpeaker);
    this.#wasLoud = this.#loudest > 0;
    this.#loudest = 0;
  }
}

registerProcessor(microphoneName, Microphone);
registerProcessor(speakerName, Speaker);
