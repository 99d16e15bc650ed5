import { isSupportedCountry } from 'libphonenumber-js/min';
import { readDailyHours } from '../lib/daily-hours.ts';
import type { EnvironmentReader } from '../lib/environment-reader.ts';
import type { Config } from './config.ts';

export function readCountries(reader: EnvironmentReader): Config['policy']['allowedCountries'] {
  const countries = reader.list('ALLOWED_COUNTRIES').map((country) => country.toUpperCase());
  if (countries.length === 0) return null;
  if (countries.includes('*')) return '*';
  const unknown = countries.filter((country) => !isSupportedCountry(country));
  if (unknown.length > 0) {
    reader.problem(
      'ALLOWED_COUNTRIES',
      `Use two-letter ISO codes with commas between, like US,CA,GB, or * for all; not known: ${unknown.join(', ')}.`,
    );
  }
  return countries;
}

export function readNumbers(reader: EnvironmentReader, variable: string): readonly string[] {
  const numbers = reader.list(variable).map((number) => number.replaceAll(/[\s().-]/g, ''));
  const unusable = numbers.filter((number) => !/^\+[1-9]\d{0,14}\*?$/.test(number));
  if (unusable.length > 0) {
    reader.problem(
      variable,
      `Write numbers with a plus and their country code, commas between, and a star for all that begin so, like +14155550100,+4930*; not usable: ${unusable.join(', ')}.`,
    );
  }
  return numbers;
}

export function readCallingHours(reader: EnvironmentReader): Config['policy']['callingHours'] {
  const text = reader.text('CALLING_HOURS');
  if (text === undefined) return null;
  if (text.toLowerCase() === 'off') return 'off';
  const hours = readDailyHours(text);
  if (hours !== undefined) return hours;
  reader.problem(
    'CALLING_HOURS',
    `Set it to the hours in which people may be called, in their own time, like 8-21 or 08:30-20:00, or to off; not "${text}".`,
  );
  return null;
}
