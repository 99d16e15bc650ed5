import { describe, expect, test } from 'vitest';
import { disclosureRule, isDisclosure } from './disclosure.ts';
import { isDisclosureDemanded } from './disclosure-laws.ts';

describe('the words given for a language make an agent known', () => {
  test.each(['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'da', 'ja', 'zh'])('%s', (language) => {
    const rule = disclosureRule('outbound', `${language}-XX`, 'Ada Example');
    const [, words = ''] = /as in: "([^"]+)"/u.exec(rule) ?? [];
    expect(words).toContain('Ada Example');
    expect(isDisclosure(words)).toBe(true);
  });
});

test.each([
  ['Hello, this is an AI assistant calling for my client.', true],
  ['Hi, I’m a virtual assistant.', true],
  ['I am an A.I. and I call for Ada.', true],
  ['Ich bin eine künstliche Intelligenz.', true],
  ['依頼者のAIアシスタントです。', true],
  ['Bonjour, j’ai une question.', false],
  ['Hello, I would like to book a table.', false],
  ['I am not a robot.', false],
  ['Meet me at the AIRPORT.', false],
  ['', false],
])('%s: %s', (words, isKnown) => {
  expect(isDisclosure(words)).toBe(isKnown);
});

test('an unknown language gets English words, and a nameless owner is a client', () => {
  expect(disclosureRule('outbound', 'tlh', null)).toContain('calling for my client');
  expect(disclosureRule('inbound', null, 'Ada Example')).toContain('for Ada Example');
});

test.each([
  ['+493023125000', 'DE', true],
  ['+35314960000', 'IE', true],
  ['+4721000000', 'NO', true],
  ['+442079460018', 'GB', false],
  ['+14155550123', 'US', true],
  ['+12075550123', 'US', true],
  ['+12125550123', 'US', false],
  ['+14165550123', 'CA', false],
  ['+999123456789', undefined, true],
])('law demands it at %s (%s): %s', (number, country, isDemanded) => {
  expect(isDisclosureDemanded(number, country)).toBe(isDemanded);
});
