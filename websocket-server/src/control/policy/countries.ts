import {
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

const countriesByCode = new Map<string, readonly string[]>();
for (const country of getCountries()) {
  const code = getCountryCallingCode(country);
  countriesByCode.set(code, [...(countriesByCode.get(code) ?? []), country]);
}

/** ISO codes of the countries that share a calling code; none when no country has it. */
export function countriesOfCode(callingCode: string): readonly string[] {
  return countriesByCode.get(callingCode) ?? [];
}

/** The ways to read a number's digits as a calling code and what follows it. @param digits without the plus */
export function readingsOf(
  digits: string,
): readonly { readonly callingCode: string; readonly rest: string }[] {
  return [1, 2, 3]
    .map((length) => ({ callingCode: digits.slice(0, length), rest: digits.slice(length) }))
    .filter(({ callingCode }) => countriesByCode.has(callingCode));
}

/** ISO code of the country that an E.164 number is in; undefined where that cannot be told. */
export function countryOf(number: string): string | undefined {
  return parsePhoneNumberFromString(number)?.country;
}

/** All countries that an E.164 number may be in; none when its calling code is no country's. */
export function countriesOf(number: string): readonly string[] {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return [];
  return parsed.country === undefined ? countriesOfCode(parsed.countryCallingCode) : [parsed.country];
}

/**
 * The one way to write a number in E.164. A prefix that is dialed within its country only, such as the 0 of +44 07…, is
 * no part of it, though a carrier may well connect it: lists and counts know the number without.
 */
export function canonical(number: string): string {
  return parsePhoneNumberFromString(number)?.number ?? number;
}

/** Whether a number can exist in its country's numbering plan. */
export function isPossible(number: string): boolean {
  return parsePhoneNumberFromString(number)?.isPossible() ?? false;
}

/** @param countries ISO codes */
export function isInCountries(number: string, countries: readonly string[]): boolean {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return false;
  if (parsed.country !== undefined) return countries.includes(parsed.country);
  return countries.some(
    (country) => isSupportedCountry(country) && getCountryCallingCode(country) === parsed.countryCallingCode,
  );
}

export function sharesCallingCode(number: string, other: string): boolean {
  const code = parsePhoneNumberFromString(number)?.countryCallingCode;
  return code !== undefined && code === parsePhoneNumberFromString(other)?.countryCallingCode;
}
