import type { Call } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallStore, StoredEvent } from '../storage/call-store.ts';
import { CallsGone, EventsAlreadyStored } from '../storage/storage-errors.ts';

/** The events that change more of a call than its words: they are written at once, the others are gathered. */
const weighty: ReadonlySet<CallEvent['type']> = new Set([
  'dialing-started',
  'call-dialed',
  'call-ringing',
  'call-answered',
  'question-asked',
  'question-answered',
  'number-barred',
  'outcome-reported',
  'carrier-cost-noted',
  'hang-up-requested',
  'call-ended',
  'log-let-go',
]);

/** How long light events wait for company, while somebody follows live and while nobody does. */
const watchedGatherMs = 200;
const unwatchedGatherMs = 1000;

const retryMs = 250;
const longestRetryMs = 5000;
const eventsPerWrite = 500;

/** Whom the writer tells of what became of its events. */
export interface WrittenFeed {
  /** Somebody follows live: events are not to wait long for company. */
  isWatched(): boolean;
  /** @param calls those whose folds were written beside the events */
  stored(events: readonly StoredEvent[], calls: readonly Call[]): void;
  /** Calls that were removed: nothing more is noted of them. */
  gone(callIds: readonly string[]): void;
}

/**
 * Writes call events to the store, in the order in which they came, many at once. While the store stalls they wait
 * here, and nothing is lost.
 */
export class EventWriter {
  readonly #store: CallStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #feed: WrittenFeed;
  /** Each event with the call as it was right after it. */
  #queue: { readonly event: CallEvent; readonly call: Call }[] = [];
  #isWriting = false;
  #stopGathering: (() => void) | undefined;

  constructor(store: CallStore, clock: Clock, log: Log, feed: WrittenFeed) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#feed = feed;
  }

  /** How many events wait to be stored. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** @param call as it is right after the event */
  add(event: CallEvent, call: Call): void {
    this.#queue.push({ event, call });
    if (weighty.has(event.type)) this.writeNow();
    else this.#writeSoon();
  }

  /** Writes what waits, without waiting for company. */
  writeNow(): void {
    this.#stopGathering?.();
    this.#stopGathering = undefined;
    if (!this.#isWriting && this.#queue.length > 0) void this.#write();
  }

  /** Each transaction costs a disk's while: light events share one. */
  #writeSoon(): void {
    if (this.#isWriting || this.#stopGathering !== undefined) return;
    const gatherMs = this.#feed.isWatched() ? watchedGatherMs : unwatchedGatherMs;
    this.#stopGathering = this.#clock.after(gatherMs, () => this.writeNow());
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    for (let delay = retryMs; this.#queue.length > 0;) {
      const batch = this.#queue.slice(0, eventsPerWrite);
      const changed = batch.filter(({ event }) => weighty.has(event.type));
      const calls = new Map(changed.map(({ call }) => [call.callId, call]));
      try {
        const events = batch.map(({ event }) => event);
        const stored = await this.#store.append(events, [...calls.values()]);
        this.#queue = this.#queue.slice(batch.length);
        this.#feed.stored(stored, [...calls.values()]);
        delay = retryMs;
      } catch (err) {
        if (err instanceof CallsGone) {
          this.#drop(err.callIds);
          continue;
        }
        if (err instanceof EventsAlreadyStored && (await this.#foundStored(batch))) continue;
        this.#log.error('events could not be stored; they are kept and tried again', {
          err,
          waiting: this.#queue.length,
        });
        await new Promise<void>((resolve) => this.#clock.after(delay, resolve));
        delay = Math.min(longestRetryMs, delay * 2);
      }
    }
    this.#isWriting = false;
  }

  #drop(callIds: readonly string[]): void {
    const gone = new Set(callIds);
    this.#queue = this.#queue.filter(({ event }) => !gone.has(event.callId));
    this.#feed.gone(callIds);
  }

  /**
   * An answer of the store got lost: takes what it wrote off the queue.
   *
   * @returns whether there was any
   */
  async #foundStored(batch: readonly { readonly event: CallEvent }[]): Promise<boolean> {
    const found: StoredEvent[] = [];
    for (const callId of new Set(batch.map(({ event }) => event.callId))) {
      const first = batch.find(({ event }) => event.callId === callId)?.event.sequence ?? 1;
      const events = await this.#store.eventsOf(callId, first - 1).catch(() => []);
      found.push(...events);
    }
    const written = new Set(found.map(({ event }) => `${event.callId} ${event.sequence}`));
    this.#queue = this.#queue.filter(({ event }) => !written.has(`${event.callId} ${event.sequence}`));
    const inOrder = found.toSorted((one, other) => one.position - other.position);
    this.#feed.stored(inOrder, []);
    return found.length > 0;
  }
}
