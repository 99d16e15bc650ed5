import { expect, test } from 'vitest';
import { hangUpPauseMs } from './call-ending.ts';

test.each([
  [1, 500],
  [2, 2000],
  [3, 5000],
  [4, 10_000],
  [8, 160_000],
  [9, 300_000],
  [1000, 300_000],
])('after %i hang-ups that failed the next one waits for %i ms', (failures, pauseMs) => {
  expect(hangUpPauseMs(failures)).toBe(pauseMs);
});
