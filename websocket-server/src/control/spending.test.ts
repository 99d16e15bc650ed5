import { expect, test } from 'vitest';
import type { DayCost } from '../storage/call-store.ts';
import { priceTable } from './price-table.ts';
import { Spending } from './spending.ts';

const now = Date.UTC(2026, 5, 2, 12);
const today = now / 86_400_000 - 0.5;

test('what calls have cost counts once, however many ask for the sums in the same moment', async () => {
  const answers: ((costs: readonly DayCost[]) => void)[] = [];
  const store = { costsSince: () => new Promise<readonly DayCost[]>((resolve) => answers.push(resolve)) };
  const spending = new Spending({
    store,
    feed: { unstoredCosts: () => [] },
    clock: { now: () => now, elapsed: () => 0, after: () => () => {} },
    caps: () => ({ perCallUsd: null, perDayUsd: 5, perMonthUsd: null }),
    prices: priceTable,
    carrier: 'twilio',
    models: () => [],
  });
  spending.noted(now, 5);
  const asked = [spending.refresh(), spending.refresh()];
  for (const answer of answers) answer([{ day: today, usd: 5 }]);
  expect(await Promise.all(asked)).toEqual([
    { todayUsd: 5, monthUsd: 5 },
    { todayUsd: 5, monthUsd: 5 },
  ]);
  expect(spending.reachedCap).toBe('day');
});
