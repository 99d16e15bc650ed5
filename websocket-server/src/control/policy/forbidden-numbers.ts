import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { PhoneNumber } from 'libphonenumber-js/max';
import { costlyRangeOf, networkCodeOf } from './costly-ranges.ts';
import { countriesOfCode, readingsOf } from './countries.ts';
import { allEmergencyNumbers, emergencyNumbersOf } from './emergency-numbers.ts';

/** Why a number may never be dialed, by anybody, in front of any carrier. */
export type Forbidden = 'malformed' | 'emergency' | 'short' | 'premium' | 'shared-cost' | 'satellite';

/** ITU-T E.164: a plus, a country code that does not start with 0, at most 15 digits. */
const e164 = /^\+[1-9]\d{6,14}$/;
/** Numbers as short as these are dialed as they are, whatever stands before them. */
const bare = /^\+?\d{2,6}$/;
/** Harmonised numbers for services of social value (Commission Decision 2007/116/EC), helplines among them. */
const helpline = /^116\d{3}$/;
/** North America: an N11 code in the place of the area code reaches a service, never a subscriber (NANPA). */
const serviceCodeNanp = /^\+1[2-9]11/;
/** There, in every area code of these countries, 976 is kept for services that charge their callers. */
const chargingCodeNanp = /^\d{3}976/;
const chargingCountries: ReadonlySet<string> = new Set(['US', 'CA']);
/** Behind any country code, fewer digits than this are a short code and not a subscriber. */
const shortestNational = 4;

/**
 * The rule that forbids a number always.
 *
 * @returns undefined when the number may be dialed as far as these rules go
 */
export function forbidden(number: string): Forbidden | undefined {
  if (reachesEmergency(number)) return 'emergency';
  if (bare.test(number)) return 'short';
  if (!e164.test(number)) return 'malformed';
  const code = networkCodeOf(number);
  if (code !== undefined) return code;
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return undefined;
  if (parsed.nationalNumber.length < shortestNational) return 'short';
  return costly(parsed);
}

export function isE164(number: string): boolean {
  return e164.test(number);
}

/** Emergency numbers bare, behind a country code, and with more digits behind them than the network listens to. */
function reachesEmergency(number: string): boolean {
  if (!/^\+?\d{2,15}$/.test(number)) return false;
  const digits = number.replace('+', '');
  if (bare.test(number) && isEmergencyAnywhere(digits)) return true;
  if (!number.startsWith('+')) return false;
  if (serviceCodeNanp.test(number)) return true;
  return (
    readingsOf(digits).some(({ callingCode, rest }) => isEmergencyBehind(callingCode, rest)) ||
    beginsWithEmergency(number)
  );
}

function isEmergencyAnywhere(digits: string): boolean {
  const bareDigits = digits.replace(/^0+(?=\d{2})/, '');
  return allEmergencyNumbers.has(digits) || allEmergencyNumbers.has(bareDigits) || helpline.test(digits);
}

/** Three digits or fewer are no subscriber anywhere; longer ones only count where they are an emergency number. */
function isEmergencyBehind(callingCode: string, rest: string): boolean {
  const national = rest.replace(/^0+(?=\d{2})/, '');
  if (helpline.test(national)) return true;
  if (national.length <= 3) return allEmergencyNumbers.has(national) || allEmergencyNumbers.has(rest);
  return countriesOfCode(callingCode).some((country) => emergencyNumbersOf(country).includes(national));
}

/** `+44 999 123456` is nobody's number, and an exchange may have connected it after the third digit. */
function beginsWithEmergency(number: string): boolean {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined || parsed.countryCallingCode === '1' || parsed.isValid()) return false;
  return countriesOfCode(parsed.countryCallingCode)
    .flatMap(emergencyNumbersOf)
    .some((emergency) => emergency.length >= 3 && parsed.nationalNumber.startsWith(emergency));
}

function costly(parsed: PhoneNumber): Forbidden | undefined {
  const type = parsed.getType();
  if (type === 'PREMIUM_RATE' || type === 'PAGER') return 'premium';
  if (type === 'SHARED_COST') return 'shared-cost';
  if (chargingCountries.has(parsed.country ?? '') && chargingCodeNanp.test(parsed.nationalNumber))
    return 'premium';
  // A number that libphonenumber knows for something else is what it says.
  if (type !== undefined && type !== 'UAN') return undefined;
  return costlyRangeOf(parsed.countryCallingCode, parsed.nationalNumber);
}
