const slotMs = 1;
const slots = 10;

/** How often a task of the pacer runs. */
export const tickMs = slotMs * slots;

/**
 * Runs many tasks every 10 ms each, spread over the millisecond slots in between. Due times come from the start
 * and not from the last run, so that nothing drifts; what is late is made up for.
 */
export class Pacer {
  readonly #tasks: Set<() => void>[] = Array.from({ length: slots }, () => new Set());
  readonly #timer: NodeJS.Timeout;
  #slot = 0;
  #dueAt = performance.now();
  #added = 0;
  /** The longest that a slot had to wait for this process since the last reset, in ms. */
  #latestMs = 0;

  constructor() {
    this.#timer = setInterval(() => this.#run(), slotMs);
  }

  /** @returns ends it */
  every(task: () => void): () => void {
    // Neighbours start far apart: 7 has no factor in common with the number of slots.
    const tasks = this.#tasks[(this.#added * 7) % slots];
    this.#added += 1;
    tasks?.add(task);
    return () => tasks?.delete(task);
  }

  resetLateness(): void {
    this.#latestMs = 0;
  }

  get latestMs(): number {
    return this.#latestMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #run(): void {
    const now = performance.now();
    this.#latestMs = Math.max(this.#latestMs, now - this.#dueAt);
    while (this.#dueAt <= now) {
      for (const task of this.#tasks[this.#slot] ?? []) task();
      this.#slot = (this.#slot + 1) % slots;
      this.#dueAt += slotMs;
    }
  }
}
