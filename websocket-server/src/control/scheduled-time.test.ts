import { expect, test } from 'vitest';
import { scheduledTime } from './scheduled-time.ts';

const now = Date.UTC(2026, 2, 1, 12);

test.each([
  ['2026-03-02T09:30:00+01:00', Date.UTC(2026, 2, 2, 8, 30)],
  ['2026-03-01T12:00:01Z', now + 1000],
  [' 2026-03-01T12:01Z ', now + 60_000],
])('%s', (text, at) => {
  expect(scheduledTime(text, now)).toBe(at);
});

test.each([
  ['tomorrow', /ISO 8601 with its zone/u],
  ['2026-03-02T09:30:00', /with its zone/u],
  ['2026-03-02', /with its zone/u],
  ['2026-13-02T09:30:00Z', /ISO 8601/u],
  ['2026-04-31T09:30:00Z', /ISO 8601/u],
  ['2026-03-01T12:00:00Z', /is in the past: it is 2026-03-01T12:00:00.000Z/u],
  ['2026-06-01T12:00:00Z', /90 days/u],
])('%s is answered with what to change', (text, sentence) => {
  expect(() => scheduledTime(text, now)).toThrowError(sentence);
});
