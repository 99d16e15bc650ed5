import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { VoiceUsage } from '../call/cost.ts';
import type { CallControl } from '../control/call-control.ts';
import type { HouseControl } from '../control/house-control.ts';
import type { Clock } from '../lib/runtime.ts';
import { answerInTime } from './scrape-patience.ts';

/** A model is named by the owner and by its vendor; each name is a row of its own for as long as we run. */
const mostModels = 20;

/**
 * Puts what calls cost into a registry: the sums of the day and the month (asked at each scrape), and what was
 * spent since this process started, by part.
 *
 * @returns stops counting
 */
export function countCosts(
  control: CallControl,
  house: HouseControl,
  registry: Registry,
  clock: Clock,
): () => void {
  const costsNow = () => answerInTime(house.costs(), clock);
  const isStopped = new Gauge({
    name: 'telephone_stopped',
    help: '1 while the operator has stopped all calls',
    registers: [registry],
    async collect() {
      const told = await costsNow();
      if (told !== undefined) this.set(told.stopped === null ? 0 : 1);
    },
  });
  isStopped.set(0);
  const spentUsd = new Gauge({
    name: 'telephone_spent_usd',
    help: 'What calls requested today and this month (UTC) have cost, in US dollars',
    labelNames: ['period'],
    registers: [registry],
    async collect() {
      const told = await costsNow();
      if (told === undefined) return;
      this.set({ period: 'day' }, told.spent.todayUsd);
      this.set({ period: 'month' }, told.spent.monthUsd);
    },
  });
  for (const period of ['day', 'month']) spentUsd.set({ period }, 0);
  const costs = new Counter({
    name: 'telephone_cost_usd_total',
    help: "Cost of calls since the process started, in US dollars; the carrier's part as estimated while they were up",
    labelNames: ['part'],
    registers: [registry],
  });
  for (const part of ['model', 'carrier']) costs.inc({ part }, 0);
  const unpriced = new Counter({
    name: 'telephone_unpriced_usage_total',
    help: 'Times that a model told its usage and no price was known for it',
    registers: [registry],
  });
  const tokens = new Counter({
    name: 'telephone_model_tokens_total',
    help: 'Tokens that voice models used, since the process started',
    labelNames: ['model', 'direction', 'kind'],
    registers: [registry],
  });
  const models = new Set<string>();
  const boundedName = (model: string): string => {
    if (models.size < mostModels) models.add(model);
    return models.has(model) ? model : 'other';
  };
  /** What the carrier's part of each live call was last. */
  const carrierUsd = new Map<string, number>();

  return control.watch(
    { isPatient: true, isFromNow: true },
    {
      event(event) {
        switch (event.type) {
          case 'usage-noted':
            if (event.usd === null) unpriced.inc();
            else costs.inc({ part: 'model' }, event.usd);
            return countTokens(tokens, event.usage, boundedName(event.usage.model));
          case 'carrier-cost-noted': {
            if (event.usd === null || !event.isEstimate) return;
            const addedUsd = event.usd - (carrierUsd.get(event.callId) ?? 0);
            carrierUsd.set(event.callId, event.usd);
            return costs.inc({ part: 'carrier' }, Math.max(0, addedUsd));
          }
          case 'call-ended':
            carrierUsd.delete(event.callId);
        }
      },
      hint() {},
      caughtUp() {},
      isSlow: () => false,
      onDropped() {},
    },
  );
}

function countTokens(
  tokens: Counter<'model' | 'direction' | 'kind'>,
  { input, cached, output }: VoiceUsage,
  model: string,
): void {
  for (const kind of ['text', 'audio', 'image'] as const) {
    tokens.inc({ model, direction: 'input', kind }, Math.max(0, input[kind] - cached[kind]));
    tokens.inc({ model, direction: 'cached', kind }, cached[kind]);
    tokens.inc({ model, direction: 'output', kind }, output[kind]);
  }
}
