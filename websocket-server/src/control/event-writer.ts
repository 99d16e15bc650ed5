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
  'hang-up-unconfirmed',
  'call-ended',
  'log-let-go',
]);

/** How long light events wait for company, while somebody follows live and while nobody does. */
const watchedGatherMs = 200;
const unwatchedGatherMs = 1000;

/**
 * Words that are settled wait no longer than this after the last write, which in few calls is not at all: a kill is to
 * take none of them along. Four writes a second took 5 % of the CPU of a hundred calls; until then the words are kept.
 */
const settledGatherMs = 1000;

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
  /**
   * Another server wrote to a call meanwhile: its log goes on from there.
   *
   * @param waiting events of ours that found their places taken
   * @returns those of them that still count, in places behind the log
   */
  overtaken(
    callId: string,
    log: readonly StoredEvent[],
    stored: Call,
    waiting: readonly CallEvent[],
  ): readonly QueuedEvent[];
}

/** What a writer asks of the store. */
export type EventStore = Pick<CallStore, 'append' | 'call' | 'eventsOf'>;

/** An event with the call as it is right after it. */
export interface QueuedEvent {
  readonly event: CallEvent;
  readonly call: Call;
}

/**
 * Writes call events to the store, in the order in which they came, many at once. While the store stalls they wait
 * here, and nothing is lost.
 */
export class EventWriter {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #feed: WrittenFeed;
  #queue: QueuedEvent[] = [];
  #isWriting = false;
  #stopGathering: (() => void) | undefined;
  /** When gathering ends, and when the last write did, by the monotonic clock. */
  #gathersUntil = 0;
  #wroteAt = -Infinity;

  constructor(store: EventStore, clock: Clock, log: Log, feed: WrittenFeed) {
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
    else this.#writeSoon(event.type === 'turn-ended');
  }

  /** Writes what waits, without waiting for company. */
  writeNow(): void {
    this.#stopGathering?.();
    this.#stopGathering = undefined;
    if (!this.#isWriting && this.#queue.length > 0) void this.#write();
  }

  /** Each transaction costs a disk's while: light events share one. */
  #writeSoon(isSettled: boolean): void {
    if (this.#isWriting) return;
    const now = this.#clock.elapsed();
    const gatherMs = this.#feed.isWatched() ? watchedGatherMs : unwatchedGatherMs;
    const until = isSettled
      ? Math.min(now + gatherMs, Math.max(now, this.#wroteAt + settledGatherMs))
      : now + gatherMs;
    if (this.#stopGathering !== undefined && this.#gathersUntil <= until) return;
    this.#stopGathering?.();
    this.#gathersUntil = until;
    this.#stopGathering = this.#clock.after(until - now, () => this.writeNow());
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
    this.#wroteAt = this.#clock.elapsed();
  }

  #drop(callIds: readonly string[]): void {
    const gone = new Set(callIds);
    this.#queue = this.#queue.filter(({ event }) => !gone.has(event.callId));
    this.#feed.gone(callIds);
  }

  /**
   * Places in the log are taken: by these very events, of which the store's answer got lost, or by another server's.
   *
   * @returns whether what waits has changed by that
   */
  async #foundStored(batch: readonly QueuedEvent[]): Promise<boolean> {
    const found: StoredEvent[] = [];
    const overtaken: string[] = [];
    for (const callId of new Set(batch.map(({ event }) => event.callId))) {
      const ours = batch.flatMap(({ event }) => (event.callId === callId ? [event] : []));
      const first = ours[0]?.sequence ?? 1;
      const events = await this.#store.eventsOf(callId, first - 1).catch(() => []);
      if (events.some(({ event }) => isAnother(event, ours))) overtaken.push(callId);
      else found.push(...events);
    }
    const written = new Set(found.map(({ event }) => `${event.callId} ${event.sequence}`));
    this.#queue = this.#queue.filter(({ event }) => !written.has(`${event.callId} ${event.sequence}`));
    const inOrder = found.toSorted((one, other) => one.position - other.position);
    this.#feed.stored(inOrder, []);
    const moved = await Promise.all(overtaken.map((callId) => this.#moveBehind(callId)));
    return found.length > 0 || moved.includes(true);
  }

  /** Puts what waits of a call behind what another server wrote of it. @returns false when the store cannot tell that */
  async #moveBehind(callId: string): Promise<boolean> {
    let stored: Call | undefined;
    let log: readonly StoredEvent[];
    try {
      stored = await this.#store.call(callId);
      log = await this.#store.eventsOf(callId);
    } catch {
      return false;
    }
    this.#log.warn('another server has written to a call of this one', { callId });
    const isOfCall = ({ event }: QueuedEvent) => event.callId === callId;
    const waiting = this.#queue.filter(isOfCall).map(({ event }) => event);
    if (stored === undefined) this.#drop([callId]);
    else {
      const kept = this.#feed.overtaken(callId, log, stored, waiting);
      this.#queue = [...this.#queue.filter((queued) => !isOfCall(queued)), ...kept];
    }
    return true;
  }
}

/** Whether a stored event has the place of one of ours and is not that one. */
function isAnother(stored: CallEvent, ours: readonly CallEvent[]): boolean {
  const own = ours.find(({ sequence }) => sequence === stored.sequence);
  return own !== undefined && textOf(own) !== textOf(stored);
}

function textOf({ type, callId, sequence, at, ...body }: CallEvent): string {
  return JSON.stringify([type, callId, sequence, at, body]);
}
