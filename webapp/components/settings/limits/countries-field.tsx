import { X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { Limit } from '../../../live/settings-api.ts';
import { loadPhoneCountries } from '../../phone-countries.ts';
import type { PhoneCountry } from '../../phone-countries.ts';
import { FormField } from '../form-field.tsx';
import { countryName, limitTitle, limitWords } from './limit-words.ts';
import type { CountriesDraft } from './limits-draft.ts';

/** Which countries may be called: the usual ones, all, or some, each by its name. */
export function CountriesField({
  limit,
  draft,
  problem,
  isDisabled,
  onChange,
}: {
  readonly limit: Limit;
  readonly draft: CountriesDraft;
  readonly problem: string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (draft: CountriesDraft) => void;
}) {
  const isListed = draft.which === 'listed';
  return (
    <div className="grid grid-cols-1 gap-3">
      <FormField
        label={limitTitle(limit.variable)}
        value={draft.which}
        options={[
          { value: 'default', label: `Default: ${lowerFirst(limitWords(limit, limit.default))}` },
          ...(limit.default === '*' ? [] : [{ value: 'all', label: 'All countries' }]),
          { value: 'listed', label: 'Only these' },
        ]}
        problem={isListed ? undefined : problem}
        isDisabled={isDisabled}
        onChange={(which) => {
          if (which === 'default' || which === 'all' || which === 'listed') onChange({ ...draft, which });
        }}
      />
      {isListed && (
        <CountryList
          codes={draft.codes}
          problem={problem}
          isDisabled={isDisabled}
          onChange={(codes) => onChange({ ...draft, codes })}
        />
      )}
    </div>
  );
}

function CountryList({
  codes,
  problem,
  isDisabled,
  onChange,
}: {
  readonly codes: readonly string[];
  readonly problem: string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (codes: readonly string[]) => void;
}) {
  const id = useId();
  const [known, setKnown] = useState<readonly PhoneCountry[]>([]);

  useEffect(() => {
    let isGone = false;
    async function load(): Promise<void> {
      const { countries } = await loadPhoneCountries();
      if (!isGone) setKnown(countries);
    }
    void load();
    return () => {
      isGone = true;
    };
  }, []);

  return (
    <div>
      {codes.length > 0 && (
        <ul aria-label="Countries chosen" className="mb-2 flex flex-wrap gap-2">
          {codes.map((code) => (
            <li
              key={code}
              className="inline-flex items-center rounded-full border border-edge pl-3 text-sm font-medium"
            >
              {countryName(code)}
              <button
                type="button"
                className="inline-flex size-9 cursor-pointer items-center justify-center rounded-full text-muted hover:text-bad"
                aria-label={`Remove ${countryName(code)}`}
                disabled={isDisabled}
                onClick={() => onChange(codes.filter((other) => other !== code))}
              >
                <X aria-hidden="true" className="size-4" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <select
        className={`field ${problem === undefined ? '' : 'border-bad'}`}
        aria-label="Add a country"
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        value=""
        disabled={isDisabled}
        onChange={(event) => onChange([...codes, event.target.value])}
      >
        <option value="">Add a country…</option>
        {known
          .filter(({ code }) => !codes.includes(code))
          .map(({ code, name, callingCode }) => (
            <option key={code} value={code}>
              {name} (+{callingCode})
            </option>
          ))}
      </select>
      {problem !== undefined && (
        <p id={`${id}-problem`} className="mt-1 text-sm font-medium text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
