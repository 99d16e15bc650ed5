import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { emergencyNumbersOf } from './emergency-numbers.ts';
import { isInCountries, sharesCallingCode } from './countries.ts';
import { forbidden } from './forbidden-numbers.ts';

describe('a number is refused always', () => {
  test.each([
    ['911', 'emergency'],
    ['112', 'emergency'],
    ['+911', 'emergency'],
    ['+1911', 'emergency'],
    ['0112', 'emergency'],
    ['+490112', 'emergency'],
    ['+61000', 'emergency'],
    ['+3317', 'emergency'],
    ['+911', 'emergency'],
    ['+81119', 'emergency'],
    ['+2710111', 'emergency'],
    ['+661669', 'emergency'],
    ['+44999123456', 'emergency'],
    ['+499112', 'short'],
    ['+19115550100', 'emergency'],
    ['+44999', 'emergency'],
    ['+49116117', 'emergency'],
    ['+4411', 'short'],
    ['+19005550100', 'premium'],
    ['+12129760100', 'premium'],
    ['+14169760100', 'premium'],
    ['+449098790000', 'premium'],
    ['+979123456789', 'premium'],
    ['+80812345678', 'shared-cost'],
    ['+448431234567', 'premium'],
    ['+491802345678', 'shared-cost'],
    ['+33899123456', 'premium'],
    ['+88213012345', 'satellite'],
    ['+88335100123456', 'satellite'],
    ['+881612345678', 'satellite'],
    ['+870773111632', 'satellite'],
    ['4155550100', 'malformed'],
    ['+1 415 555 0100', 'malformed'],
    ['+0123456789', 'malformed'],
    ['+1234567890123456', 'malformed'],
    ['tel:+14155550100', 'malformed'],
    ['+１４１５５５５０１００', 'malformed'],
    ['', 'malformed'],
  ])('%s is %s', (number, rule) => {
    expect(forbidden(number)).toBe(rule);
  });
});

test('every country that has phone numbers has emergency numbers that are refused, bare and behind its code', () => {
  for (const country of getCountries()) {
    const numbers = emergencyNumbersOf(country);
    expect(numbers, country).not.toEqual([]);
    for (const number of numbers) {
      expect(forbidden(number), `${country} ${number}`).toBe('emergency');
      const behindCode = `+${getCountryCallingCode(country)}${number}`;
      expect(forbidden(behindCode), `${country} ${behindCode}`).toBe('emergency');
    }
  }
});

test.each([
  '+14155550100',
  '+1234567890',
  '+12125559760',
  '+18769760100',
  '+493012345678',
  '+442079460018',
  '+33123456789',
  '+33112345678',
  '+911123456789',
  '+390612345678',
  '+5491112345678',
])('%s may be dialed as far as these rules go', (number) => {
  expect(forbidden(number)).toBeUndefined();
});

test('a country list tells countries of one calling code apart', () => {
  expect(isInCountries('+14165550123', ['CA'])).toBe(true);
  expect(isInCountries('+12125550123', ['CA'])).toBe(false);
});

test('numbers share a calling code or they do not', () => {
  expect(sharesCallingCode('+14155550100', '+16465550100')).toBe(true);
  expect(sharesCallingCode('+493012345678', '+16465550100')).toBe(false);
});
