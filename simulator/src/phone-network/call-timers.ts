/** What a call has planned. All of it is off at the call's end. */
export class CallTimers {
  readonly #planned = new Set<NodeJS.Timeout>();
  #limit: NodeJS.Timeout | undefined;

  after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#planned.delete(timer);
      act();
    }, ms);
    this.#planned.add(timer);
  }

  /** Sets the call's limit anew. */
  limit(ms: number, act: () => void): void {
    clearTimeout(this.#limit);
    this.#limit = setTimeout(act, ms);
  }

  clear(): void {
    clearTimeout(this.#limit);
    for (const timer of this.#planned) clearTimeout(timer);
    this.#planned.clear();
  }
}
