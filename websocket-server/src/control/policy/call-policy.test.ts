import { describe, expect, test } from 'vitest';
import { CallPolicy, verdictOn } from './call-policy.ts';
import { noLimits } from './limits.ts';
import type { DialTally } from '../../storage/call-store.ts';
import type { DialCounts, DialFacts, DialSettings } from './dial-rule.ts';
import { forbidden } from './forbidden-numbers.ts';
import { NumberList } from './number-list.ts';

const settings: DialSettings = {
  isSimulated: false,
  allowedCountries: null,
  allowedNumbers: new NumberList([]),
  deniedNumbers: new NumberList([]),
  ownerNumber: '+14155552671',
  callingHours: { from: 8 * 60, until: 21 * 60 },
  maxConcurrentCalls: 10,
  callsPerMinute: 30,
  callsPerHour: 200,
  callsPerDay: 1000,
  callsPerNumberPerDay: 10,
  callsPerNumberAtOnce: 1,
};
const quiet: DialCounts = {
  upAtOnce: 0,
  upToNumber: 0,
  lastMinute: 0,
  lastHour: 0,
  lastDay: 0,
  lastDayToNumber: 0,
};
/** Noon in San Francisco on a Tuesday in June. */
const noon = Date.UTC(2026, 5, 2, 19);

interface Wish extends Partial<Omit<DialFacts, 'settings' | 'now'>> {
  readonly settings?: Partial<DialSettings>;
  readonly now?: Partial<DialCounts>;
}

function verdict(wish: Wish = {}) {
  const to = wish.to ?? '+14155552672';
  return verdictOn({
    to,
    from: '+14155552670',
    callee: 'business',
    at: noon,
    isLater: false,
    forbidden: forbidden(to),
    isOnDoNotCallList: false,
    ...wish,
    settings: { ...settings, ...wish.settings },
    now: { ...quiet, ...wish.now },
  });
}

const rulesAgainst = (wish: Wish) => verdict(wish).reasons.map(({ rule }) => rule);

test('a number on a list is not reached by another way to write it', () => {
  const barred = { from: '+442079460018', settings: { deniedNumbers: new NumberList(['+447400*']) } };
  expect(rulesAgainst({ ...barred, to: '+447400123456' })).toEqual(['denied-number']);
  expect(verdict({ ...barred, to: '+4407400123456' })).toMatchObject({
    allowed: false,
    reasons: [{ howToChange: 'Write it as +447400123456.' }],
  });
});

test('an ordinary call in the daytime is let through without a word', () => {
  expect(verdict()).toEqual({ allowed: true, reasons: [], warnings: [] });
});

describe('a call is refused by the rule that it breaks', () => {
  test.each<[string, Wish]>([
    ['malformed', { to: '4155552672' }],
    ['emergency', { to: '+19115550100' }],
    ['premium', { to: '+19005550100' }],
    ['impossible', { to: '+1415555267' }],
    ['unusual-form', { to: '+114155552672' }],
    ['unusual-form', { to: '+4407400123456', from: '+442079460018' }],
    ['same-number', { to: '+14155552670' }],
    ['country', { to: '+493023125000' }],
    ['country', { to: '+14165550123', settings: { allowedCountries: ['US'] } }],
    ['denied-number', { settings: { deniedNumbers: new NumberList(['+1415555*']) } }],
    ['allowed-numbers', { settings: { allowedNumbers: new NumberList(['+14155559999']) } }],
    ['do-not-call', { isOnDoNotCallList: true }],
    ['self', { callee: 'self' }],
    ['calling-hours', { callee: 'person', at: Date.UTC(2026, 5, 2, 14, 59) }],
    ['calling-hours', { callee: 'person', at: Date.UTC(2026, 5, 3, 4) }],
    ['concurrent-calls', { now: { upAtOnce: 10 } }],
    ['callee-busy', { now: { upToNumber: 1 } }],
    ['calls-per-minute', { now: { lastMinute: 30 } }],
    ['calls-per-hour', { now: { lastHour: 200 } }],
    ['calls-per-day', { now: { lastDay: 1000 } }],
    ['calls-per-number', { now: { lastDayToNumber: 10 } }],
  ])('%s: %j', (rule, wish) => {
    expect(rulesAgainst(wish)).toEqual([rule]);
  });
});

test('every reason is told, each with what can be changed', () => {
  const { allowed, reasons } = verdict({
    to: '+493023125000',
    callee: 'person',
    at: Date.UTC(2026, 5, 2, 21),
    isOnDoNotCallList: true,
    now: { upAtOnce: 10 },
  });
  expect(allowed).toBe(false);
  expect(reasons.map(({ rule }) => rule)).toEqual([
    'country',
    'do-not-call',
    'calling-hours',
    'concurrent-calls',
  ]);
  for (const { message, howToChange } of reasons) {
    expect(message).not.toBe('');
    expect(howToChange).toMatch(/operator/u);
  }
  expect(reasons[0]?.howToChange).toContain('ALLOWED_COUNTRIES');
  expect(reasons[2]?.message).toContain('23:00 in Europe/Berlin');
});

test('a business out of hours is called with a warning, the owner without', () => {
  const at = Date.UTC(2026, 5, 2, 7);
  expect(verdict({ at })).toMatchObject({
    allowed: true,
    warnings: [expect.stringContaining('00:00 in America/Los_Angeles')],
  });
  const owner: Wish = { at, to: '+14155552671', callee: 'self' };
  expect(verdict(owner)).toEqual({ allowed: true, reasons: [], warnings: [] });
});

test('a person whose number may be in several zones is called when the hour is right in all of them', () => {
  // Area code 208 is Idaho, whose north lives an hour behind its south; 800 belongs to no place.
  const person = { callee: 'person', to: '+12083345000' } as const;
  expect(rulesAgainst({ ...person, at: Date.UTC(2026, 5, 2, 14, 30) })).toEqual(['calling-hours']);
  expect(rulesAgainst({ ...person, at: Date.UTC(2026, 5, 2, 15) })).toEqual([]);
  const anywhere = { callee: 'person', to: '+18003569377' } as const;
  expect(rulesAgainst({ ...anywhere, at: Date.UTC(2026, 5, 2, 14) })).toEqual(['calling-hours']);
  expect(rulesAgainst({ ...anywhere, at: Date.UTC(2026, 5, 2, 23) })).toEqual([]);
});

test('a call that is asked for in advance is not measured by what is up now', () => {
  const now = { upAtOnce: 10, upToNumber: 1, lastMinute: 30, lastHour: 200, lastDay: 1000 };
  expect(rulesAgainst({ isLater: true, now })).toEqual([]);
});

test('on a simulated network any number may be dialed, but what is refused always', () => {
  const simulated = { settings: { isSimulated: true, callingHours: null, allowedCountries: '*' } } as const;
  expect(rulesAgainst({ ...simulated, to: '+1234567890' })).toEqual([]);
  expect(rulesAgainst({ ...simulated, to: '+999123456789', callee: 'person' })).toEqual([]);
  expect(rulesAgainst({ ...simulated, to: '+19005550100' })).toEqual(['premium']);
});

test('a country that shares the calling code is called with a warning unless it was allowed by name', () => {
  const jamaica = { to: '+18765550123' };
  expect(verdict(jamaica)).toMatchObject({ allowed: true, warnings: [expect.stringContaining('JM')] });
  expect(verdict({ ...jamaica, settings: { allowedCountries: ['US', 'JM'] } }).warnings).toEqual([]);
});

test('two callers who are told of the last place in the same moment do not both take it', async () => {
  let answer: (tally: DialTally) => void = () => {};
  const tally = new Promise<DialTally>((resolve) => (answer = resolve));
  const clock = { now: () => noon, elapsed: () => 0, after: () => () => {} };
  const network = { isSimulated: false, ownerNumber: null };
  const policy = new CallPolicy(network, { dialTally: () => tally }, clock);
  const dialing = {
    to: '+14155552672',
    from: '+14155552670',
    callee: 'business',
    scheduledAt: null,
  } as const;
  const both = [1, 2].map(() => policy.admit(dialing, noLimits, () => []));
  answer({ lastHour: 0, lastDay: 0, lastDayToNumber: 0, isOnDoNotCallList: false });
  const [first, second] = await Promise.all(both);
  expect(first?.verdict.allowed).toBe(true);
  expect(second?.verdict.reasons.map(({ rule }) => rule)).toEqual(['callee-busy']);
  first?.onRecord();
  expect((await policy.admit(dialing, noLimits, () => [])).verdict.allowed).toBe(true);
});
