import type { Call, Direction } from '../call/call.ts';
import { knownUsd } from '../call/cost.ts';
import type { CallCost, VoiceUsage } from '../call/cost.ts';
import type { CallHappening } from '../call/call-event.ts';
import type { Clock } from '../lib/runtime.ts';
import { isNearLimit } from './cost-limit.ts';
import { ratePerMinute, usdOfUsage } from './prices.ts';
import type { PriceList } from './prices.ts';

/** What a call's meter is told from outside the call. */
export interface MeterSettings {
  readonly prices: PriceList;
  /** What the call may cost, in USD; null: as much as it takes. */
  readonly limitUsd: number | null;
  /** The call has cost this much more, in USD. */
  readonly spent: (addedUsd: number) => void;
}

interface MeterParts extends MeterSettings {
  readonly cost: () => CallCost;
  readonly record: (happening: CallHappening) => void;
  readonly clock: Clock;
  /** The limit is near: the call is to end. Told once. */
  readonly onLimit: () => void;
}

const minuteMs = 60_000;
/** How long before a minute begins it is decided whether it may: a goodbye has to fit in. */
const leadMs = 12_000;

/** A phone that the carrier bills by the started minute. */
interface Leg {
  /** USD; null when it is not known. */
  readonly usdPerMinute: number | null;
  minutes: number;
  stopTimers: readonly (() => void)[];
}

/** Counts what one call costs while it is up: each response as the model tells it, each minute as it starts. */
export class CallMeter {
  readonly #parts: MeterParts;
  readonly #ratePerMinute: (direction: Direction, to: string) => number | null;
  readonly #call: Call;
  readonly #legs: Leg[] = [];
  #dearestUsd = 0;
  #isOver = false;

  constructor(call: Call, carrier: string, parts: MeterParts) {
    this.#parts = parts;
    this.#call = call;
    this.#ratePerMinute = (direction, to) => ratePerMinute({ carrier, direction, to }, parts.prices);
  }

  /** The phone was answered: the carrier bills from here on, by the started minute. */
  connected(): void {
    const { direction, to } = this.#call;
    if (this.#legs.length === 0) this.#startLeg(direction, to);
  }

  /** Another phone has taken the call: it is billed beside the first one. */
  joined(to: string): void {
    this.#startLeg('outbound', to);
  }

  used(usage: VoiceUsage): void {
    const usd = usdOfUsage(usage, this.#parts.prices);
    this.#dearestUsd = Math.max(this.#dearestUsd, usd ?? 0);
    this.#note({ type: 'usage-noted', usage, usd });
  }

  /** The line is dead: no minute starts any more. Usage may still come. */
  stop(): void {
    this.#isOver = true;
    for (const { stopTimers } of this.#legs) for (const stop of stopTimers) stop();
  }

  #startLeg(direction: Direction, to: string): void {
    if (this.#isOver) return;
    const leg: Leg = { usdPerMinute: this.#ratePerMinute(direction, to), minutes: 0, stopTimers: [] };
    this.#legs.push(leg);
    this.#startMinute(leg);
  }

  #startMinute(leg: Leg): void {
    const { clock } = this.#parts;
    leg.minutes += 1;
    leg.stopTimers = [
      clock.after(minuteMs, () => this.#startMinute(leg)),
      clock.after(minuteMs - leadMs, () => this.#look(leg.usdPerMinute ?? 0)),
    ];
    const parts = this.#legs.map(({ usdPerMinute, minutes }) =>
      usdPerMinute === null ? null : usdPerMinute * minutes,
    );
    const usd = parts.reduce((one, other) => (one === null || other === null ? null : one + other), 0);
    this.#note({ type: 'carrier-cost-noted', usd, isEstimate: true });
  }

  #note(happening: CallHappening): void {
    const before = knownUsd(this.#parts.cost());
    this.#parts.record(happening);
    const addedUsd = knownUsd(this.#parts.cost()) - before;
    if (addedUsd !== 0) this.#parts.spent(addedUsd);
    this.#look(0);
  }

  #look(aheadUsd: number): void {
    const { limitUsd } = this.#parts;
    if (this.#isOver || limitUsd === null) return;
    const spentUsd = knownUsd(this.#parts.cost());
    if (!isNearLimit({ spentUsd, aheadUsd, dearestUsd: this.#dearestUsd, limitUsd })) return;
    this.stop();
    this.#parts.onLimit();
  }
}
