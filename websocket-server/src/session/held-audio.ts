import type { Chunk } from '../lib/chunk.ts';

/** Longest wait for a voice model that is covered; what is older is dropped first. */
const heldMs = 20_000;

/** The person's words while there is no voice session to take them. */
export class HeldAudio {
  readonly #dropped: (ms: number) => void;
  #chunks: Chunk[] = [];
  #ms = 0;

  /** @param dropped told of what was too much */
  constructor(dropped: (ms: number) => void) {
    this.#dropped = dropped;
  }

  /** Keeps a copy: a chunk is only borrowed. */
  keep(chunk: Chunk): void {
    this.#chunks.push({ base64: Uint8Array.from(chunk.base64), ms: chunk.ms });
    this.#ms += chunk.ms;
    while (this.#ms > heldMs) {
      const ms = this.#chunks.shift()?.ms ?? this.#ms;
      this.#ms -= ms;
      this.#dropped(ms);
    }
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Hands over all that was kept, oldest first, and forgets it. */
  take(): readonly Chunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#ms = 0;
    return chunks;
  }
}
