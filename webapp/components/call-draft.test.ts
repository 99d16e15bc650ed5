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

test('the result wanted is a schema of the facts named, each named once', () => {
  const results = [
    { id: 1, name: ' Confirmation number ', kind: 'string' },
    { id: 2, name: '', kind: 'string' },
    { id: 3, name: 'price', kind: 'number' },
  ] as const;
  expect(requestOf({ ...emptyDraft, results })).toMatchObject({
    request: {
      resultSchema: {
        type: 'object',
        properties: {
          confirmation_number: { type: 'string', description: 'Confirmation number' },
          price: { type: 'number', description: 'price' },
        },
        required: ['confirmation_number', 'price'],
      },
    },
  });
  expect(
    requestOf({ ...emptyDraft, results: [...results, { id: 4, name: 'PRICE', kind: 'number' }] }),
  ).toEqual({
    problem: '“PRICE” is asked for twice.',
  });
});

test('a message on a voicemail is left in the words given, or in the agent’s own', () => {
  const draft = { ...emptyDraft, voicemail: 'leave_message' } as const;
  expect(requestOf(draft)).toMatchObject({ request: { voicemail: { action: 'leave_message' } } });
  expect(requestOf({ ...draft, message: 'Hi' })).toMatchObject({ request: { voicemail: { message: 'Hi' } } });
});

test('limits, recording, a later time and what the agent may do are asked for where they are given', () => {
  const scheduleAt = '2030-03-02T09:30';
  const draft = { ...emptyDraft, callee: 'self', maxCostUsd: '0.5', record: true, scheduleAt } as const;
  const authority = { ...emptyDraft.authority, mayAgreeTo: 'Friday' };
  expect(requestOf({ ...draft, authority })).toMatchObject({
    request: {
      callee: 'self',
      maxCostUsd: 0.5,
      record: true,
      scheduleAt: new Date(scheduleAt).toISOString(),
      authority: { mayAgreeTo: 'Friday' },
    },
  });
  expect(requestOf({ ...draft, scheduleAt: 'soon' })).toHaveProperty('problem');
});
