import type { TallyEntry } from '../lib/tally.ts';
import type { StopOrder } from '../storage/call-store.ts';
import type { SpendingCaps, Spent } from './spending.ts';

/** What the operator may ask of the house as a whole. */
export interface HouseControl {
  /** What calls have cost, and what they may. */
  costs(): Promise<CostReport>;
  /**
   * Places no more calls and has the live ones take their leave. Holds over restarts, until `resume`.
   *
   * @param reason told to whoever wants to place a call
   * @returns the order, and how many calls are ending
   */
  stopAll(reason: string | null): Promise<{ readonly stopped: StopOrder; readonly ending: number }>;
  resume(): Promise<void>;
  /** How much waits in this process at the moment, and what it has counted. */
  load(): HouseLoad;
}

export interface HouseLoad {
  /** Events of calls that the store does not have yet. */
  readonly unwrittenEvents: number;
  readonly watchers: number;
  /** Of these, who are still told what happened before: they have just come, or do not read as fast as calls go on. */
  readonly watchersBehind: number;
  /** Audio in memory that its taker has not taken, in all live calls. */
  readonly waitingAudioBytes: { readonly toPerson: number; readonly toModel: number };
  readonly counts: readonly TallyEntry[];
}

export interface CostReport {
  readonly currency: 'USD';
  /** By the day of a call's request, UTC. */
  readonly spent: Spent;
  readonly caps: SpendingCaps;
  /** The order to place no more calls; null when there is none. */
  readonly stopped: StopOrder | null;
}
