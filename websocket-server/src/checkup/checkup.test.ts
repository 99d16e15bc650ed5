import { expect, test } from 'vitest';
import type { Check } from '../lib/check.ts';
import { InvalidRequest } from '../lib/errors.ts';
import { silentLog } from '../lib/log.ts';
import { HandClock } from '../../test/twilio-side.ts';
import { Checkup, checkLimitMs } from './checkup.ts';
import { diskFinding } from './disk-check.ts';
import { nodeVersionCheck } from './node-version-check.ts';

function checkup(checks: readonly Check[], clock = new HandClock()) {
  return { clock, checkup: new Checkup(() => checks, { clock, log: silentLog }) };
}

const fine: Check = { id: 'fine', title: 'Fine', run: async () => ({ state: 'ok', message: 'Fine.' }) };
const slow: Check = { id: 'slow', title: 'Slow', run: () => new Promise(() => {}) };

test('a check that is still asking does not keep the others from being told', async () => {
  const { checkup: run } = checkup([slow, fine]);
  run.start();
  await expect.poll(() => run.report().checks[1]?.state).toBe('ok');
  expect(run.report()).toMatchObject({
    isRunning: true,
    isReady: true,
    checks: [
      { id: 'slow', state: 'running' },
      { id: 'fine', state: 'ok' },
    ],
  });
});

test('a check that never answers is a problem when its time is up, and the run ends', async () => {
  const { checkup: run, clock } = checkup([slow]);
  run.start();
  clock.advance(checkLimitMs);
  const report = await run.settled();
  expect(report).toMatchObject({ isRunning: false, isReady: false });
  expect(report.checks[0]).toMatchObject({ state: 'problem', message: 'No answer within 20 s.' });
});

test('what a check throws is told when it is for people, and hidden when it is a fault', async () => {
  const thrown = (id: string, error: Error): Check => ({ id, title: id, run: () => Promise.reject(error) });
  const { checkup: run } = checkup([
    thrown('told', new InvalidRequest('Use another number.')),
    thrown('hidden', new Error('password is swordfish')),
  ]);
  run.start();
  const { checks } = await run.settled();
  expect(checks[0]).toMatchObject({ state: 'problem', message: 'Use another number.' });
  expect(checks[1]?.message).not.toContain('swordfish');
});

test('whoever asks while checks run, or shortly after, gets that run', async () => {
  let runs = 0;
  const counted: Check = { ...fine, run: async () => ({ state: 'ok', message: String(++runs) }) };
  const { checkup: run, clock } = checkup([counted]);
  run.start();
  run.start();
  await run.settled();
  run.start(3000);
  expect(runs).toBe(1);
  clock.advance(3000);
  run.start(3000);
  await run.settled();
  expect(runs).toBe(2);
});

test.each([
  [50, 'problem'],
  [500, 'warning'],
  [5000, 'ok'],
])('%i MiB of free disk are: %s', (mebibytes, state) => {
  expect(diskFinding(mebibytes * 1024 * 1024, './data').state).toBe(state);
});

test.each([
  ['18.20.0', 'problem'],
  ['20.18.3', 'problem'],
  ['20.19.0', 'ok'],
  ['24.1.0', 'ok'],
])('Node %s is: %s', async (version, state) => {
  expect((await nodeVersionCheck(version).run()).state).toBe(state);
});
