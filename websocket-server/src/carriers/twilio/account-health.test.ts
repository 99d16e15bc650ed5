import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/fakes/manual-clock.ts';
import { AccountHealth } from './account-health.ts';

test('what Twilio answered last says whether calls can be placed, and trouble is looked at again every 30 s', async () => {
  const clock = new ManualClock(0);
  let answer: () => Promise<Response> = async () => new Response('{}');
  const health = new AccountHealth({ clock, fetch: () => answer() });
  let rechecks = 0;
  const recheck = () => {
    rechecks += 1;
    return health.fetch('http://127.0.0.1/account');
  };
  expect(health.problem(recheck)).toBeNull();
  answer = async () => new Response('{}', { status: 401 });
  await health.fetch('http://127.0.0.1/calls');
  expect(health.problem(recheck)).toMatch(/credentials/u);
  answer = () => Promise.reject(new TypeError('fetch failed'));
  await health.fetch('http://127.0.0.1/calls').catch(() => undefined);
  expect(health.problem(recheck)).toMatch(/cannot be reached/u);
  expect(rechecks).toBe(0);
  answer = async () => new Response('{}', { status: 400 });
  clock.advance(30_000);
  health.problem(recheck);
  await expect.poll(() => health.problem(recheck)).toBeNull();
  expect(rechecks).toBe(1);
});
