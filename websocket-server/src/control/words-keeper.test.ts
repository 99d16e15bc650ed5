import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import { silentLog } from '../lib/log.ts';
import type { CallWords } from '../storage/unsettled-words.ts';
import { WordsKeeper } from './words-keeper.ts';

/** @param stored what becomes of each round of words; @param recorded when the events so far are durable */
async function stage(stored: () => Promise<void>, recorded = () => Promise.resolve()) {
  const clock = new ManualClock(1_767_225_600_000);
  const rounds: (readonly CallWords[])[] = [];
  const words = {
    keep(said: readonly CallWords[]): Promise<void> {
      rounds.push(said);
      return stored();
    },
    of: () => Promise.resolve([]),
    forgetGone: () => Promise.resolve(),
  };
  let calls = [{ callId: 'call-1', wordsSoFar: [{ turnId: 't1', text: 'Good evening' }] }];
  const keeper = new WordsKeeper({ words, calls: () => calls, recorded, clock, log: silentLog });
  keeper.start();
  clock.advance(1000);
  await new Promise(setImmediate);
  return { clock, keeper, rounds, endCalls: () => void (calls = []) };
}

test('what is kept is dropped when the calls have ended and the server goes', async () => {
  const { keeper, rounds, endCalls } = await stage(() => Promise.resolve());
  endCalls();
  await keeper.stop();
  expect(rounds).toEqual([[{ callId: 'call-1', turns: [{ turnId: 't1', text: 'Good evening' }] }], []]);
});

test('a store that stalls does not keep the server from going', async () => {
  const { clock, keeper } = await stage(() => new Promise(() => {}));
  const stopped = keeper.stop();
  clock.advance(1000);
  expect(await stopped).toBeUndefined();
});

test('words that are no longer being said are kept until their turn’s end is on record', async () => {
  let isRecorded: () => void = () => {};
  const waits = [Promise.resolve(), new Promise<void>((resolve) => (isRecorded = resolve))];
  const { clock, rounds, endCalls } = await stage(
    () => Promise.resolve(),
    () => waits.shift() ?? Promise.resolve(),
  );
  endCalls();
  clock.advance(1000);
  await new Promise(setImmediate);
  expect(rounds).toHaveLength(1);
  isRecorded();
  await new Promise(setImmediate);
  expect(rounds.at(-1)).toEqual([]);
});
