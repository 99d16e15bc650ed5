import { expect, test } from 'vitest';
import { isTransferNumber } from './transfer-numbers.ts';

const allowed = { ownerNumber: '+19005550199', transferNumbers: ['+1*', '+442079460018', '+449098790000'] };

test.each<[string, boolean]>([
  ['+14155552671', true],
  ['+442079460018', true],
  ['+442079460019', false],
  ['+19005550123', false],
  ['+19115550100', false],
  ['+1911', false],
  ['911', false],
  ['+449098790000', false],
  ['+19005550199', false],
  ['tel:+14155552671', false],
])('whether a call may be transferred to %s: %s, whatever the lists hold', (number, isAllowed) => {
  expect(isTransferNumber(number, allowed)).toBe(isAllowed);
});
