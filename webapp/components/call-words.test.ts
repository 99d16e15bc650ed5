import { expect, test } from 'vitest';
import { callPath, routeOf } from './app-route.ts';
import { lengthWords, nameWords, waitWords } from './call-words.ts';

test.each([
  [0, '0:00'],
  [67, '1:07'],
  [3723, '1:02:03'],
])('%i s is written %s', (seconds, words) => {
  expect(lengthWords(seconds)).toBe(words);
});

test.each([
  ['party_size', 'party size'],
  ['partySize', 'party size'],
  ['calendar.free', 'calendar free'],
  ['__', '__'],
])('the name %s reads %j', (name, words) => {
  expect(nameWords(name)).toBe(words);
});

test.each([
  ['/', { page: 'calls' }],
  ['/calls/', { page: 'calls' }],
  [callPath('a b/c'), { page: 'call', callId: 'a b/c' }],
  ['/calls/x/', { page: 'call', callId: 'x' }],
  ['/calls/%E0%A4%A', { page: 'call', callId: '%E0%A4%A' }],
])('the address %s leads to %j', (path, route) => {
  expect(routeOf(path)).toMatchObject(route);
});

test.each([
  [-5000, 'any moment now'],
  [60_000, 'in 1 minute'],
  [89 * 60_000, 'in 89 minutes'],
  [5 * 3600_000, 'in 5 hours'],
  [50 * 3600_000, 'in 2 days'],
])('what is off by %s ms is %s', (ms, words) => {
  expect(waitWords(ms)).toBe(words);
});
