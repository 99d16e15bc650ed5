import { z } from 'zod';
import { definePrompt, factsWanted, given } from './prompt.ts';

export const bookTable = definePrompt({
  name: 'book_table',
  title: 'Book a table',
  description: 'Rings a restaurant and books a table.',
  arguments: ({ phoneNumber, text, optionalText }) =>
    z.object({
      phone_number: phoneNumber('Number of the restaurant'),
      party_size: text('How many people'),
      date: text('On which day'),
      time: text('At what time'),
      name: text('Name for the booking'),
      alternatives: optionalText('Other times or days that are fine too'),
      requests: optionalText('Wishes: outside, high chair, allergies …'),
    }),
  write: ({ phone_number, party_size, date, time, name, alternatives, requests }) => {
    const otherwise = alternatives
      ? `If that is not possible, this is fine too: ${alternatives}.`
      : 'If that is not possible, ask for the nearest times they have, and say that you will call back.';
    const wishes = requests ? ` Ask whether this is possible: ${requests}.` : '';
    return {
      ask: `Book a table for ${party_size} on ${date} at ${time} under the name ${name}, by phone.`,
      call: {
        to: phone_number,
        goal: `Book a table for ${party_size} on ${date} at ${time} under the name ${name}. ${otherwise}${wishes} Have them repeat day, time, number of people and name before the goodbye.`,
        context: given({ name, party_size, date, time, alternatives, requests }),
        resultSchema: factsWanted({
          booked: 'yes or no',
          date: 'Day of the booking',
          time: 'Time of the booking',
          name: 'Name that it is under',
          alternatives_offered: 'Times that they offered instead',
          note: 'Anything to know: deposit, how long the table is kept',
        }),
      },
      hints: [
        'Add a number at which they may call back to "context", if I have told you one that they may have. A deposit or a credit card is not to be promised: have the agent ask what is needed, and come back to me.',
      ],
    };
  },
});
