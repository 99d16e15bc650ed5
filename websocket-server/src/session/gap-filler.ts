import { chunkOfBase64 } from '../lib/chunk.ts';
import type { Chunk } from '../lib/chunk.ts';
import type { Clock } from '../lib/runtime.ts';

/** 480 ms of µ-law silence (0xFF): whole groups of three bytes, so that its base64 is nothing but slashes. */
const silence = chunkOfBase64(Buffer.alloc((3840 / 3) * 4, '/'));
const gapMs = 750;
/** After this long the stream is as good as lost, and silence only costs money. */
const longestFillMs = 10_000;

/**
 * Fills gaps in the person's audio with silence. A carrier sends nothing while the phone is muted, and a model that
 * gets nothing never hears a turn end.
 */
export class GapFiller {
  readonly #clock: Clock;
  readonly #fill: (chunk: Chunk) => void;
  #lastAudioAt: number;
  #filledMs = 0;
  #stop: () => void = () => {};

  constructor(clock: Clock, fill: (chunk: Chunk) => void) {
    this.#clock = clock;
    this.#fill = fill;
    this.#lastAudioAt = clock.elapsed();
  }

  start(): void {
    this.#stop();
    this.#lastAudioAt = this.#clock.elapsed();
    this.#watch();
  }

  stop(): void {
    this.#stop();
  }

  /** Audio came. */
  noteAudio(): void {
    this.#lastAudioAt = this.#clock.elapsed();
    this.#filledMs = 0;
  }

  #watch(): void {
    this.#stop = this.#clock.after(silence.ms, () => {
      const isGap = this.#clock.elapsed() - this.#lastAudioAt >= gapMs;
      if (isGap && this.#filledMs < longestFillMs) {
        this.#filledMs += silence.ms;
        this.#fill(silence);
      }
      this.#watch();
    });
  }
}
