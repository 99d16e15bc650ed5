import type { WordsSoFar } from '../call/words-so-far.ts';

/**
 * What is being said at this moment, so that a process that is killed takes no more of it along than a moment's words.
 * No part of a call's log: the turn's end says it for good.
 */
export interface UnsettledWords {
  /** In place of all that this server kept before. */
  keep(words: readonly CallWords[]): Promise<void>;
  /** What was kept last of a call whose server is gone. */
  of(callId: string): Promise<readonly WordsSoFar[]>;
  /** Drops what servers have left that are gone, and whose calls are settled. */
  forgetGone(): Promise<void>;
}

export interface CallWords {
  readonly callId: string;
  readonly turns: readonly WordsSoFar[];
}
