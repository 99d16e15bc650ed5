import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { isRecord } from '../../../lib/is-record.ts';
import { ok, problem, skipped, warning, type Check, type Finding } from '../../../lib/check.ts';
import { CarrierRejected } from '../../carrier-errors.ts';
import type { TwilioRestApi } from '../rest-api.ts';

/** Dialing permissions have a host of their own (twilio.com/docs/voice/api/dialingpermissions-country-resource). */
const officialApi = 'https://api.twilio.com';
const permissionsUrl = 'https://voice.twilio.com/v1/DialingPermissions/Countries';
const fix =
  'Allow them in the Twilio Console under Voice, Settings, Geo permissions, or leave them out of the countries that may be called, on the page /settings or by ALLOWED_COUNTRIES.';
/** More are not asked about one by one. */
const mostCountries = 20;

export interface CountryParts {
  readonly baseUrl: string;
  readonly ask: TwilioRestApi['ask'];
  /** ISO codes that we let be called; `*` for all; null for those that share a calling code with the number. */
  readonly allowed: () => readonly string[] | '*' | null;
  readonly chosen: () => string | null;
}

/** Whether Twilio lets the account call where our own policy lets the agent call. */
export function countryCheck(parts: CountryParts): Check {
  return { id: 'carrier-countries', title: 'Countries', run: () => run(parts) };
}

async function run({ baseUrl, ask, allowed, chosen }: CountryParts): Promise<Finding> {
  if (baseUrl.startsWith('http:')) return skipped('A simulated phone network reaches every country.');
  if (baseUrl !== officialApi) {
    return skipped(`Permissions by country cannot be asked at ${new URL(baseUrl).host}.`);
  }
  const allowedCountries = allowed();
  if (allowedCountries === '*') {
    return ok('The limits let every country be called; Twilio refuses those without a geo permission.');
  }
  const countries = allowedCountries ?? countryOf(chosen());
  if (countries.length === 0) return skipped('No number is chosen, so no country either.');
  const asked = countries.slice(0, mostCountries);
  const answers = await Promise.all(
    asked.map(async (country) => [country, await isAllowed(ask, country)] as const),
  );
  const refused = answers.filter(([, allowed]) => !allowed).map(([country]) => country);
  if (refused.length === 0) return ok(`Twilio lets the account call ${asked.join(', ')}.`);
  const message = `Twilio does not let the account call ${refused.join(', ')}.`;
  return refused.length === asked.length ? problem(message, fix) : warning(message, fix);
}

async function isAllowed(ask: TwilioRestApi['ask'], country: string): Promise<boolean> {
  try {
    const permission = await ask(`${permissionsUrl}/${encodeURIComponent(country)}`);
    return isRecord(permission) && permission['low_risk_numbers_enabled'] === true;
  } catch (error) {
    if (error instanceof CarrierRejected && error.details['carrierCode'] === 20404) return false;
    throw error;
  }
}

function countryOf(number: string | null): readonly string[] {
  const country = number === null ? undefined : parsePhoneNumberFromString(number)?.country;
  return country === undefined ? [] : [country];
}
