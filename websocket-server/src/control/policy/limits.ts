import { hoursText } from '../../lib/daily-hours.ts';
import type { SpendingCaps } from '../spending.ts';
import { settingsInForce } from './call-policy.ts';
import type { PolicySettings } from './call-policy.ts';
import { limitVariables } from './limit-variables.ts';
import type { LimitVariable } from './limit-variables.ts';

/** Every limit on calls that an operator can set; null: not set. */
export type Limits = PolicySettings & SpendingCaps;

/** A count, US dollars, `HH:MM-HH:MM` or `off`, ISO country codes, phone numbers, or `*` for all. */
export type LimitValue = number | string | readonly string[];

/** One limit on calls as it holds, for whoever wants to know it, or to change it. */
export interface Limit {
  /** The environment variable that sets it, and its name. */
  readonly variable: LimitVariable;
  /** What holds; null: no limit, or for `ALLOWED_COUNTRIES` those that share the calling code of `from`. */
  readonly value: LimitValue | null;
  /** What holds where nothing is set; null as above. */
  readonly default: LimitValue | null;
  /** Who has set it; what the environment sets, nobody else can. */
  readonly source: 'environment' | 'saved' | 'default';
}

/** What holds of what the environment sets and what is saved: the environment's word stands over the saved one. */
export function limitsInForce(environment: Limits, saved: Limits): Limits {
  return {
    allowedCountries: environment.allowedCountries ?? saved.allowedCountries,
    allowedNumbers: environment.allowedNumbers ?? saved.allowedNumbers,
    deniedNumbers: environment.deniedNumbers ?? saved.deniedNumbers,
    callingHours: environment.callingHours ?? saved.callingHours,
    maxConcurrentCalls: environment.maxConcurrentCalls ?? saved.maxConcurrentCalls,
    callsPerMinute: environment.callsPerMinute ?? saved.callsPerMinute,
    callsPerHour: environment.callsPerHour ?? saved.callsPerHour,
    callsPerDay: environment.callsPerDay ?? saved.callsPerDay,
    callsPerNumberPerDay: environment.callsPerNumberPerDay ?? saved.callsPerNumberPerDay,
    callsPerNumberAtOnce: environment.callsPerNumberAtOnce ?? saved.callsPerNumberAtOnce,
    perCallUsd: environment.perCallUsd ?? saved.perCallUsd,
    perDayUsd: environment.perDayUsd ?? saved.perDayUsd,
    perMonthUsd: environment.perMonthUsd ?? saved.perMonthUsd,
  };
}

/** Every limit, with what holds, what would, and who says so. */
export function limitReport(
  environment: Limits,
  saved: Limits,
  network: { readonly isSimulated: boolean },
): readonly Limit[] {
  const inForce = toldOf(limitsInForce(environment, saved), network);
  const usual = toldOf(noLimits, network);
  const [fixed, chosen] = [byVariable(environment), byVariable(saved)];
  return limitVariables.map((variable) => ({
    variable,
    value: inForce[variable],
    default: usual[variable],
    source: fixed[variable] !== null ? 'environment' : chosen[variable] !== null ? 'saved' : 'default',
  }));
}

/** Those that the environment sets. */
export function fixedLimits(environment: Limits): ReadonlySet<LimitVariable> {
  const fixed = byVariable(environment);
  return new Set(limitVariables.filter((variable) => fixed[variable] !== null));
}

export const noLimits: Limits = {
  allowedCountries: null,
  allowedNumbers: null,
  deniedNumbers: null,
  callingHours: null,
  maxConcurrentCalls: null,
  callsPerMinute: null,
  callsPerHour: null,
  callsPerDay: null,
  callsPerNumberPerDay: null,
  callsPerNumberAtOnce: null,
  perCallUsd: null,
  perDayUsd: null,
  perMonthUsd: null,
};

type ByVariable = Readonly<Record<LimitVariable, LimitValue | null>>;

/** With the defaults of the network filled in. */
function toldOf(limits: Limits, { isSimulated }: { readonly isSimulated: boolean }): ByVariable {
  const inForce = settingsInForce(limits, { isSimulated, ownerNumber: null });
  const cap = (count: number) => (Number.isFinite(count) ? count : null);
  return {
    ...byVariable(limits),
    ALLOWED_COUNTRIES: inForce.allowedCountries,
    CALLING_HOURS: inForce.callingHours === null ? 'off' : hoursText(inForce.callingHours),
    MAX_CONCURRENT_CALLS: cap(inForce.maxConcurrentCalls),
    CALLS_PER_MINUTE: cap(inForce.callsPerMinute),
    CALLS_PER_HOUR: cap(inForce.callsPerHour),
    CALLS_PER_DAY: cap(inForce.callsPerDay),
    CALLS_PER_NUMBER_PER_DAY: cap(inForce.callsPerNumberPerDay),
    CALLS_PER_NUMBER_AT_ONCE: cap(inForce.callsPerNumberAtOnce),
  };
}

/** As they are set. */
function byVariable(limits: Limits): ByVariable {
  const { callingHours } = limits;
  return {
    ALLOWED_COUNTRIES: limits.allowedCountries,
    ALLOWED_NUMBERS: limits.allowedNumbers,
    DENIED_NUMBERS: limits.deniedNumbers,
    CALLING_HOURS: callingHours === null || callingHours === 'off' ? callingHours : hoursText(callingHours),
    MAX_CONCURRENT_CALLS: limits.maxConcurrentCalls,
    CALLS_PER_MINUTE: limits.callsPerMinute,
    CALLS_PER_HOUR: limits.callsPerHour,
    CALLS_PER_DAY: limits.callsPerDay,
    CALLS_PER_NUMBER_PER_DAY: limits.callsPerNumberPerDay,
    CALLS_PER_NUMBER_AT_ONCE: limits.callsPerNumberAtOnce,
    MAX_COST_PER_CALL_USD: limits.perCallUsd,
    MAX_COST_PER_DAY_USD: limits.perDayUsd,
    MAX_COST_PER_MONTH_USD: limits.perMonthUsd,
  };
}
