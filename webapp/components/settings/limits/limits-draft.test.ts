import { expect, test } from 'vitest';
import type { Limit, LimitValue } from '../../../live/settings-api.ts';
import { limitChanges, limitsDraftOf } from './limits-draft.ts';

const limit = (variable: string, value: LimitValue, source: Limit['source'] = 'default'): Limit => ({
  variable,
  value,
  default: null,
  source,
});
const limits = [
  limit('ALLOWED_COUNTRIES', ['AT', 'DE'], 'saved'),
  limit('CALLING_HOURS', '08:00-24:00', 'saved'),
  limit('DENIED_NUMBERS', ['+4930*'], 'saved'),
  limit('CALLS_PER_DAY', 9, 'environment'),
  limit('CALLS_PER_HOUR', 200),
  limit('MAX_COST_PER_DAY_USD', 2.5, 'saved'),
];
const draft = limitsDraftOf(limits);

test('what nobody has touched changes nothing, and what the environment or a default sets is not typed out', () => {
  expect(limitChanges(draft, limits)).toEqual({ changes: {}, problems: {} });
  expect(draft.texts).toMatchObject({ CALLS_PER_DAY: '', CALLS_PER_HOUR: '', MAX_COST_PER_DAY_USD: '2.5' });
});

test('only what was changed is sent, each as the server takes it', () => {
  const changed = {
    countries: { which: 'all', codes: [] },
    hours: { ...draft.hours, from: '09:00' },
    texts: {
      ...draft.texts,
      DENIED_NUMBERS: '+4930*\n\n+1 415 555 0100, +43*',
      CALLS_PER_HOUR: '20',
      MAX_COST_PER_DAY_USD: ' ',
    },
  } as const;
  expect(limitChanges(changed, limits).changes).toEqual({
    ALLOWED_COUNTRIES: '*',
    CALLING_HOURS: '09:00-24:00',
    DENIED_NUMBERS: ['+4930*', '+1 415 555 0100', '+43*'],
    CALLS_PER_HOUR: 20,
    MAX_COST_PER_DAY_USD: null,
  });
});

test('a number that cannot be read is sent as it was typed, so that it never counts as the default', () => {
  const texts = { ...draft.texts, CALLS_PER_HOUR: '2O', MAX_COST_PER_DAY_USD: '2,50' };
  expect(limitChanges({ ...draft, texts }, limits).changes).toEqual({
    CALLS_PER_HOUR: '2O',
    MAX_COST_PER_DAY_USD: '2,50',
  });
});

test('a choice of countries without any is told before it is sent', () => {
  const { problems } = limitChanges({ ...draft, countries: { which: 'listed', codes: [] } }, limits);
  expect(Object.keys(problems)).toEqual(['ALLOWED_COUNTRIES']);
});
