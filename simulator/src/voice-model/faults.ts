/** What goes wrong with one session. Failures of single responses are acts of the brain: see `script.ts`. */
export interface Faults {
  /** The upgrade is answered with this HTTP status instead. */
  readonly refusesUpgradeWith?: number;
  /** The upgrade is answered only after so long. */
  readonly opensAfterMs?: number;
  /** Types of client events that are taken and never acted on. */
  readonly ignores?: readonly string[];
  /** The session's longest life in place of an hour; then `session_expired` and close 1001. */
  readonly expiresAfterMs?: number;
  /** Sends events and fields that no documentation knows. */
  readonly sendsUnknownEvents?: boolean;
  /**
   * What becomes of the person's transcripts: never sent, reported as failed, sent after so long,
   * or each pair in reverse order.
   */
  readonly transcripts?: 'missing' | 'failed' | 'reversed' | { readonly lateMs: number };
}
