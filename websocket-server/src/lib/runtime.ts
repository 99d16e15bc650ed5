import type { Log } from './log.ts';
import type { Tally } from './tally.ts';

/** The world, handed in: only `main.ts` and tests build one. */
export interface Runtime {
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
  /** A new unguessable id: `prefix`, an underscore and 22 letters and digits. */
  newId(prefix: string): string;
  readonly fetch: typeof globalThis.fetch;
}

export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Monotonic ms, for durations. */
  elapsed(): number;
  /** Runs `task` once after `ms`; the returned function takes it back, any number of times. */
  after(ms: number, task: () => void): () => void;
}
