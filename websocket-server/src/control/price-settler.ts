import type { Call } from '../call/call.ts';
import { knownUsd } from '../call/cost.ts';
import type { Carrier } from '../carriers/carrier.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { CallFeed } from './call-feed.ts';

interface SettlerParts {
  readonly store: CallStore;
  readonly feed: CallFeed;
  readonly carrier: Carrier;
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
  /** A call's cost, known until now as an estimate, has changed by so much, in USD. */
  readonly spent: (call: Call, addedUsd: number) => void;
}

const minuteMs = 60_000;
/** A carrier tells its price some minutes after the end of a call, and sometimes hours after. */
const pausesMs = [3000, 15_000, minuteMs, 5 * minuteMs, 20 * minuteMs, 120 * minuteMs, 720 * minuteMs];
/** After a restart, calls that ended within this time are asked for again; what is older stays an estimate. */
const takenUpMs = 3 * 24 * 60 * minuteMs;
const mostTakenUp = 500;
const takeUpEveryMs = 250;

/** Asks the carrier for the price of calls that have ended, until it tells. */
export class PriceSettler {
  readonly #parts: SettlerParts;
  readonly #waiting = new Map<string, () => void>();
  #isStopped = false;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /** A call is over and its record durable. */
  ended(call: Call): void {
    if (call.cost.isEstimate) this.#askLater(call, 0);
  }

  /** Goes on for calls of earlier runs. */
  async takeUp(): Promise<void> {
    const { store, runtime } = this.#parts;
    const calls = await store.callsToPrice(runtime.clock.now() - takenUpMs, mostTakenUp);
    for (const [index, call] of calls.entries()) {
      if (!this.#waiting.has(call.callId)) this.#askLater(call, 0, (index + 1) * takeUpEveryMs);
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
  }

  #askLater(call: Call, tries: number, pauseMs = pausesMs[tries]): void {
    if (this.#isStopped || pauseMs === undefined) return;
    const { clock, log } = this.#parts.runtime;
    const ask = () => {
      this.#waiting.delete(call.callId);
      this.#ask(call, tries).catch((err: unknown) => {
        log.warn('the price of a call could not be noted', { callId: call.callId, err });
      });
    };
    this.#waiting.set(call.callId, clock.after(pauseMs, ask));
  }

  async #ask(call: Call, tries: number): Promise<void> {
    const { carrier, feed, runtime, spent } = this.#parts;
    const { carrierCallId } = call;
    if (carrierCallId === null || call.carrier !== carrier.name) return;
    const price = await carrier.price(carrierCallId).catch((err: unknown) => {
      runtime.log.info('the carrier could not be asked for a price', { callId: call.callId, err });
      return null;
    });
    if (this.#isStopped) return;
    if (price === null) return this.#askLater(call, tries + 1);
    if (price.currency !== 'USD') {
      runtime.log.info('the carrier bills in another currency; the estimate stays', {
        callId: call.callId,
        currency: price.currency,
      });
      return;
    }
    const happening = { type: 'carrier-cost-noted', usd: price.amount, isEstimate: false } as const;
    const settled = await feed.recordLate(call.callId, happening);
    if (settled !== undefined) spent(settled, knownUsd(settled.cost) - knownUsd(call.cost));
  }
}
