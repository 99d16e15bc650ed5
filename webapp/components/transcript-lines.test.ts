import { expect, test } from 'vitest';
import type { Turn } from '../../websocket-server/src/call/transcript.ts';
import { quotedTurn } from './quoted-turn.ts';
import { transcriptLines } from './transcript-lines.ts';

function turn(turnId: string, text: string, startedAt: number): Turn {
  return {
    turnId,
    speaker: 'person',
    text,
    isInterrupted: false,
    isSettled: true,
    startedAt,
    settledSequence: 1,
  };
}
const transcript = [
  turn('t1', 'Press one.', 1000),
  turn('t2', 'Friday at eight?', 5000),
  turn('t3', 'At eight.', 7000),
];

test('pressed digits stand behind the turn that had begun by then, in the order pressed', () => {
  const pressed = (sequence: number, at: number) =>
    ({ kind: 'digits', sequence, by: 'agent', digits: '1', at }) as const;
  const lines = transcriptLines(transcript, [
    pressed(3, 500),
    pressed(5, 2000),
    pressed(6, 2000),
    pressed(9, 9000),
  ]);
  expect(lines.map(({ key }) => key)).toEqual(['aside-3', 't1', 'aside-5', 'aside-6', 't2', 't3', 'aside-9']);
});

test.each([
  ['at eight', 2, 't3'],
  ['at eight', null, 't2'],
  ['AT EIGHT', 0, 't2'],
  ['at nine', 1, undefined],
  ['', 1, undefined],
])('the quote %j in turn %j is found in %s', (quote, position, expected) => {
  expect(quotedTurn(transcript, { value: '8', status: 'stated', quote, turn: position })).toBe(expected);
});
