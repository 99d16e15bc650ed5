import postgres from 'postgres';
import { expect, test } from 'vitest';
import { LogCleaner } from './log-privacy.ts';

const secrets = ['tok-of-the-operator', 'wErT/y+1'];
const cleaner = new LogCleaner({ showsPii: false, secrets });
const shower = new LogCleaner({ showsPii: true, secrets });

test('what stands under pii is hidden, its names are not, and LOG_PII shows it', () => {
  const details = { callId: 'call_1', pii: { to: '+14155550100', goal: 'Book a table' } };
  expect(cleaner.details(details)).toEqual({ callId: 'call_1', pii: { to: '[hidden]', goal: '[hidden]' } });
  expect(shower.details(details)).toEqual(details);
});

test.each([
  ['The number +14155550100 is not valid', 'The number [hidden] is not valid'],
  ['/Calls.json?To=%2B14155550100&From=x', '/Calls.json?To=[hidden]&From=x'],
  ['ring 4155550100 or (415) 555-0100 or 415-555-0100', 'ring [hidden] or [hidden] or [hidden]'],
  ['+49 30 901820 hangs up', '[hidden] hangs up'],
])('a number is hidden wherever it stands: %s', (text, shown) => {
  expect(cleaner.text(text)).toBe(shown);
  expect(shower.text(text)).toBe(text);
});

test.each([
  'connect ECONNREFUSED 127.0.0.1:5432',
  '2026-11-23T02:40:12.123Z',
  'CA0123456789abcdef0123456789abcdef',
  'call_5xK2mPq8dLw7RtYz1Nb3Vc',
  'no answer within 15000 ms',
  'http://127.0.0.1:8081/twiml',
])('what is no number stays: %s', (text) => {
  expect(cleaner.text(text)).toBe(text);
});

test.each([
  ['a known credential', 'sent tok-of-the-operator to nobody'],
  ['one of the carrier', 'signed with wErT/y+1.'],
  ['a header', 'Authorization: Bearer tok-of-the-operator and Basic QUMxOndFclQveSsx'],
  ['a key of the voice model', 'Incorrect API key provided: sk-proj-tok-of-the-operator'],
  ['an address', 'postgres://telephone:tok-of-the-operator@db/x?token=tok-of-the-operator'],
  ['a cookie', 'telephone_session=one~1~tok-of-the-operator; Path=/'],
  ['an access token', 'eyJhbGciOi.eyJzdWIiOi.tok-of-the-operator'],
])('%s is shown by nothing', (_what, text) => {
  for (const each of [cleaner, shower]) {
    expect(each.text(text)).not.toMatch(/tok-of|wErT|QUMx/u);
    expect(JSON.stringify(each.details({ reason: { deep: [text] } }))).not.toMatch(/tok-of|wErT|QUMx/u);
    expect(JSON.stringify(each.details({ err: new Error(text) }))).not.toMatch(/tok-of|wErT|QUMx/u);
  }
});

test('a value whose name says that it is secret is hidden, also in what LOG_PII shows', () => {
  const details = { headers: { Cookie: 'a=b', 'x-api-key': 'k', authToken: 't' }, pii: { set_cookie: 'c' } };
  expect(shower.details(details)).toEqual({
    headers: { Cookie: '[secret]', 'x-api-key': '[secret]', authToken: 't' },
    pii: { set_cookie: '[secret]' },
  });
});

test('of an error of the database no value of a statement is left, and what it means is', () => {
  const refused = Object.assign(new postgres.PostgresError(''), {
    message: 'duplicate key value violates "calls_idempotency_key_unique"',
    code: '23505',
    detail: 'Key (idempotency_key)=(ring Ada back) already exists.',
    parameters: ['Book a table', '+14155550100'],
    query: "insert into calls values ('Book a table')",
  });
  const told = JSON.stringify(cleaner.details({ err: new Error('not stored', { cause: refused }) }));
  expect(told).toContain('calls_idempotency_key_unique');
  expect(told).toContain('23505');
  expect(told).not.toMatch(/Book|Ada|4155550100/u);
});

test('what an error quotes is hidden, with all of its causes', () => {
  let quoting: unknown;
  try {
    JSON.parse('Tell nobody that I am ill');
  } catch (error) {
    quoting = error;
  }
  const err = new AggregateError([quoting], 'two failed', { cause: 'it said “the code is blue”' });
  const told = JSON.stringify(cleaner.details({ err }));
  expect(told).not.toMatch(/nobody|blue/u);
  expect(told).toContain('log-privacy.test.ts');
  expect(JSON.stringify(shower.details({ err }))).toContain('blue');
});
