import { useEffect, useId, useState } from 'react';
import { bareNumber, loadPhoneCountries, ownCountry } from './phone-countries.ts';
import type { PhoneCountries } from './phone-countries.ts';

/**
 * A phone number: typed as people write it in the country chosen, or with + and any country's code.
 *
 * @param typed what stands in the field
 * @param onChange is given what stands in the field, and the number to dial
 */
export function PhoneNumberField({
  label,
  typed,
  placeholder,
  onChange,
}: {
  readonly label: string;
  readonly typed: string;
  readonly placeholder: string;
  readonly onChange: (typed: string, number: string) => void;
}) {
  const id = useId();
  const [known, setKnown] = useState<PhoneCountries>();
  const [chosen, setChosen] = useState(ownCountry);

  useEffect(() => {
    let isGone = false;
    async function load(): Promise<void> {
      const loaded = await loadPhoneCountries();
      if (!isGone) setKnown(loaded);
    }
    void load();
    return () => {
      isGone = true;
    };
  }, []);

  const read = known?.read(typed, chosen);
  const country = (typed.trim().startsWith('+') ? read?.countryCode : undefined) ?? chosen;
  const isWritten = typed.trim().startsWith('+');

  function change(text: string, countryCode: string): void {
    onChange(text, known?.read(text, countryCode).number ?? bareNumber(text));
  }

  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <div className="grid grid-cols-[7.25rem_minmax(0,1fr)] gap-2">
        <select
          className="field truncate px-2"
          aria-label="Country"
          value={country}
          onChange={(event) => {
            setChosen(event.target.value);
            const code = known?.countries.find((one) => one.code === event.target.value)?.callingCode;
            // A number of another country would stay that country's: only its plus and code are kept.
            change(isWritten && code !== undefined ? `+${code} ` : typed, event.target.value);
          }}
        >
          {known === undefined ? (
            <option value={country}>{country}</option>
          ) : (
            known.countries.map(({ code, name, callingCode }) => (
              <option key={code} value={code} label={`+${callingCode} ${code} · ${name}`}>
                {name}
              </option>
            ))
          )}
        </select>
        <input
          id={id}
          type="tel"
          className="field tabular-nums"
          autoComplete="off"
          required
          aria-describedby={`${id}-read`}
          placeholder={placeholder}
          value={typed}
          onChange={(event) => change(event.target.value, chosen)}
        />
      </div>
      <p id={`${id}-read`} className="mt-1 min-h-5 text-sm text-muted">
        {read !== undefined && !isWritten && read.isPossible ? `Rings ${read.number}` : ''}
      </p>
    </div>
  );
}
