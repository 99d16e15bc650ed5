import type { Call, LetGo } from '../call/call.ts';

/** What whoever keeps calls, or lets them go, asks of whoever runs them. */
export interface CallShelf {
  /** How many calls go on in this process. */
  readonly openCount: number;
  /**
   * Lets go of words or events of an ended call, durably.
   *
   * @returns whether that changed anything
   */
  letGo(callId: string, what: LetGo): Promise<boolean>;
  /** Takes note that a call was removed from the store. */
  forget(callId: string): void;
  cancel(callId: string): Promise<{ readonly call: Call; readonly wasOpen: boolean }>;
}
