import type { Call } from '../call/call.ts';
import { isEnded } from '../call/call.ts';
import type { CallEvent, CallHappening, CallHint, TurnGrowing } from '../call/call-event.ts';
import { knownUsd } from '../call/cost.ts';
import { foldCall } from '../call/fold-call.ts';
import { emptyTranscript, foldTranscript } from '../call/transcript.ts';
import type { Transcript } from '../call/transcript.ts';
import { CallNotFound } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { StoredEvent } from '../storage/call-store.ts';
import type { CallReading } from './call-control.ts';
import { EventWriter } from './event-writer.ts';
import type { EventStore, QueuedEvent } from './event-writer.ts';
import { GatheredHints } from './gathered-hints.ts';

/** The events that a waiting client wants to hear of: words, and moves of the state. */
const news: ReadonlySet<CallEvent['type']> = new Set([
  'turn-ended',
  'call-ringing',
  'call-answered',
  'outcome-reported',
  'question-asked',
  'call-ended',
]);

export function isNews(event: CallEvent): boolean {
  return news.has(event.type);
}

/** Told of what became durable, in the order of the log, and of live hints. */
export interface FeedListener {
  /** Counts only: words may reach it a second late, and hints need not. */
  readonly isPatient?: boolean;
  stored(events: readonly StoredEvent[]): void;
  hint(hint: CallHint): void;
}

interface LiveCall {
  call: Call;
  transcript: Transcript;
  /** Sequence up to which the store has it. */
  storedSequence: number;
  /** Sequence of the last event that a waiting client wants to hear of. */
  newsSequence: number;
  /** What it has cost, in USD, by the fold that the store has: written when it changes, not for each response. */
  storedUsd: number;
  /** The words so far of each turn that is still being spoken. */
  readonly growing: Map<string, TurnGrowing>;
  /** Another server wrote to it while it went on here: it stays until it is released, whatever has become of it. */
  isHeld?: boolean;
}

/**
 * The one writer of call events. An event is folded in at once, so that the live call never waits for the store;
 * it is told to listeners when it is durable. While the store stalls, events wait here and nothing is lost.
 */
export class CallFeed {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #writer: EventWriter;
  readonly #live = new Map<string, LiveCall>();
  readonly #listeners = new Set<FeedListener>();
  /** Somebody follows as it happens, and does not only count. */
  #isWatched = false;
  /** Events of ended calls that are on their way into the record. */
  readonly #late = new Set<Promise<unknown>>();
  readonly #hints: GatheredHints;
  #waiters: { readonly callId: string; readonly sequence: number; readonly resolve: () => void }[] = [];

  constructor(store: EventStore, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#writer = new EventWriter(store, clock, log, {
      isWatched: () => this.#isWatched,
      stored: (events, calls) => {
        this.#noteStoredCosts(calls);
        this.#tell(events);
      },
      gone: (callIds) => {
        for (const callId of callIds) this.#live.delete(callId);
        this.#resolveWaiters();
      },
      overtaken: (callId, events, stored, waiting) => this.#overtaken(callId, events, stored, waiting),
    });
    this.#hints = new GatheredHints(clock, (hint) => this.#tellHint(hint));
  }

  /**
   * Starts a call's log, and resolves when its first happenings are durable.
   *
   * @throws IdempotencyKeyTaken and whatever the store throws: then nothing was written
   */
  async begin(callId: string, happenings: readonly CallHappening[]): Promise<Call> {
    const live = this.#folded(callId, undefined, happenings);
    const stored = await this.#store.append(live.events, [live.call]);
    this.#live.set(callId, {
      call: live.call,
      transcript: emptyTranscript,
      storedSequence: live.call.sequence,
      newsSequence: 0,
      storedUsd: knownUsd(live.call.cost),
      growing: new Map(),
    });
    this.#tell(stored);
    return live.call;
  }

  /** Takes up a call that an earlier process left open. */
  async resume(call: Call): Promise<void> {
    const events = await this.#store.eventsOf(call.callId);
    const transcript = transcriptOf(events);
    if (this.#live.has(call.callId)) return;
    const current = upToDate(call, events);
    this.#live.set(call.callId, {
      call: current,
      transcript,
      storedSequence: current.sequence,
      newsSequence: current.sequence,
      storedUsd: knownUsd(call.cost),
      growing: new Map(),
    });
  }

  /** Lets go of a call that is on record and at which nothing happens here any more. `resume` takes it up again. */
  release(callId: string): void {
    this.#live.delete(callId);
  }

  /**
   * Notes what happened to a live call.
   *
   * @returns the call after it; undefined when it changes nothing, or the call is not live: then nobody is told
   */
  record(callId: string, happening: CallHappening): Call | undefined {
    const live = this.#live.get(callId);
    if (live === undefined) return undefined;
    const event = this.#event(callId, live.call.sequence + 1, happening);
    const call = foldCall(live.call, event);
    if (call === live.call) return undefined;
    live.call = call;
    live.transcript = foldTranscript(live.transcript, event);
    if (event.type === 'turn-ended') {
      this.#hints.settled(event);
      live.growing.delete(event.turnId);
    }
    if (isNews(event)) live.newsSequence = event.sequence;
    this.#writer.add(event, call);
    return call;
  }

  /**
   * Notes what became known of a call that may have ended long ago, and resolves when that is durable.
   *
   * @returns the call after it; undefined when it changes nothing, or there is no such call
   */
  async recordLate(callId: string, happening: CallHappening): Promise<Call | undefined> {
    const recording = this.#recordLate(callId, happening);
    this.#late.add(recording);
    try {
      return await recording;
    } finally {
      this.#late.delete(recording);
    }
  }

  async #recordLate(callId: string, happening: CallHappening): Promise<Call | undefined> {
    if (!this.#live.has(callId)) {
      const stored = await this.#store.call(callId);
      if (stored === undefined) return undefined;
      await this.resume(stored);
    }
    const call = this.record(callId, happening);
    await this.durable(callId);
    this.#forgetIfOver(callId);
    return call;
  }

  /** How many events wait to be stored. */
  get unwritten(): number {
    return this.#writer.waiting;
  }

  /** Live calls with what they have cost, in USD, beyond what the store knows. */
  unstoredCosts(): readonly { readonly call: Call; readonly usd: number }[] {
    return [...this.#live.values()].map(({ call, storedUsd }) => ({
      call,
      usd: knownUsd(call.cost) - storedUsd,
    }));
  }

  /**
   * Tells what is not kept. Words still being spoken are told several at once, and kept until the turn has ended, for
   * who comes amid it; how loud both are is told as it comes, which is seldom.
   */
  hint(hint: CallHint): void {
    if (hint.type === 'turn-growing') this.#live.get(hint.callId)?.growing.set(hint.turnId, hint);
    if (!this.#isWatched) return;
    if (hint.type === 'turn-growing') this.#hints.add(hint);
    else this.#tellHint(hint);
  }

  /** Resolves when all that was recorded of a call so far is durable. */
  durable(callId: string): Promise<void> {
    const live = this.#live.get(callId);
    if (live === undefined || live.storedSequence >= live.call.sequence) return Promise.resolve();
    const { sequence } = live.call;
    this.#writer.writeNow();
    return new Promise((resolve) => this.#waiters.push({ callId, sequence, resolve }));
  }

  /** A live call as it is now; undefined when it is not live. */
  live(callId: string): CallReading | undefined {
    const live = this.#live.get(callId);
    return live && { call: live.call, transcript: live.transcript };
  }

  /** The words so far of a live call's turns that are still being spoken. */
  growing(callId: string): readonly TurnGrowing[] {
    return [...(this.#live.get(callId)?.growing.values() ?? [])];
  }

  /** Whether a live call has news later than a sequence number. */
  hasNews(callId: string, afterSequence: number): boolean {
    return (this.#live.get(callId)?.newsSequence ?? 0) > afterSequence;
  }

  /** @throws CallNotFound */
  async read(callId: string): Promise<CallReading> {
    const live = this.live(callId);
    if (live !== undefined) return live;
    const call = await this.#store.call(callId);
    if (call === undefined) throw new CallNotFound(callId);
    const events = await this.#store.eventsOf(callId);
    return {
      call: upToDate(call, events),
      transcript: transcriptOf(events),
    };
  }

  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    this.#noteWatched();
    return () => {
      this.#listeners.delete(listener);
      this.#noteWatched();
    };
  }

  /** Resolves when the queue is empty. */
  async drained(): Promise<void> {
    await Promise.allSettled(this.#late);
    await Promise.all([...this.#live.keys()].map((callId) => this.durable(callId)));
  }

  #noteWatched(): void {
    this.#isWatched = [...this.#listeners].some((listener) => listener.isPatient !== true);
  }

  #tellHint(hint: CallHint): void {
    this.#tellEach((listener) => listener.hint(hint));
  }

  /** A listener that fails keeps neither the others nor the call from going on. */
  #tellEach(tell: (listener: FeedListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        tell(listener);
      } catch (err) {
        this.#log.error('a listener of calls failed', { err });
      }
    }
  }

  #event(callId: string, sequence: number, happening: CallHappening): CallEvent {
    return { ...happening, callId, sequence, at: this.#clock.now() };
  }

  #folded(callId: string, call: Call | undefined, happenings: readonly CallHappening[]) {
    const events = happenings.map((happening, index) =>
      this.#event(callId, (call?.sequence ?? 0) + index + 1, happening),
    );
    const folded = events.reduce<Call | undefined>((before, event) => foldCall(before, event), call);
    if (folded === undefined) throw new TypeError('a call begins with what happened to it');
    return { events, call: folded };
  }

  #noteStoredCosts(calls: Iterable<Call>): void {
    for (const { callId, cost } of calls) {
      const live = this.#live.get(callId);
      if (live !== undefined) live.storedUsd = knownUsd(cost);
    }
  }

  #tell(stored: readonly StoredEvent[]): void {
    for (const { event } of stored) {
      const live = this.#live.get(event.callId);
      if (live !== undefined) live.storedSequence = event.sequence;
    }
    this.#tellEach((listener) => listener.stored(stored));
    this.#resolveWaiters();
    for (const { event } of stored) this.#forgetIfOver(event.callId);
  }

  /**
   * Takes up a call where another server has brought it. What we had noted of a call that goes on counts for nothing: we
   * took it for another one than it was. What became known of one that has ended stands behind its end.
   */
  #overtaken(
    callId: string,
    log: readonly StoredEvent[],
    stored: Call,
    waiting: readonly CallEvent[],
  ): readonly QueuedEvent[] {
    const live = this.#live.get(callId);
    if (live === undefined) return [];
    const untold = log.filter(({ event }) => event.sequence > live.storedSequence);
    live.isHeld ||= !isEnded(live.call);
    live.call = upToDate(stored, log);
    live.transcript = transcriptOf(log);
    live.storedSequence = live.call.sequence;
    live.storedUsd = knownUsd(stored.cost);
    const kept: QueuedEvent[] = [];
    for (const event of isEnded(live.call) ? waiting : []) {
      const moved = { ...event, sequence: live.call.sequence + 1 };
      const call = foldCall(live.call, moved);
      if (call === live.call) continue;
      live.call = call;
      live.transcript = foldTranscript(live.transcript, moved);
      kept.push({ event: moved, call });
    }
    const { sequence } = live.call;
    this.#waiters = this.#waiters.map((waiter) =>
      waiter.callId === callId ? { ...waiter, sequence } : waiter,
    );
    this.#tell(untold);
    return kept;
  }

  #resolveWaiters(): void {
    const isStored = ({ callId, sequence }: { callId: string; sequence: number }) =>
      (this.#live.get(callId)?.storedSequence ?? Infinity) >= sequence;
    const ready = this.#waiters.filter(isStored);
    this.#waiters = this.#waiters.filter((waiter) => !isStored(waiter));
    for (const { resolve } of ready) resolve();
  }

  /** An ended call whose log is complete is read from the store from here on. */
  #forgetIfOver(callId: string): void {
    const live = this.#live.get(callId);
    if (live === undefined || live.isHeld === true) return;
    if (isEnded(live.call) && live.storedSequence >= live.call.sequence) {
      this.#live.delete(callId);
    }
  }
}

function transcriptOf(events: readonly StoredEvent[]): Transcript {
  return events.reduce((turns, { event }) => foldTranscript(turns, event), emptyTranscript);
}

/** A stored call's fold is written when something weighty changes it: it may be behind its events. */
function upToDate(call: Call, events: readonly StoredEvent[]): Call {
  const later = events.filter(({ event }) => event.sequence > call.sequence);
  return later.reduce((before, { event }) => foldCall(before, event), call);
}
