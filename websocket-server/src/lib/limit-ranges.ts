/** The least and the most that each limit on how many calls there may be can be set to, by its environment variable. */
export const limitRanges = {
  MAX_CONCURRENT_CALLS: { min: 1, max: 10_000 },
  CALLS_PER_MINUTE: { min: 1, max: 100_000 },
  CALLS_PER_HOUR: { min: 1, max: 1_000_000 },
  CALLS_PER_DAY: { min: 1, max: 10_000_000 },
  CALLS_PER_NUMBER_PER_DAY: { min: 1, max: 100_000 },
  CALLS_PER_NUMBER_AT_ONCE: { min: 1, max: 10_000 },
} as const;
