import type { WordsSoFar } from '../call/words-so-far.ts';

/**
 * What is being said at this moment, so that a process that is killed takes no more of it along than a moment's words.
 * No part of a call's log: the turn's end says it for good. Kept until the call ends.
 */
export interface UnsettledWords {
  /** In place of what was kept before of each of these calls; of a call that has ended, nothing is kept. */
  keep(words: readonly CallWords[]): Promise<void>;
  /** What was kept last of a call that has not ended. */
  of(callId: string): Promise<readonly WordsSoFar[]>;
}

export interface CallWords {
  readonly callId: string;
  readonly turns: readonly WordsSoFar[];
}
