import { expect, test } from 'vitest';
import { SequenceCheck } from './sequence-check.ts';

function followed(sequences: readonly number[], sent: number) {
  const check = new SequenceCheck();
  for (const sequence of sequences) check.note(sequence);
  const { doubled, reordered, lostBeforeFirst } = check;
  return { lost: check.lostOf(sent), doubled, reordered, lostBeforeFirst };
}

const fine = { lost: 0, doubled: 0, reordered: 0, lostBeforeFirst: 0 };

test.each([
  ['all in order', [0, 1, 2], 3, fine],
  ['one lost in the middle', [0, 2], 3, { ...fine, lost: 1 }],
  ['the last lost', [0, 1], 3, { ...fine, lost: 1 }],
  ['the first two lost', [2, 3], 4, { ...fine, lostBeforeFirst: 2 }],
  ['two swapped', [0, 2, 1, 3], 4, { ...fine, reordered: 1 }],
  ['one twice', [0, 1, 1, 2], 3, { ...fine, doubled: 1 }],
  ['none came', [], 3, { ...fine, lost: 3 }],
])('%s', (_case, sequences, sent, expected) => {
  expect(followed(sequences, sent)).toEqual(expected);
});
