import type { Clock } from '../../src/lib/runtime.ts';

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #startMs: number;
  #elapsedMs = 0;
  #tasks: Task[] = [];

  /** @param startMs ms since 1970 */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  elapsed(): number {
    return this.#elapsedMs;
  }

  after(ms: number, run: () => void): () => void {
    const task = { dueMs: this.#elapsedMs + ms, run };
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  /** Moves on by `ms`, running what falls due on the way, in order. */
  advance(ms: number): void {
    const until = this.#elapsedMs + ms;
    for (;;) {
      const due = this.#tasks.filter((task) => task.dueMs <= until);
      const next = due.reduce<Task | undefined>(
        (found, task) => (found === undefined || task.dueMs < found.dueMs ? task : found),
        undefined,
      );
      if (next === undefined) break;
      this.#tasks = this.#tasks.filter((task) => task !== next);
      this.#elapsedMs = next.dueMs;
      next.run();
    }
    this.#elapsedMs = until;
  }
}
