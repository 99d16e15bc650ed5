import { TooManyAtOnce } from '../lib/errors.ts';
import type { Clock } from '../lib/runtime.ts';

/** Calls are let in by tenths of a second. */
const windowMs = 100;
const mostInWindow = 5;
/** A timer that comes this late tells of a process that has more to do than it can. */
const busyMs = 10;
const overloadedMs = 40;
/** However late the process is, one call in so many windows is let in: a slow machine is no reason to take none. */
const windowsPerCall = 10;
const longestWaitMs = 8000;

interface Waiting {
  readonly since: number;
  letIn(): void;
  refuse(error: TooManyAtOnce): void;
}

/**
 * Where calls wait to be set up. Setting one up costs as much as minutes of its audio, so a rush of calls is spread
 * out, and held back while the process is late: the calls that are live come first.
 */
export class Intake {
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #left = mostInWindow;
  #isOpen = false;
  #windowsWithout = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when a call may be set up: at once, unless there is a rush.
   *
   * @throws TooManyAtOnce when that takes too long
   */
  async turn(): Promise<void> {
    if (!this.#isOpen) this.#openWindow(mostInWindow);
    if (this.#left > 0 && this.#waiting.length === 0) {
      this.#left -= 1;
      return;
    }
    const since = this.#clock.elapsed();
    await new Promise<void>((letIn, refuse) => this.#waiting.push({ since, letIn, refuse }));
  }

  #openWindow(calls: number): void {
    this.#isOpen = true;
    this.#left = calls;
    const openedAt = this.#clock.elapsed();
    this.#clock.after(windowMs, () => this.#closeWindow(this.#clock.elapsed() - openedAt - windowMs));
  }

  #closeWindow(lateMs: number): void {
    this.#isOpen = false;
    this.#refuseOld();
    if (this.#left === mostInWindow && this.#waiting.length === 0) return;
    this.#openWindow(this.#mostAfter(lateMs));
    for (; this.#left > 0 && this.#waiting.length > 0; this.#left -= 1) this.#waiting.shift()?.letIn();
  }

  /** How many calls the next window takes after one that ended so late. */
  #mostAfter(lateMs: number): number {
    this.#windowsWithout = lateMs < overloadedMs ? 0 : (this.#windowsWithout + 1) % windowsPerCall;
    if (lateMs < busyMs) return mostInWindow;
    return this.#windowsWithout === 0 ? 1 : 0;
  }

  #refuseOld(): void {
    const oldest = this.#clock.elapsed() - longestWaitMs;
    const isOld = ({ since }: Waiting) => since < oldest;
    for (const { refuse } of this.#waiting.filter(isOld)) refuse(new TooManyAtOnce());
    this.#waiting = this.#waiting.filter((waiting) => !isOld(waiting));
  }
}
