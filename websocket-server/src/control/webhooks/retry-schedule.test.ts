import { expect, test } from 'vitest';
import { pauseBeforeRetry, retryAfterMs } from './retry-schedule.ts';

test.each([
  [1, 5_000],
  [2, 300_000],
  [9, 86_400_000],
])('after failure %i the pause is %i ms and up to a fifth more', (failures, ms) => {
  const pauses = Array.from({ length: 50 }, (_, index) =>
    pauseBeforeRetry(`id-${index}`, failures, undefined),
  );
  expect(Math.min(...pauses.map(Number))).toBeGreaterThanOrEqual(ms);
  expect(Math.max(...pauses.map(Number))).toBeLessThanOrEqual(ms * 1.2);
  expect(new Set(pauses).size).toBeGreaterThan(40);
});

test('the tenth failure is the last', () => {
  expect(pauseBeforeRetry('id', 10, undefined)).toBeUndefined();
});

test('a receiver may ask for a longer pause, but for no more than a day, and never for a shorter one', () => {
  expect(pauseBeforeRetry('id', 1, 60_000)).toBe(60_000);
  expect(pauseBeforeRetry('id', 1, 1e12)).toBe(86_400_000);
  expect(pauseBeforeRetry('id', 2, 1)).toBeGreaterThanOrEqual(300_000);
});

test.each([
  ['120', 120_000],
  ['Tue, 01 Jan 2030 00:01:00 GMT', 60_000],
  ['Mon, 31 Dec 2029 00:00:00 GMT', 0],
  ['soon', undefined],
  [null, undefined],
])('Retry-After: %s asks for %s ms', (header, ms) => {
  expect(retryAfterMs(header, Date.UTC(2030, 0, 1))).toBe(ms);
});
