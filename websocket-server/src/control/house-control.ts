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
}

export interface CostReport {
  readonly currency: 'USD';
  /** By the day of a call's request, UTC. */
  readonly spent: Spent;
  readonly caps: SpendingCaps;
  /** The order to place no more calls; null when there is none. */
  readonly stopped: StopOrder | null;
}
