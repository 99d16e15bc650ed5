import type { Call } from '../call/call.ts';

/**
 * Which servers share one database, and whose each open call is. A call is of the server that wrote its beginning, or
 * its dialing.
 */
export interface ServerInstances {
  /** False where no other server can be: the embedded database. */
  readonly areShared: boolean;
  /** Tells the others that this server is there. */
  beat(): Promise<void>;
  /**
   * Takes over open calls whose server is gone: not seen for `silentMs`, by the database's clock, or not shared with
   * at all. No two servers get the same call. Calls that wait for their time are nobody's.
   */
  adopt(silentMs: number): Promise<readonly Call[]>;
  /** Leaves word, for whichever server holds a call, that its owner wants it to end. @returns false when it has ended, or is none */
  askToEnd(callId: string): Promise<boolean>;
  /** The ids of open calls for which `askToEnd` has left word. */
  askedToEnd(): Promise<readonly string[]>;
  /** Where the server is reached that holds a call, as it tells itself; null where none that is there does. */
  whereHeld(callId: string): Promise<string | null>;
  /** Tells the others that this server goes. */
  leave(): Promise<void>;
}
