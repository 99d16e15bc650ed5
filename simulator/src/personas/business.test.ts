import { expect, test } from 'vitest';
import { business } from './business.ts';

/** What someone at a business answers to each of some sentences. */
function answersTo(sentences: readonly string[], isFull = false): string[] {
  const brain = business({ greeting: 'Hello.', isFull });
  let state = brain.start;
  return sentences.map((heard) => {
    const step = brain.reply(state, heard);
    ({ state } = step);
    return step.reply.say;
  });
}

const opening = 'Hello, this is an AI assistant calling for my client. I would like to';

test('a table with all details but the name is booked after one question', () => {
  expect(
    answersTo([
      `${opening} book a table. The details are: restaurant, Via Carota; date, Friday; time, 7:30pm; party size, 2.`,
      'The name is Smith.',
      'No, that is all. Thank you.',
      'Goodbye.',
    ]),
  ).toEqual([
    'That is possible. What name shall I put it under?',
    'Very good. That is a table for 2 on Friday at 7:30pm, under the name Smith. Your confirmation number is 4 7 1 2. Is there anything else?',
    'Thank you for calling. Goodbye.',
    'Goodbye.',
  ]);
});

test('what is missing is asked for once, and short answers are understood', () => {
  expect(answersTo([`${opening} make a reservation.`, 'For four, on Monday at noon.', 'smith'])).toEqual([
    'Certainly. For how many people, and for what day and time?',
    'That is possible. What name shall I put it under?',
    'Very good. That is a table for four on Monday at noon, under the name Smith. Your confirmation number is 4 7 1 2. Is there anything else?',
  ]);
});

test('an answer that is not known ends no call', () => {
  expect(answersTo([`${opening} book a table for 2 at 8pm today.`, 'I do not have a name for you.'])).toEqual(
    [
      'That is possible. What name shall I put it under?',
      'Very good. That is a table for 2 today at 8pm. Your confirmation number is 4 7 1 2. Is there anything else?',
    ],
  );
});

test('a full house offers an hour later, and books it when that is accepted', () => {
  const wish = `${opening} book a table for 2 on Friday at 7:30pm.`;
  const offer =
    'I am sorry, we are fully booked at 7:30pm on Friday. I could offer you 8:30pm instead. Would that work?';
  expect(answersTo([wish, 'Yes, that works.'], true)).toEqual([
    offer,
    'Wonderful. That is a table for 2 on Friday at 8:30pm. Your confirmation number is 4 7 1 2. Is there anything else?',
  ]);
  expect(answersTo([wish, 'No, that does not work.'], true)).toEqual([
    offer,
    'I understand. I am sorry that we have nothing else. Is there anything else?',
  ]);
});

test.each([
  [`${opening} test the phone system.`, /^Yes, I can hear you/u],
  [`${opening} ask what it costs to clean a coat.`, /24 dollars/u],
  [`${opening} ask when they open on Saturday.`, /^Let me check\. We are open from 9/u],
  [`${opening} ask if you have blue paint in stock.`, /three left/u],
  [
    `${opening} move my appointment to Tuesday.`,
    /So you would like to move your appointment to Tuesday\. Yes, that is done\./u,
  ],
  [`${opening} thank you for the flowers.`, /So you would like to thank us for the flowers/u],
  ['Hello?', /^Hello\. What can I do for you\?$/u],
  ['Goodbye.', /^Thank you for calling\. Goodbye\.$/u],
  ['One moment, please.', /^Sure, take your time\.$/u],
])('%s', (heard, answer) => {
  expect(answersTo([heard])[0]).toMatch(answer);
});

test('voices without words are answered all the same, and the call comes to an end', () => {
  expect(answersTo(['', '', ''])).toEqual([
    'Certainly. Could you tell me the details, please?',
    'Sure, let me check. I have noted all that. Your confirmation number is 4 7 1 2. Is there anything else?',
    'Thank you for calling. Goodbye.',
  ]);
});
