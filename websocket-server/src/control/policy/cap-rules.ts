import { setBy } from './limit-variables.ts';
import type { LimitVariable } from './limit-variables.ts';
import type { DialCaps, DialCounts, DialRule } from './dial-rule.ts';

interface Cap {
  readonly rule: string;
  readonly cap: keyof DialCaps;
  readonly count: keyof DialCounts;
  readonly variable: LimitVariable;
  readonly isMomentary: boolean;
  /** @param cap how many there may be */
  readonly message: (cap: number) => string;
  readonly advice: string;
}

const caps: readonly Cap[] = [
  {
    rule: 'concurrent-calls',
    cap: 'maxConcurrentCalls',
    count: 'upAtOnce',
    variable: 'MAX_CONCURRENT_CALLS',
    isMomentary: true,
    message: (cap) => `${calls(cap)} up, which is the limit.`,
    advice: 'Wait until one ends',
  },
  {
    rule: 'callee-busy',
    cap: 'callsPerNumberAtOnce',
    count: 'upToNumber',
    variable: 'CALLS_PER_NUMBER_AT_ONCE',
    isMomentary: true,
    message: (cap) => `${calls(cap)} up to this number already, which is the limit.`,
    advice: 'Follow that call instead, or wait until it ends',
  },
  {
    rule: 'calls-per-minute',
    cap: 'callsPerMinute',
    count: 'lastMinute',
    variable: 'CALLS_PER_MINUTE',
    isMomentary: true,
    message: (cap) => `${cap} calls were placed within a minute, which is the limit.`,
    advice: 'Wait a little',
  },
  {
    rule: 'calls-per-hour',
    cap: 'callsPerHour',
    count: 'lastHour',
    variable: 'CALLS_PER_HOUR',
    isMomentary: true,
    message: (cap) => `${cap} calls were placed within an hour, which is the limit.`,
    advice: 'Wait a while',
  },
  {
    rule: 'calls-per-day',
    cap: 'callsPerDay',
    count: 'lastDay',
    variable: 'CALLS_PER_DAY',
    isMomentary: false,
    message: (cap) => `${cap} calls were placed within 24 hours, which is the limit.`,
    advice: 'Try again tomorrow',
  },
  {
    rule: 'calls-per-number',
    cap: 'callsPerNumberPerDay',
    count: 'lastDayToNumber',
    variable: 'CALLS_PER_NUMBER_PER_DAY',
    isMomentary: false,
    message: (cap) => `This number was called ${cap} times within 24 hours, which is the limit.`,
    advice: 'Try again tomorrow',
  },
];

/** How many calls there may be, at once and in a while, in all and to one number. */
export const capRules: readonly DialRule[] = caps.map(
  ({ rule, cap, count, variable, isMomentary, message, advice }) => ({
    rule,
    isMomentary,
    find: ({ settings, now, isLater }) =>
      isLater || now[count] < settings[cap]
        ? undefined
        : {
            message: message(settings[cap]),
            howToChange: `${advice}; the operator sets the limit ${setBy(variable)}.`,
          },
  }),
);

function calls(count: number): string {
  return count === 1 ? '1 call is' : `${count} calls are`;
}
