import { expect, test } from 'vitest';
import { hoursText, isWithin, readDailyHours } from './daily-hours.ts';

test.each([
  ['8-21', { from: 480, until: 1260 }],
  ['08:30 - 20:15', { from: 510, until: 1215 }],
  ['0-24', { from: 0, until: 1440 }],
  ['21-8', undefined],
  ['8-25', undefined],
  ['8:60-9', undefined],
  ['morning', undefined],
])('%s', (text, hours) => {
  expect(readDailyHours(text)).toEqual(hours);
});

test('the end is not part of the hours', () => {
  const hours = { from: 480, until: 1260 };
  expect([479, 480, 1259, 1260].map((minute) => isWithin(hours, minute))).toEqual([false, true, true, false]);
  expect(hoursText(hours)).toBe('08:00-21:00');
});
