import type { Call } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CallStore, StopOrder } from '../storage/call-store.ts';
import type { CostReport, HouseControl, HouseLoad } from './house-control.ts';
import type { OpenCalls } from './open-calls.ts';
import type { Reason } from './policy/dial-rule.ts';
import type { LimitsReading } from './policy/limits-book.ts';
import type { Spending } from './spending.ts';

interface HouseParts {
  readonly store: Pick<CallStore, 'stopOrder' | 'keepStopOrder'>;
  readonly spending: Spending;
  readonly limits: Pick<LimitsReading, 'read'>;
  readonly open: Pick<OpenCalls, 'all'>;
  readonly load: () => HouseLoad;
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
}

/** What the operator says of all calls at once: what they may cost together, and that they stop. */
export class House implements HouseControl {
  readonly #parts: HouseParts;
  /** The order to stop, as far as it is known here. */
  #stopped: StopOrder | null = null;
  /** It is in the store. */
  #isKept = false;

  constructor(parts: HouseParts) {
    this.#parts = parts;
  }

  async costs(): Promise<CostReport> {
    const { store, spending, limits } = this.#parts;
    const { perCallUsd, perDayUsd, perMonthUsd } = await limits.read();
    return {
      currency: 'USD',
      spent: await spending.refresh(),
      caps: { perCallUsd, perDayUsd, perMonthUsd },
      stopped: await store.stopOrder(),
    };
  }

  async stopAll(reason: string | null): Promise<{ readonly stopped: StopOrder; readonly ending: number }> {
    const { store, runtime } = this.#parts;
    const stopped = { since: runtime.clock.now(), reason: reason?.trim() || null };
    this.#stopped = stopped;
    this.#isKept = false;
    await store.keepStopOrder(stopped);
    this.#isKept = true;
    runtime.log.warn('all calls are stopped', { pii: { reason: stopped.reason } });
    return { stopped, ending: this.#endAll(stopped) };
  }

  /** Does as was ordered at another server on the same database. */
  async heedOrders(): Promise<void> {
    const order = await this.#order();
    if (order !== null && this.#stopped === null) {
      this.#stopped = order;
      this.#isKept = true;
      this.#parts.runtime.log.warn('all calls are stopped, at another server', {
        pii: { reason: order.reason },
      });
      this.#endAll(order);
    }
  }

  async resume(): Promise<void> {
    await this.#parts.store.keepStopOrder(null);
    this.#stopped = null;
    this.#isKept = false;
    this.#parts.runtime.log.info('calls may be placed again');
  }

  load(): HouseLoad {
    return this.#parts.load();
  }

  /** Why a call that is just being dialed has to end; undefined when it may go on. */
  get stopped(): EndReason | undefined {
    return this.#stopped === null ? undefined : stopReason(this.#stopped);
  }

  /** No call may begin: the operator has stopped all, or a cap on costs is reached. */
  async isClosed(): Promise<boolean> {
    return this.#parts.spending.reachedCap !== undefined || (await this.#order()) !== null;
  }

  /** What the order and the limits on costs say against a call, whoever is rung. */
  async reasonsAgainst(to: string, maxCostUsd: number | null): Promise<readonly Reason[]> {
    const order = await this.#order();
    const reasons = await this.#parts.spending.reasonsAgainst(to, maxCostUsd);
    if (order === null) return reasons;
    const howToChange = 'The operator allows them again by POST /api/resume.';
    return [{ rule: 'stopped', message: stopSentence(order), howToChange }, ...reasons];
  }

  /** As it is in the store, where another server may have taken it back. */
  async #order(): Promise<StopOrder | null> {
    const order = await this.#parts.store.stopOrder();
    if (order === null && this.#isKept) this.#stopped = null;
    return order;
  }

  /** @returns how many there were */
  #endAll(order: StopOrder): number {
    const { all } = this.#parts.open;
    for (const call of all) call.ending.leaveSoon(stopReason(order));
    return all.length;
  }

  /** A call has cost more: when that reaches a cap, all calls end. */
  spent(call: Call, addedUsd: number): void {
    const { spending, open } = this.#parts;
    spending.noted(call.requestedAt, addedUsd);
    const cap = spending.reachedCap;
    if (cap === undefined) return;
    const reason = endReason('limit', 'cost_limit', `Calls have reached the cost limit of a ${cap}.`);
    for (const call of open.all) call.ending.leaveSoon(reason);
  }
}

function stopReason(order: StopOrder): EndReason {
  return endReason('owner', 'canceled', stopSentence(order));
}

function stopSentence({ reason }: StopOrder): string {
  return `The operator has stopped all calls${reason === null ? '' : `: ${reason.replace(/[.!\s]+$/u, '')}`}.`;
}
