import type { Limit, LimitValue } from '../../../live/settings-api.ts';

interface LimitWords {
  readonly title: string;
  readonly none: string;
  readonly isUsd?: true;
}

const noLimit = 'No limit';
const words: Readonly<Record<string, LimitWords>> = {
  ALLOWED_COUNTRIES: {
    title: 'Countries that may be called',
    none: 'Those that share your number’s calling code',
  },
  ALLOWED_NUMBERS: { title: 'Only these numbers', none: 'All numbers' },
  DENIED_NUMBERS: { title: 'Never these numbers', none: 'None' },
  CALLING_HOURS: { title: 'Hours for private persons', none: 'Any hour' },
  MAX_CONCURRENT_CALLS: { title: 'Calls at once', none: noLimit },
  CALLS_PER_MINUTE: { title: 'In a minute', none: noLimit },
  CALLS_PER_HOUR: { title: 'In an hour', none: noLimit },
  CALLS_PER_DAY: { title: 'In 24 hours', none: noLimit },
  CALLS_PER_NUMBER_AT_ONCE: { title: 'To one number at once', none: noLimit },
  CALLS_PER_NUMBER_PER_DAY: { title: 'To one number in 24 hours', none: noLimit },
  MAX_COST_PER_CALL_USD: { title: 'A call, in USD', none: noLimit, isUsd: true },
  MAX_COST_PER_DAY_USD: { title: 'A day, in USD', none: noLimit, isUsd: true },
  MAX_COST_PER_MONTH_USD: { title: 'A month, in USD', none: noLimit, isUsd: true },
};

export function limitTitle(variable: string): string {
  return words[variable]?.title ?? variable;
}

/** What a value of a limit means. */
export function limitWords({ variable }: Pick<Limit, 'variable'>, value: LimitValue): string {
  if (value === null) return words[variable]?.none ?? noLimit;
  if (value === '*') return 'All countries';
  if (value === 'off') return 'Any hour';
  if (typeof value === 'number') return words[variable]?.isUsd === true ? `$${value}` : String(value);
  if (typeof value === 'string') return value.replace('-', ' to ');
  return value.map((item) => (variable === 'ALLOWED_COUNTRIES' ? countryName(item) : item)).join(', ');
}

/** @param code ISO 3166-1, e.g. `DE`. @returns its name in the browser's language */
export function countryName(code: string): string {
  return new Intl.DisplayNames(undefined, { type: 'region' }).of(code) ?? code;
}
