import { hoursText } from '../../lib/daily-hours.ts';
import { settingsInForce } from './call-policy.ts';
import type { PolicySettings } from './call-policy.ts';

/** One limit on calls as it holds, for whoever wants to know it, or to change it. */
export interface Limit {
  /** The environment variable that sets it. */
  readonly variable: string;
  /** A count, US dollars, `HH:MM-HH:MM`, ISO country codes, phone numbers, or `*` for all; null: no limit. */
  readonly value: number | string | readonly string[] | null;
}

/** What calls may cost, in US dollars; null: no limit. */
interface CostCaps {
  readonly perCallUsd: number | null;
  readonly perDayUsd: number | null;
  readonly perMonthUsd: number | null;
}

/**
 * Every limit on calls, with the defaults filled in.
 *
 * @returns for `ALLOWED_COUNTRIES` null where the countries are those that share the calling code of `from`
 */
export function limitsInForce(
  policy: PolicySettings,
  costs: CostCaps,
  network: { readonly isSimulated: boolean },
): readonly Limit[] {
  const inForce = settingsInForce(policy, { ...network, ownerNumber: null });
  const { callingHours } = inForce;
  const cap = (count: number) => (Number.isFinite(count) ? count : null);
  const list = (numbers: readonly string[]) => (numbers.length === 0 ? null : numbers);
  const values: Readonly<Record<string, Limit['value']>> = {
    ALLOWED_COUNTRIES: network.isSimulated ? '*' : policy.allowedCountries,
    ALLOWED_NUMBERS: list(policy.allowedNumbers),
    DENIED_NUMBERS: list(policy.deniedNumbers),
    CALLING_HOURS: callingHours === null ? null : hoursText(callingHours),
    MAX_CONCURRENT_CALLS: cap(inForce.maxConcurrentCalls),
    CALLS_PER_MINUTE: cap(inForce.callsPerMinute),
    CALLS_PER_HOUR: cap(inForce.callsPerHour),
    CALLS_PER_DAY: cap(inForce.callsPerDay),
    CALLS_PER_NUMBER_PER_DAY: cap(inForce.callsPerNumberPerDay),
    CALLS_PER_NUMBER_AT_ONCE: cap(inForce.callsPerNumberAtOnce),
    MAX_COST_PER_CALL_USD: costs.perCallUsd,
    MAX_COST_PER_DAY_USD: costs.perDayUsd,
    MAX_COST_PER_MONTH_USD: costs.perMonthUsd,
  };
  return Object.entries(values).map(([variable, value]) => ({ variable, value }));
}
