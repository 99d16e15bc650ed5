import { expect, test } from 'vitest';
import { announcedEnd, endFinding } from './shutdown-check.ts';

const end = Date.parse('2027-01-20');

test.each([
  ['2026-11-01', 'ok', 'is to be shut down on 2027-01-20'],
  ['2026-12-01', 'warning', 'will be shut down on 2027-01-20'],
  ['2027-01-20', 'problem', 'was shut down on 2027-01-20'],
])('on %s a model that ends on 2027-01-20 is: %s', (today, state, words) => {
  const finding = endFinding('gpt-realtime', end, Date.parse(today));
  expect(finding.state).toBe(state);
  expect(finding.message).toContain(words);
});

test.each([
  ['gpt-realtime', end],
  ['gpt-realtime-mini-2025-12-15', end],
  ['gpt-realtime-2.1', undefined],
  ['gpt-realtime-1.5', undefined],
])('the announced end of %s is %s', (model, endsAt) => {
  expect(announcedEnd(model)).toBe(endsAt);
});
