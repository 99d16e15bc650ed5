import type { ReactNode } from 'react';
import type { Limit } from '../../../live/settings-api.ts';
import { useHiddenNumbers } from '../../hidden-numbers.ts';
import { FormField } from '../form-field.tsx';
import type { FieldProblems } from '../settings-draft.ts';
import { SettingsSection } from '../settings-section.tsx';
import { CountriesField } from './countries-field.tsx';
import { FixedLimit } from './fixed-limit.tsx';
import { HoursField } from './hours-field.tsx';
import { limitTitle, limitWords } from './limit-words.ts';
import type { LimitsDraft } from './limits-draft.ts';

interface Group {
  readonly title: string;
  readonly columns: string;
  readonly variables: readonly string[];
}

const groups: readonly Group[] = [
  {
    title: 'Whom and when',
    columns: 'sm:grid-cols-2',
    variables: ['ALLOWED_COUNTRIES', 'CALLING_HOURS', 'ALLOWED_NUMBERS', 'DENIED_NUMBERS'],
  },
  {
    title: 'How many calls',
    columns: 'min-[360px]:grid-cols-2 sm:grid-cols-3',
    variables: [
      'MAX_CONCURRENT_CALLS',
      'CALLS_PER_MINUTE',
      'CALLS_PER_HOUR',
      'CALLS_PER_DAY',
      'CALLS_PER_NUMBER_AT_ONCE',
      'CALLS_PER_NUMBER_PER_DAY',
    ],
  },
  {
    title: 'What they may cost',
    columns: 'sm:grid-cols-3',
    variables: ['MAX_COST_PER_CALL_USD', 'MAX_COST_PER_DAY_USD', 'MAX_COST_PER_MONTH_USD'],
  },
];

/** Who may be called, when, how often and for how much; what the environment sets is locked. */
export function LimitsSection({
  limits,
  draft,
  problems,
  mayChange,
  isDisabled,
  onChange,
}: {
  readonly limits: readonly Limit[];
  readonly draft: LimitsDraft;
  readonly problems: FieldProblems;
  readonly mayChange: boolean;
  readonly isDisabled: boolean;
  readonly onChange: (changed: Partial<LimitsDraft>) => void;
}) {
  function fieldOf(limit: Limit): ReactNode {
    const { variable } = limit;
    const problem = problems[variable];
    if (!mayChange || limit.source === 'environment') return <FixedLimit limit={limit} />;
    const shared = { limit, problem, isDisabled };
    if (variable === 'ALLOWED_COUNTRIES') {
      return (
        <CountriesField
          {...shared}
          draft={draft.countries}
          onChange={(countries) => onChange({ countries })}
        />
      );
    }
    if (variable === 'CALLING_HOURS') {
      return <HoursField {...shared} draft={draft.hours} onChange={(hours) => onChange({ hours })} />;
    }
    return (
      <TextLimit
        {...shared}
        value={draft.texts[variable] ?? ''}
        onChange={(text) => onChange({ texts: { ...draft.texts, [variable]: text } })}
      />
    );
  }

  return (
    <SettingsSection
      id="limits"
      title="Limits"
      intro="They hold for every call, whoever asks for it, and no prompt can loosen them. Emergency, premium-rate, short and satellite numbers are never called, whatever stands here. Saved limits count from the next call on."
    >
      {groups.map(({ title, columns, variables }) => (
        <div key={title} role="group" aria-label={title}>
          <h3 className="mb-2 border-t border-line pt-3 text-sm font-semibold text-muted">{title}</h3>
          <div className={`grid grid-cols-1 items-start gap-4 ${columns}`}>
            {variables.map((variable) => {
              const limit = limits.find((one) => one.variable === variable);
              return limit && <div key={variable}>{fieldOf(limit)}</div>;
            })}
          </div>
        </div>
      ))}
    </SettingsSection>
  );
}

function TextLimit({
  limit,
  value,
  problem,
  isDisabled,
  onChange,
}: {
  readonly limit: Limit;
  readonly value: string;
  readonly problem: string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (text: string) => void;
}) {
  const areHidden = useHiddenNumbers();
  const isList = limit.variable.endsWith('_NUMBERS');
  if (isList && areHidden && value !== '') return <FixedLimit limit={limit} areNumbersTyped />;
  const usual = limitWords(limit, limit.default);
  const field = { label: limitTitle(limit.variable), value, onChange, problem, isDisabled };
  return isList ? (
    <FormField
      {...field}
      rows={3}
      placeholder={usual}
      hint="One on a line, like +14155550123; +4930* stands for all that begin so."
    />
  ) : (
    <FormField
      {...field}
      inputMode="decimal"
      placeholder={usual}
      hint={value === '' ? 'Default' : `Default: ${usual.toLowerCase()}`}
    />
  );
}
