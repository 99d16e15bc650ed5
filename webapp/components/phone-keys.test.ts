import { expect, test } from 'vitest';
import { movedKey } from './phone-keys.ts';

test.each([
  [0, 'ArrowRight', 3, 1],
  [0, 'ArrowLeft', 3, 0],
  [1, 'ArrowDown', 3, 4],
  [10, 'ArrowDown', 3, 10],
  [4, 'ArrowUp', 3, 1],
  [1, 'ArrowDown', 6, 7],
  [11, 'ArrowRight', 6, 11],
  [3, 'Enter', 3, undefined],
])('from key %s, %s on %s columns leads to %s', (index, arrow, columns, moved) => {
  expect(movedKey(index, arrow, columns)).toBe(moved);
});
