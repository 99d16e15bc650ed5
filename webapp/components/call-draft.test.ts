import { expect, test } from 'vitest';
import { emptyDraft, requestOf } from './call-draft.ts';

test('what was left empty is not asked for', () => {
  expect(requestOf({ ...emptyDraft, to: ' +14155550101 ', goal: 'Book' })).toEqual({
    request: { to: '+14155550101', goal: 'Book' },
  });
});

test('details are lines of name and value, and a value may hold colons', () => {
  const draft = { ...emptyDraft, details: 'time: 19:30\r\n\n  party size : 2 \n__proto__: x' };
  expect(requestOf(draft)).toMatchObject({
    request: {
      context: Object.fromEntries([
        ['time', '19:30'],
        ['party size', '2'],
        ['__proto__', 'x'],
      ]),
    },
  });
});

test.each([['for two'], [': 2'], ['name:'], ['name: A\nname: B']])('%j is told as a problem', (details) => {
  expect(requestOf({ ...emptyDraft, details })).toHaveProperty('problem');
});
