interface Expectation {
  /** @returns whether it has come true */
  isMet(): boolean;
  fail(error: Error): void;
}

/** Promises of things to come, looked at again whenever something has changed. */
export class Expectations {
  readonly #open = new Set<Expectation>();
  #closedBecause: string | undefined;

  /**
   * Waits until a check gives something.
   *
   * @param what completes "waited 5000 ms for …"
   * @throws Error when the time is up, or when it can no longer come
   */
  until<T>(check: () => T | undefined, what: string, withinMs: number, describe: () => string): Promise<T> {
    const already = check();
    if (already !== undefined) return Promise.resolve(already);
    const because = this.#closedBecause;
    if (because !== undefined) return Promise.reject(new Error(`no ${what}: ${because}`));
    return new Promise<T>((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#open.delete(expectation);
        act();
      };
      const expectation: Expectation = {
        isMet: () => {
          const value = check();
          if (value === undefined) return false;
          settle(() => resolve(value));
          return true;
        },
        fail: (error) => settle(() => reject(error)),
      };
      const timer = setTimeout(
        () => expectation.fail(new Error(`waited ${withinMs} ms for ${what}; ${describe()}`)),
        withinMs,
      );
      this.#open.add(expectation);
    });
  }

  changed(): void {
    for (const expectation of this.#open) expectation.isMet();
  }

  /** Nothing will change any more: what is still open fails. */
  close(because: string): void {
    this.changed();
    this.#closedBecause = because;
    for (const expectation of this.#open) expectation.fail(new Error(because));
  }
}
