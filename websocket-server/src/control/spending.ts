import type { Clock } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { CallFeed } from './call-feed.ts';
import type { Reason } from './policy/dial-rule.ts';
import { setBy } from './policy/limit-variables.ts';
import { priceOfModel, ratePerMinute } from './prices.ts';
import type { PriceList } from './prices.ts';

/** Caps in USD; null: none. Days and months are those of UTC. */
export interface SpendingCaps {
  readonly perCallUsd: number | null;
  readonly perDayUsd: number | null;
  readonly perMonthUsd: number | null;
}

export interface SpendingParts {
  readonly store: Pick<CallStore, 'costsSince'>;
  readonly feed: Pick<CallFeed, 'unstoredCosts'>;
  readonly clock: Clock;
  readonly caps: () => SpendingCaps;
  readonly prices: PriceList;
  /** The carrier and the voice models that calls go by. */
  readonly carrier: string;
  readonly models: () => readonly string[];
}

export interface Spent {
  readonly todayUsd: number;
  readonly monthUsd: number;
}

const msPerDay = 86_400_000;

/**
 * What all calls cost, by the day of their request, and the caps on that. The sums are the store's, so that they
 * hold over restarts and over several servers; what happened since they were read is added.
 */
export class Spending {
  readonly #parts: SpendingParts;
  #read = new Map<number, number>();
  #noted = new Map<number, number>();
  #refreshing: Promise<Spent> | undefined;

  constructor(parts: SpendingParts) {
    this.#parts = parts;
  }

  /** A call has cost so much more. @param requestedAt when the call was requested, ms since 1970 */
  noted(requestedAt: number, addedUsd: number): void {
    add(this.#noted, dayOf(requestedAt), addedUsd);
  }

  /** Reads the sums anew, once for all who ask meanwhile: what was noted before is to be taken off once. */
  refresh(): Promise<Spent> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(): Promise<Spent> {
    const { store, feed, clock } = this.#parts;
    const notedBefore = new Map(this.#noted);
    const read = new Map<number, number>();
    for (const { call, usd } of feed.unstoredCosts()) add(read, dayOf(call.requestedAt), usd);
    for (const { day, usd } of await store.costsSince(firstDayOfMonth(clock.now()))) add(read, day, usd);
    this.#read = read;
    for (const [day, usd] of notedBefore) add(this.#noted, day, -usd);
    return this.spent;
  }

  get spent(): Spent {
    const now = this.#parts.clock.now();
    const today = dayOf(now);
    const first = firstDayOfMonth(now);
    const days = [...this.#read, ...this.#noted].filter(([day]) => day >= first);
    const sum = (entries: readonly (readonly [number, number])[]) =>
      Math.max(0, Number(entries.reduce((total, [, usd]) => total + usd, 0).toFixed(6)));
    return { todayUsd: sum(days.filter(([day]) => day === today)), monthUsd: sum(days) };
  }

  /** The cap that is reached; undefined when there is room. */
  get reachedCap(): 'day' | 'month' | undefined {
    const { perDayUsd, perMonthUsd } = this.#parts.caps();
    if (perDayUsd === null && perMonthUsd === null) return undefined;
    const { todayUsd, monthUsd } = this.spent;
    if (perDayUsd !== null && todayUsd >= perDayUsd) return 'day';
    return perMonthUsd !== null && monthUsd >= perMonthUsd ? 'month' : undefined;
  }

  /**
   * What a call may cost, in USD: what its client allows, at most what the operator does; null: as much as it takes.
   */
  limitOf(maxCostUsd: number | null): number | null {
    const { perCallUsd } = this.#parts.caps();
    if (maxCostUsd === null || perCallUsd === null) return maxCostUsd ?? perCallUsd;
    return Math.min(maxCostUsd, perCallUsd);
  }

  /** What limits on costs say against a call. */
  async reasonsAgainst(to: string, maxCostUsd: number | null): Promise<readonly Reason[]> {
    const { perCallUsd, perDayUsd, perMonthUsd } = this.#parts.caps();
    const isSummed = perDayUsd !== null || perMonthUsd !== null;
    if (isSummed) await this.refresh();
    const isLimited = isSummed || perCallUsd !== null || maxCostUsd !== null;
    return [
      ...(isLimited ? this.#unpriced(to) : []),
      ...(maxCostUsd !== null && perCallUsd !== null && maxCostUsd > perCallUsd
        ? [tooDear(maxCostUsd, perCallUsd)]
        : []),
      ...this.#capReached(),
    ];
  }

  #capReached(): readonly Reason[] {
    const { perDayUsd, perMonthUsd } = this.#parts.caps();
    switch (this.reachedCap) {
      case 'day':
        return [
          {
            rule: 'cost-per-day',
            message: `Calls have cost ${this.spent.todayUsd} USD today, and ${perDayUsd} USD is the limit of a day (UTC).`,
            howToChange: `Wait until tomorrow; the operator sets the limit ${setBy('MAX_COST_PER_DAY_USD')}.`,
          },
        ];
      case 'month':
        return [
          {
            rule: 'cost-per-month',
            message: `Calls have cost ${this.spent.monthUsd} USD this month, and ${perMonthUsd} USD is the limit of a month (UTC).`,
            howToChange: `Wait until next month; the operator sets the limit ${setBy('MAX_COST_PER_MONTH_USD')}.`,
          },
        ];
      case undefined:
        return [];
    }
  }

  /** A limit cannot be kept over what has no price. */
  #unpriced(to: string): readonly Reason[] {
    const { models, carrier, prices } = this.#parts;
    const unpriced = models()
      .filter((model) => priceOfModel(model, prices) === undefined)
      .map((model) => `The price of the model "${model}" is not known, so no limit on costs can be kept.`);
    if (ratePerMinute({ carrier, direction: 'outbound', to }, prices) === null) {
      unpriced.push('The carrier’s rate to this number is not known, so no limit on costs can be kept.');
    }
    return unpriced.map((message) => ({
      rule: 'price-unknown',
      message,
      howToChange: 'The operator adds it to PRICES_FILE.',
    }));
  }
}

function tooDear(maxCostUsd: number, perCallUsd: number): Reason {
  return {
    rule: 'cost-per-call',
    message: `"maxCostUsd" is ${maxCostUsd}, and a call may cost ${perCallUsd} USD at most.`,
    howToChange: `Lower it; the operator sets the limit ${setBy('MAX_COST_PER_CALL_USD')}.`,
  };
}

function add(sums: Map<number, number>, day: number, usd: number): void {
  sums.set(day, (sums.get(day) ?? 0) + usd);
}

function dayOf(at: number): number {
  return Math.floor(at / msPerDay);
}

function firstDayOfMonth(now: number): number {
  const date = new Date(now);
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}
