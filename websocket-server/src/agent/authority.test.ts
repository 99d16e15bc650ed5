import { describe, expect, test } from 'vitest';
import { openAuthority } from '../call/authority.ts';
import { readToolUse } from './agent-tools.ts';
import { mostQuestions, refusalOf, toldAgainstRule } from './authority.ts';
import { Secrets } from './secrets.ts';

const secrets = new Secrets(new Map([['pin', '4711#']]));

describe('a secret is hidden however it is written', () => {
  test.each([
    ['4711#', '[secret: pin]'],
    ['It is 4 7 1 1 #.', 'It is [secret: pin].'],
    ['four, seven, one, one, pound', '[secret: pin]'],
    ['vier sieben eins eins #', '[secret: pin]'],
    ['{"digits":"4711#"}', '{"digits":"[secret: pin]"}'],
  ])('%s', (text, shown) => {
    expect(secrets.hiddenIn(text)).toBe(shown);
  });

  test.each(['4711', '14711#', 'one one pound', 'call 4712#'])('and %s is none', (text) => {
    expect(secrets.hiddenIn(text)).toBe(text);
  });

  test('in values, in names and in numbers, but not in identifiers', () => {
    const pin = new Secrets(new Map([['pin', '4711']]));
    expect(
      pin.hiddenInAll({ turnId: '4711', list: [{ value: 4711 }], at: 4711, orderId: { value: '4711' } }),
    ).toEqual({
      turnId: '4711',
      list: [{ value: '[secret: pin]' }],
      at: 4711,
      orderId: { value: '[secret: pin]' },
    });
    expect(pin.hiddenInAll({ 4711: 'x' })).toEqual({ '[secret: pin]': 'x' });
  });
});

describe('a tool is refused beyond the authority', () => {
  const keys = (args: object) => readToolUse('press_digits', JSON.stringify(args));
  const withPin = { ...openAuthority, secrets: ['pin'] };
  test.each([
    ['keys', keys({ digits: '1' }), { ...openAuthority, mayPressKeys: false }, 0, /no keys/],
    ['a secret', keys({ secret: 'pin' }), { ...withPin, mayPressKeys: false }, 0, /no keys/],
    ['an unknown secret', keys({ secret: 'card' }), withPin, 0, /There are: pin/],
    [
      'one question too many',
      readToolUse('ask_owner', '{"question":"Well?"}'),
      withPin,
      mostQuestions,
      /often/,
    ],
  ] as const)('%s', (_, used, authority, asked, why) => {
    expect(refusalOf(used, authority, asked)).toMatch(why);
  });

  test('and not within it', () => {
    expect(refusalOf(keys({ digits: '1' }), openAuthority, 0)).toBeUndefined();
    expect(refusalOf(keys({ secret: 'pin', digits: '9' }), withPin, 0)).toBeUndefined();
    expect(keys({ secret: 'pin', digits: '9' })).toMatchObject({ digits: '[secret: pin]' });
  });
});

test('what is never to be told is found in words, and nothing else is', () => {
  const facts = [
    { name: 'limit', value: '$1,500', release: 'never' },
    { name: 'illness', value: 'Type-2 diabetes', release: 'never' },
    { name: 'name', value: 'Smith', release: 'freely' },
  ] as const;
  expect(toldAgainstRule('We can pay 1500 dollars.', facts)).toEqual(['limit']);
  expect(toldAgainstRule('One, five, zero, zero.', facts)).toEqual(['limit']);
  expect(toldAgainstRule('She has type 2 Diabetes!', facts)).toEqual(['illness']);
  expect(toldAgainstRule('Smith, and 15001 of them.', facts)).toEqual([]);
});
