import { expect, test } from 'vitest';
import { MemoryLimitsStore } from '../../../test/fakes/memory-limits-store.ts';
import { InvalidSettings } from '../../settings/settings-errors.ts';
import { changeWords, LimitsBook, LimitsFixed } from './limits-book.ts';
import { readLimitChanges } from './limits-body.ts';
import { limitReport, limitsInForce, noLimits } from './limits.ts';
import type { Limit, Limits } from './limits.ts';

const clock = { now: () => 1000, elapsed: () => 0, after: () => () => {} };
const real = { isSimulated: false };
const hours = { from: 480, until: 1200 };

test.each<[name: keyof Limits, environment: Partial<Limits>, saved: Partial<Limits>, told: Partial<Limit>]>([
  ['callsPerHour', {}, {}, { value: 200, source: 'default' }],
  ['callsPerHour', {}, { callsPerHour: 7 }, { value: 7, source: 'saved' }],
  ['callsPerHour', { callsPerHour: 5 }, { callsPerHour: 7 }, { value: 5, source: 'environment' }],
  ['callsPerHour', { callsPerHour: 5 }, {}, { value: 5, source: 'environment' }],
  ['allowedCountries', {}, {}, { value: null, source: 'default' }],
  ['allowedCountries', {}, { allowedCountries: ['AT'] }, { value: ['AT'], source: 'saved' }],
  ['allowedCountries', { allowedCountries: '*' }, { allowedCountries: ['AT'] }, { value: '*' }],
  ['deniedNumbers', {}, { deniedNumbers: ['+4930*'] }, { value: ['+4930*'], source: 'saved' }],
  ['callingHours', {}, {}, { value: '08:00-21:00', source: 'default' }],
  ['callingHours', {}, { callingHours: 'off' }, { value: 'off', source: 'saved' }],
  ['callingHours', { callingHours: hours }, { callingHours: 'off' }, { value: '08:00-20:00' }],
  ['perDayUsd', {}, {}, { value: null, source: 'default' }],
  ['perDayUsd', {}, { perDayUsd: 2.5 }, { value: 2.5, default: null, source: 'saved' }],
])('of %s the environment says %j and the page %j: %j holds', (name, environment, saved, told) => {
  const [fixed, chosen] = [
    { ...noLimits, ...environment },
    { ...noLimits, ...saved },
  ];
  expect(limitsInForce(fixed, chosen)[name]).toEqual(environment[name] ?? saved[name] ?? null);
  const variables = {
    callsPerHour: 'CALLS_PER_HOUR',
    allowedCountries: 'ALLOWED_COUNTRIES',
    deniedNumbers: 'DENIED_NUMBERS',
    callingHours: 'CALLING_HOURS',
    perDayUsd: 'MAX_COST_PER_DAY_USD',
  } as const;
  const variable = variables[name as keyof typeof variables];
  expect(limitReport(fixed, chosen, real)).toContainEqual(expect.objectContaining({ variable, ...told }));
});

test('in front of a simulated network only calls at once and in a minute are limited, unless more is asked for', () => {
  const usual = limitReport(noLimits, noLimits, { isSimulated: true }).filter(
    ({ value }) => value !== null && value !== '*' && value !== 'off',
  );
  expect(usual.map(({ variable }) => variable)).toEqual(['MAX_CONCURRENT_CALLS', 'CALLS_PER_MINUTE']);
});

test.each<[body: Record<string, unknown>, kept: Record<string, unknown>]>([
  [{ ALLOWED_COUNTRIES: ['us', 'AT', 'US'] }, { ALLOWED_COUNTRIES: ['US', 'AT'] }],
  [{ ALLOWED_COUNTRIES: [] }, { ALLOWED_COUNTRIES: null }],
  [{ ALLOWED_NUMBERS: ['+1 (415) 555-0100', '+4930*'] }, { ALLOWED_NUMBERS: ['+14155550100', '+4930*'] }],
  [{ CALLING_HOURS: '8-21:30' }, { CALLING_HOURS: '08:00-21:30' }],
  [{ CALLING_HOURS: 'Off' }, { CALLING_HOURS: 'off' }],
  [{ CALLS_PER_DAY: null }, { CALLS_PER_DAY: null }],
  [{ MAX_COST_PER_CALL_USD: 0.5 }, { MAX_COST_PER_CALL_USD: 0.5 }],
])('%j is kept as %j', (body, kept) => {
  expect(readLimitChanges(body)).toEqual(kept);
});

test.each<[variable: string, value: unknown, words: string]>([
  ['ALLOWED_COUNTRIES', ['US', 'UK'], 'not usable: UK'],
  ['ALLOWED_COUNTRIES', 'Austria', 'two-letter ISO codes'],
  ['DENIED_NUMBERS', ['0151 1234567', '+14155550100'], 'not usable: 01511234567.'],
  ['DENIED_NUMBERS', ['+49'], 'not usable: +49'],
  ['DENIED_NUMBERS', ['*'], 'not usable: *'],
  ['CALLING_HOURS', '21:00-08:00', 'the first is earlier'],
  ['CALLING_HOURS', '25:00-26:00', 'Use two times'],
  ['MAX_CONCURRENT_CALLS', 0, 'from 1 to 10000'],
  ['CALLS_PER_MINUTE', 'many', 'a whole number'],
  ['MAX_COST_PER_DAY_USD', 0, 'above zero'],
  ['MAX_COST_PER_DAY_USD', '2,50', 'like 2 or 0.50'],
  ['EMERGENCY_NUMBERS', ['+112'], 'There is no such limit'],
])('of %s %j is refused, and it is told why', (variable, value, words) => {
  const read = () => readLimitChanges({ [variable]: value });
  expect(read).toThrow(InvalidSettings);
  expect(read).toThrow(words);
});

test('what is no set of limits is refused with how to send some', () => {
  for (const body of [null, [], 'CALLS_PER_DAY=5']) {
    expect(() => readLimitChanges(body)).toThrow('Send limits by their names');
  }
});

test('what one server saves the next call at another one goes by, and what the environment sets stays', async () => {
  const store = new MemoryLimitsStore();
  const environment = { ...noLimits, callsPerDay: 9 };
  const [here, there] = [
    new LimitsBook(environment, real, store, clock),
    new LimitsBook(noLimits, real, store, clock),
  ];
  const changes = await here.change({ ALLOWED_COUNTRIES: ['AT'], DENIED_NUMBERS: ['+4930*'] });
  expect(changes.map(changeWords)).toEqual([
    'ALLOWED_COUNTRIES: default → AT',
    'DENIED_NUMBERS: 0 → 1 numbers (1 added, 0 removed)',
  ]);
  expect(await there.read()).toMatchObject({ allowedCountries: ['AT'], deniedNumbers: ['+4930*'] });
  await expect(here.change({ CALLS_PER_DAY: 100, CALLS_PER_HOUR: 3 })).rejects.toThrow(LimitsFixed);
  expect(await there.read()).toMatchObject({ callsPerHour: null, callsPerDay: null });
  expect(await here.change({ ALLOWED_COUNTRIES: null, CALLING_HOURS: null })).toEqual([
    { variable: 'ALLOWED_COUNTRIES', from: ['AT'], to: null },
  ]);
  expect(await there.read()).toMatchObject({ allowedCountries: null, deniedNumbers: ['+4930*'] });
});
