import type { Call } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { CallFeed } from './call-feed.ts';
import { isMomentary, sentenceOf } from './policy/call-policy.ts';
import type { Admission } from './policy/call-policy.ts';
import { endUndialed } from './undialed.ts';

export interface ScheduledCallsParts {
  readonly store: Pick<CallStore, 'call' | 'claimDue' | 'postpone' | 'nextDueAt'>;
  readonly feed: CallFeed;
  readonly carrierName: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Asks the gate, at the moment of dialing. */
  readonly admit: (call: Call) => Promise<Admission>;
  /** Dials a call that is on record as dialing. */
  readonly dial: (call: Call) => Promise<void>;
}

/** How late a call may still be dialed. */
const latestMs = 60 * 60_000;
/**
 * How long a call that was taken up is left alone, by us and by others on the same database. It is on record as
 * dialing long before, and then never due again.
 */
const claimMs = 2 * 60_000;
/** When a call is tried again that came at a moment when there were too many. */
const momentMs = 15_000;
/** The wall clock may be set, and others may schedule: nothing is slept through for longer. */
const longestSleepMs = 60_000;
const callsAtOnce = 20;

/** Calls asked for in advance: kept in the store, taken up when they are due, dialed once or not at all. */
export class ScheduledCalls {
  readonly #parts: ScheduledCallsParts;
  /** What is being done with a call at the moment. */
  readonly #busy = new Map<string, Promise<void>>();
  #serving: Promise<void> = Promise.resolve();
  #stopTimer: () => void = () => {};
  #wakesAt = Infinity;
  #isStopped = false;

  constructor(parts: ScheduledCallsParts) {
    this.#parts = parts;
  }

  /** Takes up what is due, from here on until `stop`. */
  start(): void {
    this.#wake(0);
  }

  /** A call was put into the store. @param at when it is due, ms since 1970 */
  added(at: number): void {
    const { clock } = this.#parts;
    if (at < this.#wakesAt) this.#wake(at - clock.now());
  }

  /** Resolves when nothing is being done with a call. */
  async settled(callId: string): Promise<void> {
    await this.#busy.get(callId);
  }

  /** Ends a call that waits for its time, if it does; resolves once its end is on record. */
  async cancel(callId: string): Promise<void> {
    await this.settled(callId);
    await this.#withCall(callId, async () => {
      const call = await this.#parts.store.call(callId);
      if (call?.state === 'queued') await this.#end(call, 'canceled', endReason('owner', 'canceled'));
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopTimer();
    await this.#serving;
    await Promise.all(this.#busy.values());
  }

  #wake(inMs: number): void {
    if (this.#isStopped) return;
    const { clock } = this.#parts;
    const ms = Math.min(longestSleepMs, Math.max(0, inMs));
    this.#stopTimer();
    this.#wakesAt = clock.now() + ms;
    this.#stopTimer = clock.after(ms, () => {
      this.#wakesAt = Infinity;
      this.#serving = this.#serving.then(() => this.#serve());
    });
  }

  async #serve(): Promise<void> {
    const { store, clock, log } = this.#parts;
    try {
      const now = clock.now();
      const due = await store.claimDue(now, now + claimMs, callsAtOnce);
      for (const call of due) {
        if (this.#isStopped) return;
        if (!this.#busy.has(call.callId)) await this.#withCall(call.callId, () => this.#takeUp(call.callId));
      }
      const next = await store.nextDueAt();
      if (next !== undefined && next < this.#wakesAt) this.#wake(next - clock.now());
    } catch (err) {
      if (this.#isStopped) return;
      log.error('scheduled calls could not be looked for; they are kept and looked for again', { err });
      this.#wake(momentMs);
    }
  }

  async #withCall(callId: string, task: () => Promise<void>): Promise<void> {
    const work = task();
    this.#busy.set(
      callId,
      work.catch(() => {}),
    );
    try {
      await work;
    } finally {
      this.#busy.delete(callId);
    }
  }

  async #takeUp(callId: string): Promise<void> {
    const { store, feed, clock, admit, dial, carrierName } = this.#parts;
    const call = await store.call(callId);
    if (call === undefined || call.state !== 'queued' || call.scheduledAt === null) return;
    if (clock.now() - call.scheduledAt > latestMs) {
      const message = `The call was due at ${new Date(call.scheduledAt).toISOString()} and could not be dialed within the hour, so it was not dialed at all.`;
      return this.#end(call, 'failed', endReason('fault', 'schedule_missed', message));
    }
    const { verdict, onRecord } = await admit(call);
    if (!verdict.allowed) {
      if (isMomentary(verdict)) return store.postpone(callId, clock.now() + momentMs);
      const message = `When its time came the call was not permitted. ${sentenceOf(verdict.reasons)}`;
      return this.#end(call, 'failed', endReason('limit', 'not_permitted', message));
    }
    try {
      await feed.resume(call);
      const dialing = feed.record(callId, { type: 'dialing-started', carrier: carrierName });
      await feed.durable(callId);
      // Another server may have taken it up in the same moment, or its owner called it off there: the log has one of both.
      const isOurs = dialing !== undefined && feed.live(callId)?.call.dialedAt === dialing.dialedAt;
      if (isOurs) await dial(dialing);
      else feed.release(callId);
    } finally {
      onRecord();
    }
  }

  async #end(call: Call, state: 'canceled' | 'failed', reason: EndReason): Promise<void> {
    await endUndialed(call, state, reason, this.#parts);
  }
}
