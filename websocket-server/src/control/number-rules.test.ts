import { describe, expect, test } from 'vitest';
import { forbidden, isInCountries, sharesCallingCode } from './number-rules.ts';

describe('a number is refused always', () => {
  test.each([
    ['911', 'emergency'],
    ['112', 'emergency'],
    ['+911', 'emergency'],
    ['+1911', 'short'],
    ['+19115550100', 'emergency'],
    ['+44999', 'short'],
    ['+49116117', 'emergency'],
    ['+4411', 'short'],
    ['+19005550100', 'premium'],
    ['+449098790000', 'premium'],
    ['+979123456789', 'premium'],
    ['+80812345678', 'premium'],
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

test.each(['+14155550100', '+1234567890', '+493012345678', '+442079460018', '+33123456789'])(
  '%s may be dialed as far as these rules go',
  (number) => {
    expect(forbidden(number)).toBeUndefined();
  },
);

test('a country list tells countries of one calling code apart', () => {
  expect(isInCountries('+14165550123', ['CA'])).toBe(true);
  expect(isInCountries('+12125550123', ['CA'])).toBe(false);
});

test('numbers share a calling code or they do not', () => {
  expect(sharesCallingCode('+14155550100', '+16465550100')).toBe(true);
  expect(sharesCallingCode('+493012345678', '+16465550100')).toBe(false);
});
