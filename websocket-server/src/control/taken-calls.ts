import type { Call } from '../call/call.ts';
import { knownUsd } from '../call/cost.ts';
import type { Carrier, CarrierReport } from '../carriers/carrier.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CallFeed } from './call-feed.ts';
import { longestTalkSeconds } from './hand-over.ts';
import { ratePerMinute } from './prices.ts';
import type { PriceList } from './prices.ts';

interface TakenCallsParts {
  readonly carrier: Pick<Carrier, 'name' | 'callReport' | 'hangUp'>;
  readonly feed: Pick<CallFeed, 'record' | 'live'>;
  readonly prices: PriceList;
  /** A call has cost this much more, in USD. */
  readonly spent: (call: Call, addedUsd: number) => void;
  /** Whether the owner of a call has canceled it meanwhile. */
  readonly isCanceled: (callId: string) => Promise<boolean>;
  /** Puts the end of a call on record. @param endedAt when the line went dead, ms since 1970 */
  readonly end: (call: Call, endedAt: number) => Promise<void>;
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
}

/** Who took a call, and when, ms since 1970. */
export interface Taking {
  readonly to: string;
  readonly at: number;
}

const minuteMs = 60_000;
const lookEveryMs = 3000;
/** How much longer than it lets them talk a carrier may take to tell that it is over. */
const patienceMs = 5 * minuteMs;

/**
 * Follows calls that another phone took while a process was there that is gone. Person and taker talk on through the
 * carrier alone: it is asked every few seconds whether they still do, and nobody is hung up on unless the owner wants it.
 */
export class TakenCalls {
  readonly #parts: TakenCallsParts;
  readonly #stopLooking = new Map<string, () => void>();
  #isStopped = false;

  constructor(parts: TakenCallsParts) {
    this.#parts = parts;
  }

  /** @param call must be live in the feed; its end is put on record once the carrier tells it */
  follow(call: Call, taking: Taking): void {
    if (this.#isStopped) return;
    const { clock, log } = this.#parts.runtime;
    const look = async () => {
      try {
        if (await this.#isOver(call, taking)) return void this.#stopLooking.delete(call.callId);
      } catch (err) {
        log.warn('a call that another phone has taken could not be looked at', { callId: call.callId, err });
      }
      this.follow(call, taking);
    };
    this.#stopLooking.set(
      call.callId,
      clock.after(lookEveryMs, () => void look()),
    );
  }

  /** They talk on: the next process follows them. */
  stop(): void {
    this.#isStopped = true;
    for (const stop of this.#stopLooking.values()) stop();
  }

  async #isOver(call: Call, taking: Taking): Promise<boolean> {
    const { carrier, isCanceled, end, runtime } = this.#parts;
    const { callId, carrierCallId } = call;
    const now = runtime.clock.now();
    const latestEnd = taking.at + longestTalkSeconds * 1000;
    const isOverdue = now > latestEnd + patienceMs;
    let report: CarrierReport | undefined;
    try {
      if (carrierCallId !== null && (await isCanceled(callId))) await carrier.hangUp(carrierCallId);
      report = carrierCallId === null ? undefined : await carrier.callReport(carrierCallId);
    } catch (err) {
      if (!isOverdue) throw err;
    }
    const isUp = report !== undefined && report.progress !== 'ended';
    const endedAt = report?.endedAt ?? (isOverdue ? latestEnd : now);
    this.#noteCost(call, taking, isUp ? now : endedAt);
    if (isUp && !isOverdue) return false;
    await end(call, endedAt);
    return true;
  }

  /** The carrier bills both phones by the started minute. */
  #noteCost(call: Call, taking: Taking, until: number): void {
    const { carrier, feed, prices, spent } = this.#parts;
    const { callId, direction, to, answeredAt } = call;
    const usdOf = (leg: Pick<Call, 'direction' | 'to'>, since: number) => {
      const rate = ratePerMinute({ carrier: carrier.name, ...leg }, prices);
      return rate === null ? null : rate * Math.max(1, Math.ceil((until - since) / minuteMs));
    };
    const first = usdOf({ direction, to }, answeredAt ?? taking.at);
    const second = usdOf({ direction: 'outbound', to: taking.to }, taking.at);
    const usd = first === null || second === null ? null : first + second;
    const before = feed.live(callId)?.call;
    const after = feed.record(callId, { type: 'carrier-cost-noted', usd, isEstimate: true });
    if (before !== undefined && after !== undefined) {
      spent(after, knownUsd(after.cost) - knownUsd(before.cost));
    }
  }
}
