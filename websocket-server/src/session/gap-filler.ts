import { chunkOfBase64 } from '../lib/chunk.ts';
import type { Chunk } from '../lib/chunk.ts';
import type { Clock } from '../lib/runtime.ts';

/** 480 ms of µ-law silence (0xFF): whole groups of three bytes, so that its base64 is nothing but slashes. */
const silence = chunkOfBase64(Buffer.alloc((3840 / 3) * 4, '/'));
/** After this long the stream is as good as lost, and silence only costs money. */
const longestFillMs = 10_000;

/**
 * Fills gaps in the person's audio with silence. A carrier sends nothing while the phone is muted, and a model that
 * gets nothing never hears a turn end.
 */
export class GapFiller {
  readonly #clock: Clock;
  readonly #fill: (chunk: Chunk) => void;
  #hasAudio = false;
  #emptyChecks = 0;
  #filledMs = 0;
  #stop: () => void = () => {};

  constructor(clock: Clock, fill: (chunk: Chunk) => void) {
    this.#clock = clock;
    this.#fill = fill;
  }

  start(): void {
    this.#stop();
    this.#hasAudio = true;
    this.#watch();
  }

  stop(): void {
    this.#stop();
  }

  /** Audio came. Asked 50 times a second: it notes no time. */
  noteAudio(): void {
    this.#hasAudio = true;
  }

  /** A gap is what two checks in a row find empty: 480 to 960 ms. */
  #watch(): void {
    this.#stop = this.#clock.after(silence.ms, () => {
      if (this.#hasAudio) this.#emptyChecks = this.#filledMs = 0;
      else this.#emptyChecks++;
      this.#hasAudio = false;
      if (this.#emptyChecks > 1 && this.#filledMs < longestFillMs) {
        this.#filledMs += silence.ms;
        this.#fill(silence);
      }
      this.#watch();
    });
  }
}
