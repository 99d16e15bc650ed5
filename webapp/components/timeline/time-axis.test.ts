import { expect, test } from 'vitest';
import { placesWithRoom, roomyLength, timeTicks } from './time-axis.ts';

test.each([
  [20_000, 600, [0, 5, 10, 15, 20]],
  [20_000, 280, [0, 5, 10, 15, 20]],
  [63_000, 600, [0, 10, 20, 30, 40, 50, 60]],
  [63_000, 280, [0, 30, 60]],
  [4 * 3600_000, 280, [0, 3600, 7200, 10_800, 14_400]],
])('%s ms over %s px are told at %j s', (lengthMs, widthPx, ticks) => {
  expect(timeTicks(lengthMs, widthPx)).toEqual(ticks);
});

test.each([
  [1000, 20_000],
  [20_001, 30_000],
  [299_000, 300_000],
  [301_000, 600_000],
])('a call of %s ms is drawn over %s', (ms, drawn) => {
  expect(roomyLength(ms)).toBe(drawn);
});

test('labels that would lie over each other are left out', () => {
  expect([...placesWithRoom([0, 10, 40, 60, 81], 40)]).toEqual([0, 2, 4]);
});
