/** Some three minutes of audio in base64. */
const mostBytes = 2 * 1024 * 1024;

interface WaitingChunk {
  readonly base64: Uint8Array;
  readonly markName: string;
}

/**
 * Audio for a carrier that takes it more slowly than the agent speaks. The oldest goes first when there is too much:
 * what was said long ago is of no use. A mark goes with its audio, and any later one that comes back stands for it.
 */
export class WaitingAudio {
  #chunks: WaitingChunk[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** @param base64 is copied. @returns bytes of base64 that had to go */
  keep(base64: Uint8Array, markName: string): number {
    this.#chunks.push({ base64: Uint8Array.from(base64), markName });
    this.#bytes += base64.length;
    let dropped = 0;
    while (this.#bytes > mostBytes && this.#chunks.length > 1) dropped += this.take()?.base64.length ?? 0;
    return dropped;
  }

  /** The oldest, which is forgotten here. */
  take(): WaitingChunk | undefined {
    const chunk = this.#chunks.shift();
    this.#bytes -= chunk?.base64.length ?? 0;
    return chunk;
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }
}
