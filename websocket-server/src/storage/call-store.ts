import type { Call, CallState, Direction } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import type { DoNotCallList } from './do-not-call-list.ts';

/**
 * Where calls are kept. What a method has resolved for survives the end of this process at any moment.
 */
export interface CallStore {
  /**
   * Appends events, in order, and keeps the folds of the calls that they belong to, all or nothing.
   *
   * @param calls the fold of each call named in `events`, after its last event given
   * @returns the events with their positions, in order
   * @throws IdempotencyKeyTaken when a `call-requested` among them repeats a key; EventsAlreadyStored when one of
   *   them was written before, as after an answer that got lost; CallsGone when one is for a call that was removed:
   *   nothing is written
   */
  append(events: readonly CallEvent[], calls: readonly Call[]): Promise<readonly StoredEvent[]>;
  call(callId: string): Promise<Call | undefined>;
  callByCarrierId(carrier: string, carrierCallId: string): Promise<Call | undefined>;
  callByIdempotencyKey(key: string): Promise<Call | undefined>;
  /** The call that was dialed last to a number, if it was dialed after `since`, ms since 1970. */
  lastDialed(to: string, since: number): Promise<Call | undefined>;
  /** All calls that have not ended, oldest first. */
  openCalls(): Promise<readonly Call[]>;
  /** How many calls that have not ended are in each state; states without one are missing. */
  countOpen(): Promise<ReadonlyMap<CallState, number>>;
  /** Newest first. @param before cursor of an earlier page */
  list(query: CallQuery): Promise<CallPage>;
  /** All events of one call, in order. @param afterSequence only later ones */
  eventsOf(callId: string, afterSequence?: number): Promise<readonly StoredEvent[]>;
  /** Events in the order written, oldest first: as many as fit, and one at least while there is any. */
  eventsAfter(position: number, fit: EventFit): Promise<readonly StoredEvent[]>;
  /** The position from which `eventsAfter` gives the last `count` events. */
  positionBefore(count: number): Promise<number>;
  /**
   * Takes calls that are due: scheduled for `now` or before, and not dialed. None is due again before `until`, for
   * nobody on this database; never again once it is on record as dialing or ended.
   *
   * @param now ms since 1970; @param until likewise
   */
  claimDue(now: number, until: number, most: number): Promise<readonly Call[]>;
  /** Makes a call that was taken due again at `until`. */
  postpone(callId: string, until: number): Promise<void>;
  /** When the next call is due, ms since 1970; undefined when none is scheduled. */
  nextDueAt(): Promise<number | undefined>;
  /** What the gate needs to know of a number and of the calls dialed lately. One query, by indexes. */
  dialTally(query: DialTallyQuery): Promise<DialTally>;
  /** Numbers that are never called again. A `number-barred` event that is appended puts its number on it, too. */
  readonly doNotCall: DoNotCallList;
  /** What calls requested on a day and later have cost, as far as known, by day. One row a day, however many calls. */
  costsSince(day: number): Promise<readonly DayCost[]>;
  /** Ended calls whose carrier has not told its price, newest first. @param endedAfter ms since 1970 */
  callsToPrice(endedAfter: number, limit: number): Promise<readonly Call[]>;
  /** The operator's order to place no more calls; null when there is none. */
  stopOrder(): Promise<StopOrder | null>;
  /** @param order null takes it back */
  keepStopOrder(order: StopOrder | null): Promise<void>;
  close(): Promise<void>;
}

export interface DayCost {
  /** Whole days since 1970, UTC. */
  readonly day: number;
  readonly usd: number;
}

export interface StopOrder {
  /** ms since 1970. */
  readonly since: number;
  readonly reason: string | null;
}

/** How much is read at once. */
export interface EventFit {
  /** Only those of one call. */
  readonly callId?: string | undefined;
  readonly mostEvents: number;
  /** Of JSON: once so many are reached, no further event is read. */
  readonly mostBytes: number;
}

export interface StoredEvent {
  /** Grows with each event written, over all calls; may skip numbers. */
  readonly position: number;
  readonly event: CallEvent;
}

export interface CallQuery {
  readonly states?: readonly CallState[] | undefined;
  readonly direction?: Direction | undefined;
  /**
   * Only calls whose goal has these words, or whose person's number has these digits. Looks at a bounded number of
   * calls: a page may then be short, or empty, and still have a `nextCursor`.
   */
  readonly search?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
  readonly before?: string | undefined;
}

export interface CallPage {
  readonly calls: readonly Call[];
  /** Give it as `before` to go on; null at the end. */
  readonly nextCursor: string | null;
}

/** Calls dialed since a moment, counted up to `most`; `Infinity` counts none. */
export interface CountQuery {
  /** ms since 1970. */
  readonly since: number;
  readonly most: number;
}

export interface DialTallyQuery {
  readonly to: string;
  readonly hour: CountQuery;
  readonly day: CountQuery;
  /** Of the calls to `to` alone. */
  readonly dayToNumber: CountQuery;
}

export interface DialTally {
  readonly lastHour: number;
  readonly lastDay: number;
  readonly lastDayToNumber: number;
  readonly isOnDoNotCallList: boolean;
}
