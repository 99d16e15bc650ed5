import { expect, test } from 'vitest';
import { isNearLimit } from './cost-limit.ts';
import type { Standing } from './cost-limit.ts';

const calm: Standing = { spentUsd: 0.1, aheadUsd: 0, dearestUsd: 0.02, limitUsd: 0.5 };

test.each<[string, Partial<Standing>, boolean]>([
  ['goes on far below its limit', {}, false],
  ['ends when another response like the dearest would reach the limit', { spentUsd: 0.48 }, true],
  ['goes on while one more such response fits', { spentUsd: 0.47 }, false],
  ['ends before a minute begins that would reach the limit', { spentUsd: 0.47, aheadUsd: 0.014 }, true],
  ['keeps room for a goodbye also when responses were cheap', { dearestUsd: 0, spentUsd: 0.495 }, true],
  ['ends at once when the limit is below any goodbye', { spentUsd: 0, dearestUsd: 0, limitUsd: 0.001 }, true],
])('a call %s', (_, change, isNear) => {
  expect(isNearLimit({ ...calm, ...change })).toBe(isNear);
});
