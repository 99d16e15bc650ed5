/** What is needed of a library that knows all numbering plans, and is loaded apart since it is large. */
export interface PhoneCountries {
  /** By name in the browser's language. */
  readonly countries: readonly PhoneCountry[];
  /** A number as typed, read as one of this country unless it starts with +. */
  read(typed: string, countryCode: string): ReadNumber;
}

export interface PhoneCountry {
  /** ISO 3166-1, e.g. `DE`. */
  readonly code: string;
  readonly name: string;
  /** Without the plus. */
  readonly callingCode: string;
}

export interface ReadNumber {
  /** To dial; what was typed where no number can be made of it. */
  readonly number: string;
  /** The country that the number is of; undefined when that cannot be told. */
  readonly countryCode: string | undefined;
  readonly isPossible: boolean;
}

export async function loadPhoneCountries(): Promise<PhoneCountries> {
  const { getCountries, getCountryCallingCode, parsePhoneNumberFromString } =
    await import('libphonenumber-js/min');
  const names = new Intl.DisplayNames(undefined, { type: 'region' });
  const codes = getCountries();
  const countries = codes
    .map((code) => ({ code, name: names.of(code) ?? code, callingCode: getCountryCallingCode(code) }))
    .sort((one, other) => one.name.localeCompare(other.name));
  return {
    countries,
    read(typed, countryCode) {
      const country = codes.find((code) => code === countryCode);
      const parsed = parsePhoneNumberFromString(typed, country);
      return {
        number: parsed?.number ?? bareNumber(typed),
        countryCode: parsed?.country,
        isPossible: parsed?.isPossible() ?? false,
      };
    },
  };
}

/** What was typed, without what people put between digits. */
export function bareNumber(typed: string): string {
  return typed.trim().replaceAll(/[\s().-]/g, '');
}

/** @returns the region of the browser's language, e.g. `AT`; `US` when it names none */
export function ownCountry(): string {
  return new Intl.Locale(navigator.language).region ?? 'US';
}
