import { expect, test } from 'vitest';
import { scopes } from './access.ts';
import { readAuthTokens } from './auth-tokens.ts';

test('a plain token has every scope, a name by its place, and no end', () => {
  expect(readAuthTokens(['a/b+c=', 'two'])).toEqual({
    tokens: [
      { token: 'a/b+c=', name: 'token-1', scopes, expiresAt: null },
      { token: 'two', name: 'token-2', scopes, expiresAt: null },
    ],
    problems: [],
  });
});

test('restrictions may stand in any order, with spaces around them', () => {
  const { tokens, problems } = readAuthTokens([
    'secret; name=alice ; expires=2027-01-31;scopes=calls:place + calls:read',
    'other;expires=2027-01-31T18:00Z',
  ]);
  expect(problems).toEqual([]);
  expect(tokens).toMatchObject([
    {
      token: 'secret',
      name: 'alice',
      scopes: ['calls:read', 'calls:place'],
      expiresAt: Date.UTC(2027, 1, 1),
    },
    { token: 'other', scopes, expiresAt: Date.UTC(2027, 0, 31, 18) },
  ]);
});

test.each([
  ['an unknown restriction', 'secret;role=admin', 'semicolon'],
  ['a semicolon inside the token', 'sec;ret', 'semicolon'],
  ['nothing behind a semicolon', 'secret;', 'semicolon'],
  ['no scope at all', 'secret;scopes=', 'semicolon'],
  ['an unknown scope', 'secret;scopes=calls:read+calls:write', 'scopes are'],
  ['scopes between commas, as the shell would leave them', 'secret;scopes=read', 'scopes are'],
  ['a restriction given twice', 'secret;name=a;name=b', 'once'],
  ['a day that does not exist', 'secret;expires=2027-02-30', 'expires='],
  ['a time that does not exist', 'secret;expires=2027-01-30T25:00Z', 'expires='],
  ['a time without a zone', 'secret;expires=2027-01-30T10:00', 'expires='],
  ['a day in another order', 'secret;expires=31.01.2027', 'expires='],
  ['a name with a space', 'secret;name=big boss', 'name'],
  ['a token with a space', 'sec ret', 'openssl'],
  ['restrictions without a token', ';name=a', 'openssl'],
])('%s is told as a problem, without the secret', (_name, entry, word) => {
  const { problems } = readAuthTokens([entry]);
  expect(problems.join('\n')).toContain(word);
  expect(problems.join('\n')).not.toContain('secret');
});

test('tokens and names are told apart', () => {
  expect(readAuthTokens(['one', 'one']).problems).toEqual([expect.stringContaining('twice')]);
  expect(readAuthTokens(['one;name=a', 'two;name=a']).problems).toEqual([
    expect.stringContaining('same name'),
  ]);
});
