import { randomFillSync } from 'node:crypto';

const masksKept = 1024;

/** Masks for frames: each a fresh one that nobody can foretell, as RFC 6455, 5.3 asks. */
export class MaskSource {
  readonly #masks = new Int32Array(masksKept);
  #at = masksKept;

  /** @returns 32 bits, as they lie in memory */
  next(): number {
    if (this.#at === masksKept) {
      randomFillSync(this.#masks);
      this.#at = 0;
    }
    this.#at += 1;
    return this.#masks[this.#at - 1] as number;
  }
}
