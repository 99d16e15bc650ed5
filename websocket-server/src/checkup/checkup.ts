import type { Check, CheckResult, Finding } from '../lib/check.ts';
import { TelephoneError } from '../lib/errors.ts';
import type { Clock } from '../lib/runtime.ts';
import type { Log } from '../lib/log.ts';

/** A check that has a result, or one that is still asking. */
export type CheckProgress =
  | CheckResult
  | { readonly id: string; readonly title: string; readonly state: 'running'; readonly message: string };

export interface CheckupReport {
  /** No check found a problem; while checks are running, none so far. */
  readonly isReady: boolean;
  readonly isRunning: boolean;
  /** When the run began, ms since 1970. */
  readonly startedAt: number;
  readonly checks: readonly CheckProgress[];
}

/** No check may take longer, in ms, so neither does a run. */
export const checkLimitMs = 20_000;

/** Runs the checks of the set-up, all at once, and tells how far they are. */
export class Checkup {
  readonly #checks: () => readonly Check[];
  readonly #clock: Clock;
  readonly #log: Log;
  #progress: CheckProgress[] = [];
  #running: Promise<void> | undefined;
  #startedAt = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  /** @param checks gives the checks of one run; they may share what they have been told */
  constructor(checks: () => readonly Check[], { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#checks = checks;
    this.#clock = clock;
    this.#log = log;
  }

  /** Starts a run, unless one is running. @param freshMs one that ended no longer ago stands */
  start(freshMs = 0): void {
    if (this.#running !== undefined || this.#clock.elapsed() - this.#endedAt < freshMs) return;
    const checks = this.#checks();
    this.#startedAt = this.#clock.now();
    this.#progress = checks.map(({ id, title }) => ({ id, title, state: 'running', message: '' }));
    this.#running = this.#runAll(checks);
  }

  report(): CheckupReport {
    return {
      isReady: !this.#progress.some(({ state }) => state === 'problem'),
      isRunning: this.#running !== undefined,
      startedAt: this.#startedAt,
      checks: [...this.#progress],
    };
  }

  /** Resolves when the run under way has ended, at once when there is none. */
  async settled(): Promise<CheckupReport> {
    await this.#running;
    return this.report();
  }

  async #runAll(checks: readonly Check[]): Promise<void> {
    await Promise.all(checks.map((check, index) => this.#run(check, index)));
    this.#endedAt = this.#clock.elapsed();
    this.#running = undefined;
  }

  async #run(check: Check, index: number): Promise<void> {
    const { id, title } = check;
    this.#progress[index] = { id, title, ...(await this.#finding(check)) };
  }

  async #finding(check: Check): Promise<Finding> {
    let forgetLimit: () => void = () => {};
    const tooLong = new Promise<Finding>((resolve) => {
      forgetLimit = this.#clock.after(checkLimitMs, () =>
        resolve({
          state: 'problem',
          message: `No answer within ${checkLimitMs / 1000} s.`,
          fix: 'Check the network, then run the checks again.',
        }),
      );
    });
    try {
      return await Promise.race([check.run(), tooLong]);
    } catch (err) {
      if (err instanceof TelephoneError) return { state: 'problem', message: err.message };
      this.#log.error('a check failed', { check: check.id, err });
      return { state: 'problem', message: 'The check itself failed; the server’s log says why.' };
    } finally {
      forgetLimit();
    }
  }
}
