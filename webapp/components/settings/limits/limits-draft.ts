import type { Limit, LimitValue } from '../../../live/settings-api.ts';
import type { FieldProblems } from '../settings-draft.ts';

/** Limits as they are chosen and typed; those that the environment sets are not among them. */
export interface LimitsDraft {
  readonly countries: CountriesDraft;
  readonly hours: HoursDraft;
  /** What stands in the other fields, by variable; empty for the default. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface CountriesDraft {
  readonly which: 'default' | 'all' | 'listed';
  /** ISO codes. */
  readonly codes: readonly string[];
}

export interface HoursDraft {
  readonly which: 'default' | 'any' | 'between';
  /** `HH:MM`; midnight at the end of the day is `00:00`. */
  readonly from: string;
  readonly until: string;
}

const countries = 'ALLOWED_COUNTRIES';
const hours = 'CALLING_HOURS';

export function limitsDraftOf(limits: readonly Limit[]): LimitsDraft {
  const set = new Map(limits.map((limit) => [limit.variable, limit] as const));
  const others = limits.filter(({ variable }) => variable !== countries && variable !== hours);
  return {
    countries: countriesDraftOf(savedValue(set.get(countries))),
    hours: hoursDraftOf(savedValue(set.get(hours))),
    texts: Object.fromEntries(others.map((limit) => [limit.variable, textOf(savedValue(limit))])),
  };
}

/** What of a draft is not as it is saved; what only the server can judge is left to it. */
export function limitChanges(
  draft: LimitsDraft,
  limits: readonly Limit[],
): { readonly changes: Readonly<Record<string, unknown>>; readonly problems: FieldProblems } {
  const saved = limitsDraftOf(limits);
  const changes: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  if (JSON.stringify(draft.countries) !== JSON.stringify(saved.countries)) {
    const { which, codes } = draft.countries;
    if (which === 'listed' && codes.length === 0) problems[countries] = 'Add a country, or choose otherwise.';
    changes[countries] = which === 'default' ? null : which === 'all' ? '*' : codes;
  }
  if (JSON.stringify(draft.hours) !== JSON.stringify(saved.hours)) {
    const { which, from, until } = draft.hours;
    const end = until === '00:00' ? '24:00' : until;
    changes[hours] = which === 'default' ? null : which === 'any' ? 'off' : `${from}-${end}`;
  }
  for (const [variable, text] of Object.entries(draft.texts)) {
    if (text !== saved.texts[variable]) changes[variable] = valueOf(variable, text.trim());
  }
  return { changes, problems };
}

/** What a text stands for; one that is no number is left to the server to refuse. */
function valueOf(variable: string, text: string): unknown {
  if (text === '') return null;
  if (!variable.endsWith('_NUMBERS')) return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return text
    .split(/[\n,;]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function savedValue(limit: Limit | undefined): LimitValue {
  return limit?.source === 'saved' ? limit.value : null;
}

function textOf(value: LimitValue): string {
  if (value === null) return '';
  return typeof value === 'number' || typeof value === 'string' ? String(value) : value.join('\n');
}

function countriesDraftOf(value: LimitValue): CountriesDraft {
  if (value === '*') return { which: 'all', codes: [] };
  const codes = value !== null && typeof value === 'object' ? value : [];
  return { which: codes.length === 0 ? 'default' : 'listed', codes };
}

function hoursDraftOf(value: LimitValue): HoursDraft {
  const [, from = '08:00', until = '21:00'] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(String(value)) ?? [];
  const which = value === null ? 'default' : value === 'off' ? 'any' : 'between';
  return { which, from, until: until === '24:00' ? '00:00' : until };
}
