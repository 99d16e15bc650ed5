/** The environment variable of each limit on calls, by which it is known everywhere outside, in the order told. */
export const limitVariables = [
  'ALLOWED_COUNTRIES',
  'ALLOWED_NUMBERS',
  'DENIED_NUMBERS',
  'CALLING_HOURS',
  'MAX_CONCURRENT_CALLS',
  'CALLS_PER_MINUTE',
  'CALLS_PER_HOUR',
  'CALLS_PER_DAY',
  'CALLS_PER_NUMBER_PER_DAY',
  'CALLS_PER_NUMBER_AT_ONCE',
  'MAX_COST_PER_CALL_USD',
  'MAX_COST_PER_DAY_USD',
  'MAX_COST_PER_MONTH_USD',
] as const;
export type LimitVariable = (typeof limitVariables)[number];

/** Where the operator sets a limit, for the end of a sentence. */
export function setBy(variable: LimitVariable): string {
  return `on the page /settings or by ${variable}`;
}
