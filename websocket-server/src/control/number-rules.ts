import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { PhoneNumber } from 'libphonenumber-js/max';

/** Why a number may never be dialed, by anybody, in front of any carrier. */
export type Forbidden = 'malformed' | 'emergency' | 'short' | 'premium' | 'satellite';

/** ITU-T E.164: a plus, a country code that does not start with 0, at most 15 digits. */
const e164 = /^\+[1-9]\d{6,14}$/;

/**
 * Codes of networks, not countries (ITU-T E.164 list of assigned country codes): Inmarsat 870-874, shared-cost 808,
 * universal personal 878, global satellite 881, international networks 882/883, premium rate 979.
 */
const satelliteCodes = /^\+(87[0-4]|881|882|883)/;
const sharedCostCodes = /^\+(808|878|979)/;
/** National numbers that reach an emergency service in at least one country, or a harmonised helpline (116xxx). */
const emergencyNational =
  /^(0?(000|060|066|100|101|102|103|104|108|110|111|112|113|114|115|116|117|118|119|120|122|123|124|127|128|129|131|132|133|140|144|150|155|158|160|166|171|180|185|188|190|191|192|193|194|195|196|197|198|199|911|912|933|988|995|997|998|999)|116\d{3})$/;
/** North America: an N11 code in the place of the area code reaches a service, never a subscriber. */
const serviceCodeNanp = /^\+1[2-9]11/;
/** Behind any country code, fewer digits than this are a short code and not a subscriber. */
const shortestNational = 4;

/**
 * The rule that forbids a number always.
 *
 * @returns undefined when the number may be dialed as far as these rules go
 */
export function forbidden(number: string): Forbidden | undefined {
  if (/^\+?\d{2,6}$/.test(number))
    return emergencyNational.test(number.replace('+', '')) ? 'emergency' : 'short';
  if (!e164.test(number)) return 'malformed';
  if (satelliteCodes.test(number)) return 'satellite';
  if (sharedCostCodes.test(number)) return 'premium';
  if (serviceCodeNanp.test(number)) return 'emergency';
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return undefined;
  if (emergencyNational.test(parsed.nationalNumber)) return 'emergency';
  if (parsed.nationalNumber.length < shortestNational) return 'short';
  return isCostly(parsed) ? 'premium' : undefined;
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

function isCostly(parsed: PhoneNumber): boolean {
  const type = parsed.getType();
  if (type === 'PREMIUM_RATE' || type === 'SHARED_COST' || type === 'PAGER') return true;
  return parsed.countryCallingCode === '1' && /^(900|976)/.test(parsed.nationalNumber);
}
