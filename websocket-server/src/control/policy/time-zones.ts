import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { zonesOfAreaCode } from './area-code-zones.ts';
import { countriesOf } from './countries.ts';
import { zonesOfCountry } from './country-zones.ts';

/**
 * The time zones that the person behind a number may live in: in North America by the area code, elsewhere all of
 * the country. A mobile phone may be anywhere: nobody can tell more from a number.
 *
 * @param number E.164
 * @returns IANA names; none when the number is in no country
 */
export function zonesOf(number: string): readonly string[] {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed?.countryCallingCode === '1') {
    const zones = zonesOfAreaCode(parsed.nationalNumber.slice(0, 3));
    if (zones.length > 0) return zones;
  }
  return [...new Set(countriesOf(number).flatMap(zonesOfCountry))];
}

/** The wall clock of a zone. @param at ms since 1970; @returns minutes since midnight, 0 to 1439 */
export function minuteOfDay(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const numberOf = (type: 'hour' | 'minute') => Number(parts.find((part) => part.type === type)?.value);
  return numberOf('hour') * 60 + numberOf('minute');
}
