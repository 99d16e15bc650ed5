import type { Call, LetGo } from '../call/call.ts';

/** What is kept of calls that are over, and how it is let go. */
export interface KeptCalls {
  /** Ended calls of which more is kept than `what` leaves, longest ended first. @param endedBefore ms since 1970 */
  toThin(what: LetGo, endedBefore: number, most: number): Promise<readonly string[]>;
  /** Ended calls, longest ended first. @param endedBefore ms since 1970 */
  endedBefore(endedBefore: number, most: number): Promise<readonly Call[]>;
  /** Calls with a person, oldest first, open ones among them. @param number E.164 */
  ofPerson(number: string): Promise<readonly Call[]>;
  /** Calls in the order of their requests, oldest first. @param query.after the last one of the page before */
  walk(query: WalkQuery): Promise<readonly Call[]>;
  /**
   * Removes calls that have ended, with their events and all that refers to them. What they cost stays in the sums
   * of the days.
   *
   * @param scrubBy by when their bytes are to leave the files, ms since 1970
   * @returns the ids of those removed
   */
  remove(callIds: readonly string[], scrubBy: number): Promise<readonly string[]>;
  /** When bytes of what was removed are to leave the files, ms since 1970; undefined when there are none. */
  scrubDueAt(): Promise<number | undefined>;
  /** Has them leave. The database answers nothing else meanwhile, which may take seconds. */
  scrub(): Promise<void>;
}

export interface WalkQuery {
  /** Only those with whoever has this number, E.164. */
  readonly person: string | undefined;
  /** Only those requested then or later, ms since 1970. */
  readonly since: number | undefined;
  readonly after: Pick<Call, 'callId' | 'requestedAt'> | undefined;
  readonly limit: number;
}
