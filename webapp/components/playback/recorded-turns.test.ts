import { expect, test } from 'vitest';
import { recordedTurns, turnAt } from './recorded-turns.ts';

const bar = (turnId: string, fromMs: number, toMs: number) =>
  ({ turnId, speaker: 'agent', fromMs, toMs, text: '', isInterrupted: false, replyMs: undefined }) as const;

const turns = recordedTurns(
  [bar('a', 0, 3000), bar('b', 3500, 6000), bar('d', 9000, 12_000), bar('c', 5500, 8000)],
  4000,
);

test('turns have their place in the recording, and those before it have none', () => {
  expect(turns).toEqual([
    { turnId: 'b', fromMs: 0, toMs: 2000 },
    { turnId: 'c', fromMs: 1250, toMs: 4000 },
    { turnId: 'd', fromMs: 4750, toMs: 8000 },
  ]);
});

test.each([
  [0, 'b'],
  [1300, 'c'],
  [3999, 'c'],
  [4200, undefined],
  [4750, 'd'],
  [9000, undefined],
])('at %s ms the turn that is heard is %s', (atMs, turnId) => {
  expect(turnAt(turns, atMs)).toBe(turnId);
});
