import { expect, test } from 'vitest';
import { anHourAfter, factsIn, fromTheOtherSide, purposeIn } from './facts.ts';

const details = 'The details are: restaurant, Via Carota; date, Friday; time, 7:30pm; party size, 2.';

test.each([
  [details, { partySize: '2', time: '7:30pm', day: 'Friday' }],
  [
    'a table for two at seven thirty on Friday, the name is Smith',
    { partySize: 'two', time: 'seven thirty', day: 'Friday', name: 'Smith' },
  ],
  [
    'a table for 4 people tomorrow evening at 8 pm under the name Ann Lee.',
    { partySize: '4', time: '8 pm', day: 'tomorrow evening', name: 'Ann Lee' },
  ],
  [
    'a party of six on March 3rd at half past seven',
    { partySize: 'six', time: 'half past seven', day: 'March 3rd' },
  ],
  ['a table for 7pm', { time: '7pm' }],
  ['We are 3 people. The name is not known to me.', { partySize: '3' }],
  ['I would like to ask for the price', {}],
] as const)('%s', (heard, facts) => {
  expect(factsIn(heard)).toEqual(facts);
});

test('a wish is found and turned round', () => {
  const purpose = purposeIn(
    'Hello, I am an assistant. I would like to change my order for our office. It is 12.',
  );
  expect(purpose).toBe('change my order for our office');
  expect(fromTheOtherSide(purpose ?? '')).toBe('change your order for your office');
  expect(purposeIn('Hello there')).toBeUndefined();
});

test.each([
  ['7:30pm', '8:30pm'],
  ['12 pm', '1pm'],
  ['19:00', '20:00'],
  ['8', "9 o'clock"],
  ['seven thirty', 'eight thirty'],
  ['half past seven', 'half past eight'],
  ['a quarter to Twelve', 'a quarter to one'],
  ['this evening', 'an hour later'],
  [undefined, 'an hour later'],
])('an hour after %s is %s', (time, later) => {
  expect(anHourAfter(time)).toBe(later);
});
