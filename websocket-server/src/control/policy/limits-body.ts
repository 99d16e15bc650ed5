import { isSupportedCountry } from 'libphonenumber-js/max';
import * as z from 'zod';
import { hoursText, readDailyHours } from '../../lib/daily-hours.ts';
import { limitRanges } from '../../lib/limit-ranges.ts';
import { InvalidSettings } from '../../settings/settings-errors.ts';
import type { SavedLimits } from '../../storage/limits-store.ts';
import { limitVariables } from './limit-variables.ts';
import type { LimitVariable } from './limit-variables.ts';
import type { Limits, LimitValue } from './limits.ts';

const mostNumbers = 1000;
const mostUsd = 1_000_000;

/** A limit that is left out stays as it is; null, or an empty list, takes it back to its default. */
const limit = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().optional();

const countrySentence = 'Choose countries by their two-letter ISO codes, like US, CA and GB, or * for all';
const countries = z.union(
  [
    z.literal('*'),
    z
      .array(z.string().trim().toUpperCase())
      .refine(isEachUsable(isSupportedCountry), { error: whichNot(countrySentence, isSupportedCountry) }),
  ],
  `${countrySentence}.`,
);

const numbersSentence =
  'Write each number with a plus and its country code, and a star for all that begin so, like +14155550100 or +4930*';
const numbers = z
  .array(
    z.string().transform((number) => number.replaceAll(/[\s().-]/g, '')),
    `${numbersSentence}.`,
  )
  .max(mostNumbers, `List at most ${mostNumbers} numbers. A star stands for all that begin so, like +4930*.`)
  .refine(isEachUsable(isNumberOrRange), { error: whichNot(numbersSentence, isNumberOrRange) });

const hoursSentence =
  'Use two times of which the first is earlier, like 08:00-21:00, or "off" for any hour of the day.';
const hours = z
  .string(hoursSentence)
  .trim()
  .transform((text, context) => {
    if (text.toLowerCase() === 'off') return 'off';
    const read = readDailyHours(text);
    if (read !== undefined) return hoursText(read);
    context.addIssue({ code: 'custom', message: hoursSentence });
    return z.NEVER;
  });

const cap = ({ min, max }: { readonly min: number; readonly max: number }) => {
  const sentence = `Use a whole number from ${min} to ${max}.`;
  return z.int(sentence).min(min, sentence).max(max, sentence);
};

const usdSentence = 'Use an amount in US dollars above zero, like 2 or 0.50.';
const usd = z.number(usdSentence).positive(usdSentence).max(mostUsd, usdSentence);

/** Limits to be set or taken back, by their environment variables. */
export const limitsBody = z.strictObject(
  {
    ALLOWED_COUNTRIES: limit(countries),
    ALLOWED_NUMBERS: limit(numbers),
    DENIED_NUMBERS: limit(numbers),
    CALLING_HOURS: limit(hours),
    MAX_CONCURRENT_CALLS: limit(cap(limitRanges.MAX_CONCURRENT_CALLS)),
    CALLS_PER_MINUTE: limit(cap(limitRanges.CALLS_PER_MINUTE)),
    CALLS_PER_HOUR: limit(cap(limitRanges.CALLS_PER_HOUR)),
    CALLS_PER_DAY: limit(cap(limitRanges.CALLS_PER_DAY)),
    CALLS_PER_NUMBER_PER_DAY: limit(cap(limitRanges.CALLS_PER_NUMBER_PER_DAY)),
    CALLS_PER_NUMBER_AT_ONCE: limit(cap(limitRanges.CALLS_PER_NUMBER_AT_ONCE)),
    MAX_COST_PER_CALL_USD: limit(usd),
    MAX_COST_PER_DAY_USD: limit(usd),
    MAX_COST_PER_MONTH_USD: limit(usd),
  },
  'Send limits by their names, like {"CALLS_PER_DAY": 50, "CALLING_HOURS": null}.',
);

export type LimitChanges = Readonly<Partial<Record<LimitVariable, LimitValue | null>>>;

/**
 * @returns values as they are kept; null for a limit that goes back to its default
 * @throws InvalidSettings with a sentence for each limit that cannot be taken
 */
export function readLimitChanges(body: unknown): LimitChanges {
  const parsed = limitsBody.safeParse(body);
  if (!parsed.success) {
    const fields: Record<string, string> = {};
    for (const { code, path, message, ...issue } of parsed.error.issues) {
      const unknown = code === 'unrecognized_keys' && 'keys' in issue ? issue.keys : undefined;
      if (unknown === undefined) fields[String(path[0] ?? 'limits')] ??= message;
      else for (const name of unknown) fields[name] = `There is no such limit. ${thereAre}`;
    }
    throw new InvalidSettings(fields);
  }
  return Object.fromEntries(
    Object.entries(parsed.data)
      .filter(([, value]) => value !== undefined)
      .map(([variable, value]) => [variable, Array.isArray(value) ? listed(value) : value]),
  );
}

/** @param kept as `readLimitChanges` gave them; what is none of that counts as never set */
export function limitsKept(kept: SavedLimits): Limits {
  const value = <Variable extends LimitVariable>(variable: Variable) => {
    const parsed = limitsBody.shape[variable].safeParse(kept[variable]);
    return (parsed.success ? parsed.data : null) as z.output<typeof limitsBody>[Variable] | null;
  };
  const daily = value('CALLING_HOURS') ?? null;
  return {
    allowedCountries: value('ALLOWED_COUNTRIES') ?? null,
    allowedNumbers: value('ALLOWED_NUMBERS') ?? null,
    deniedNumbers: value('DENIED_NUMBERS') ?? null,
    callingHours: daily === null || daily === 'off' ? daily : (readDailyHours(daily) ?? null),
    maxConcurrentCalls: value('MAX_CONCURRENT_CALLS') ?? null,
    callsPerMinute: value('CALLS_PER_MINUTE') ?? null,
    callsPerHour: value('CALLS_PER_HOUR') ?? null,
    callsPerDay: value('CALLS_PER_DAY') ?? null,
    callsPerNumberPerDay: value('CALLS_PER_NUMBER_PER_DAY') ?? null,
    callsPerNumberAtOnce: value('CALLS_PER_NUMBER_AT_ONCE') ?? null,
    perCallUsd: value('MAX_COST_PER_CALL_USD') ?? null,
    perDayUsd: value('MAX_COST_PER_DAY_USD') ?? null,
    perMonthUsd: value('MAX_COST_PER_MONTH_USD') ?? null,
  };
}

const thereAre = `There are ${limitVariables.join(', ')}.`;

function listed(items: readonly string[]): readonly string[] | null {
  return items.length === 0 ? null : [...new Set(items)];
}

function isNumberOrRange(text: string): boolean {
  return /^\+[1-9](?:\d{6,14}|\d{0,13}\*)$/.test(text);
}

function isEachUsable(isUsable: (item: string) => boolean) {
  return (items: readonly string[]) => items.every((item) => isUsable(item));
}

/** The sentence for a list, with what of it cannot be used. */
function whichNot(sentence: string, isUsable: (item: string) => boolean) {
  return ({ input }: { readonly input?: unknown }): string => {
    const items = Array.isArray(input) ? input.map(String) : [];
    const unusable = items.filter((item) => !isUsable(item)).slice(0, 5);
    return `${sentence}; not usable: ${unusable.join(', ').slice(0, 200)}.`;
  };
}
