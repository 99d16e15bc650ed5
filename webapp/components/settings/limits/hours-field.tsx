import { useId } from 'react';
import type { Limit } from '../../../live/settings-api.ts';
import { FormField } from '../form-field.tsx';
import { limitTitle, limitWords } from './limit-words.ts';
import type { HoursDraft } from './limits-draft.ts';

/** The hours in which private persons may be called, where they are: the usual ones, any, or between two times. */
export function HoursField({
  limit,
  draft,
  problem,
  isDisabled,
  onChange,
}: {
  readonly limit: Limit;
  readonly draft: HoursDraft;
  readonly problem: string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (draft: HoursDraft) => void;
}) {
  const id = useId();
  const isBetween = draft.which === 'between';
  const time = (name: 'from' | 'until', label: string) => (
    <label className="grid gap-1 text-sm font-medium">
      {label}
      <input
        type="time"
        className={`field font-normal tabular-nums ${problem === undefined ? '' : 'border-bad'}`}
        required
        value={draft[name]}
        disabled={isDisabled}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
      />
    </label>
  );
  return (
    <div className="grid grid-cols-1 gap-3">
      <FormField
        label={limitTitle(limit.variable)}
        value={draft.which}
        options={[
          { value: 'default', label: `Default: ${limitWords(limit, limit.default).toLowerCase()}` },
          ...(limit.default === 'off' ? [] : [{ value: 'any', label: 'Any hour' }]),
          { value: 'between', label: 'Between two times' },
        ]}
        hint="In the time of the place that the number belongs to. Businesses are called at any hour, with a warning."
        problem={isBetween ? undefined : problem}
        isDisabled={isDisabled}
        onChange={(which) => {
          if (which === 'default' || which === 'any' || which === 'between') onChange({ ...draft, which });
        }}
      />
      {isBetween && (
        <div>
          <div className="grid grid-cols-2 gap-4">
            {time('from', 'From')}
            {time('until', 'Until')}
          </div>
          {problem !== undefined && (
            <p id={`${id}-problem`} className="mt-1 text-sm font-medium text-bad">
              {problem}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
