import type { Call } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';

/** Events on their way to the operator's address, kept until they are there. */
export interface WebhookOutbox {
  /**
   * Takes deliveries that are due. None is due again before `until`, for nobody on this database. One waits for
   * those of its call that came before it, until they have failed some times.
   *
   * @param now ms since 1970; @param until likewise
   */
  claim(now: number, until: number, most: number): Promise<readonly Delivery[]>;
  /** When the next one can be claimed, ms since 1970; undefined when none waits. */
  nextDueAt(): Promise<number | undefined>;
  /** Notes how an attempt went. */
  note(id: string, attempt: DeliveryAttempt): Promise<void>;
  /** Newest first. @param before `nextCursor` of an earlier page */
  page(query: DeliveryQuery): Promise<DeliveryPage>;
  /** How many there are that wait, and that are dead. */
  counts(): Promise<{ readonly waiting: number; readonly dead: number }>;
  /** Makes a delivery due at once, as if it had never been tried. @returns false when there is none with that id */
  replay(id: string, now: number): Promise<boolean>;
  /** The same with all that are dead. @returns how many there were */
  replayDead(now: number): Promise<number>;
  /** Deletes what was delivered, or died, before a time. @returns how many there were, up to `most` */
  sweep(before: number, most: number): Promise<number>;
}

/** What of an event is to be sent; nothing, where it is undefined. @param call the fold after it, where it is known */
export type WebhookWriter = (event: CallEvent, call: Call | undefined) => WebhookMessage | undefined;

export interface WebhookMessage {
  readonly kind: string;
  /** JSON, as it is signed and sent, each time the same. */
  readonly body: string;
}

export const deliveryStates = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Times are ms since 1970. */
export interface Delivery {
  /** The same at each attempt. */
  readonly id: string;
  readonly callId: string | null;
  readonly kind: string;
  readonly body: string;
  readonly state: DeliveryState;
  readonly createdAt: number;
  readonly attempts: number;
  /** When it is tried next; null when it is not. */
  readonly nextAt: number | null;
  readonly lastAt: number | null;
  /** HTTP status of the last answer; null when there was none. */
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

export interface DeliveryAttempt {
  readonly at: number;
  readonly status: number | null;
  /** null when it was taken. */
  readonly error: string | null;
  readonly state: DeliveryState;
  readonly nextAt: number | null;
}

export interface DeliveryQuery {
  readonly state?: DeliveryState | undefined;
  readonly callId?: string | undefined;
  readonly limit: number;
  readonly before?: string | undefined;
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  /** Give it as `before` to go on; null at the end. */
  readonly nextCursor: string | null;
}
