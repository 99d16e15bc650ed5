/** Follows the numbers of one direction of a call: which came, twice, late, or never. */
export class SequenceCheck {
  readonly #missing = new Set<number>();
  #next = 0;
  #received = 0;
  doubled = 0;
  reordered = 0;
  /** How many were missing before the first came. */
  lostBeforeFirst = 0;

  note(sequence: number): void {
    if (sequence >= this.#next) {
      if (this.#received === 0) this.lostBeforeFirst = sequence;
      else for (let lost = this.#next; lost < sequence; lost += 1) this.#missing.add(lost);
      this.#next = sequence + 1;
      this.#received += 1;
    } else if (this.#missing.delete(sequence)) {
      this.#received += 1;
      this.reordered += 1;
    } else {
      this.doubled += 1;
    }
  }

  /** Whether all blocks before this one have come, or been passed over. */
  hasReached(sequence: number): boolean {
    return this.#next >= sequence;
  }

  /** @param sent how many were sent in all. @returns how many never came, apart from those before the first */
  lostOf(sent: number): number {
    return this.#received === 0 ? sent : this.#missing.size + sent - this.#next;
  }
}
