import type { Runtime } from '../../lib/runtime.ts';

/** While something is wrong, the account is asked again no more often than this. */
const recheckMs = 30_000;

const refused = 'The carrier does not accept its credentials. The page /setup says which, and what to do.';
const unreached = 'The carrier cannot be reached.';

/** Whether Twilio takes our credentials and can be reached, as its last answers tell. */
export class AccountHealth {
  readonly #runtime: Pick<Runtime, 'clock' | 'fetch'>;
  #problem: string | null = null;
  #nextCheckAt = 0;

  constructor(runtime: Pick<Runtime, 'clock' | 'fetch'>) {
    this.#runtime = runtime;
  }

  /** `fetch`, with an eye on the answers. */
  readonly fetch: typeof globalThis.fetch = async (...request) => {
    try {
      const response = await this.#runtime.fetch(...request);
      this.#note(response.status === 401 ? refused : null);
      return response;
    } catch (error) {
      this.#note(unreached);
      throw error;
    }
  };

  /**
   * null while all is well, and before anything was asked. While something is wrong it looks again on the side.
   *
   * @param recheck asks for the account, by `fetch`
   */
  problem(recheck: () => Promise<unknown>): string | null {
    const now = this.#runtime.clock.elapsed();
    if (this.#problem !== null && now >= this.#nextCheckAt) {
      this.#nextCheckAt = now + recheckMs;
      recheck().catch(() => undefined);
    }
    return this.#problem;
  }

  #note(problem: string | null): void {
    if (this.#problem === null) this.#nextCheckAt = this.#runtime.clock.elapsed() + recheckMs;
    this.#problem = problem;
  }
}
