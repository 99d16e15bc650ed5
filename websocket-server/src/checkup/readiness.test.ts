import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import { readinessOf } from './readiness.ts';
import type { ReadinessSources } from './readiness.ts';

const clock = new ManualClock(0);
const well: ReadinessSources = {
  isStopping: () => false,
  publicUrl: 'https://phone.example',
  stopOrder: async () => null,
  carrierProblem: () => null,
  clock,
};

test.each<[string, Partial<ReadinessSources>, string[]]>([
  ['all is well', {}, []],
  ['the server is shutting down', { isStopping: () => true }, ['server']],
  ['nobody can reach the server', { publicUrl: null }, ['public-url']],
  ['the store refuses', { stopOrder: () => Promise.reject(new Error('gone')) }, ['storage']],
  ['the operator has stopped all calls', { stopOrder: async () => ({ since: 1 }) }, ['stopped']],
  ['the carrier refuses its credentials', { carrierProblem: () => 'Wrong key.' }, ['carrier']],
])('%s', async (_what, sources, parts) => {
  const missing = await readinessOf({ ...well, ...sources })();
  expect(missing.map(({ part }) => part)).toEqual(parts);
});

test('a store that stalls is told after two seconds, asked once however many ask, and asked again once it answered', async () => {
  const answers: ((order: null) => void)[] = [];
  const readiness = readinessOf({
    ...well,
    stopOrder: () => new Promise((resolve) => answers.push(resolve)),
  });
  const asked = [readiness(), readiness(), readiness()];
  clock.advance(2000);
  for (const missing of await Promise.all(asked)) expect(missing).toMatchObject([{ part: 'storage' }]);
  expect(answers).toHaveLength(1);
  const late = readiness();
  answers[0]?.(null);
  expect(await late).toEqual([]);
  const next = readiness();
  expect(answers).toHaveLength(2);
  answers[1]?.(null);
  expect(await next).toEqual([]);
});
