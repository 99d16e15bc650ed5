import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import { silentLog } from '../lib/log.ts';
import type { CallWords } from '../storage/unsettled-words.ts';
import { WordsKeeper } from './words-keeper.ts';

/** @param stored what becomes of each round of words */
function stage(stored: () => Promise<void>) {
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
  const keeper = new WordsKeeper({ words, calls: () => calls, clock, log: silentLog });
  keeper.start();
  clock.advance(1000);
  return { clock, keeper, rounds, endCalls: () => void (calls = []) };
}

test('what is kept is dropped when the calls have ended and the server goes', async () => {
  const { keeper, rounds, endCalls } = stage(() => Promise.resolve());
  endCalls();
  await keeper.stop();
  expect(rounds).toEqual([[{ callId: 'call-1', turns: [{ turnId: 't1', text: 'Good evening' }] }], []]);
});

test('a store that stalls does not keep the server from going', async () => {
  const { clock, keeper } = stage(() => new Promise(() => {}));
  const stopped = keeper.stop();
  clock.advance(1000);
  expect(await stopped).toBeUndefined();
});
