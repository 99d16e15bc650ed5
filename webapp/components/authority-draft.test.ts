import { expect, test } from 'vitest';
import { authorityOf, openAuthorityDraft } from './authority-draft.ts';

const fact = (name: string, value: string) => ({ id: 1, name, value, release: 'if_asked' }) as const;

test.each([
  ['nothing said', {}, undefined],
  ['an empty fact', { facts: [fact(' ', '')] }, undefined],
  [
    'a fact with its rule',
    { facts: [fact(' birthday ', '1 May')] },
    { facts: [{ name: 'birthday', value: '1 May', release: 'if_asked' }] },
  ],
  [
    'limits in words and money',
    { mayAgreeTo: ' Friday ', maxSpend: '0' },
    { mayAgreeTo: 'Friday', maxSpendUsd: 0 },
  ],
  [
    'a secret',
    { secrets: [{ id: 1, name: ' pin ', digits: '47 11-#' }] },
    { secrets: [{ name: 'pin', digits: '4711#' }] },
  ],
  [
    'what it may not do',
    { mayTransfer: false, mayPressKeys: false },
    { transferTo: [], mayPressKeys: false },
  ],
])('%s is asked for as it stands', (_, typed, authority) => {
  expect(authorityOf({ ...openAuthorityDraft, ...typed })).toEqual(authority);
});

test.each([
  ['a fact without a value', { facts: [fact('birthday', '')] }, /birthday.*value/],
  ['a secret without keys', { secrets: [{ id: 1, name: 'pin', digits: '' }] }, /“pin” needs/],
  ['an amount that is none', { maxSpend: 'a lot' }, /amount/],
])('%s is told as a problem', (_, typed, problem) => {
  expect(authorityOf({ ...openAuthorityDraft, ...typed })).toMatchObject({
    problem: expect.stringMatching(problem) as string,
  });
});
