import { z } from 'zod';
import { definePrompt, factsWanted, given } from './prompt.ts';

export const checkStock = definePrompt({
  name: 'check_stock',
  title: 'Find out which shop has it',
  description: 'Rings one shop or several and asks whether they have something, and at what price.',
  arguments: ({ text, optionalText }) =>
    z.object({
      item: text('What to ask for, with brand, model, size or colour'),
      phone_numbers: text('Numbers of the shops in E.164, with commas between'),
      hold_for: optionalText('Name under which a shop should put it aside'),
      highest_price: optionalText('What it may cost at most'),
    }),
  write: ({ item, phone_numbers, hold_for, highest_price }) => {
    const numbers = phone_numbers.split(/[,;\n]+/).map((number) => number.trim());
    const shops = numbers.filter((number) => number !== '');
    const aside = hold_for
      ? `If they have it${highest_price ? ` for ${highest_price} or less` : ''}, ask them to put one aside under the name ${hold_for}, and until when they keep it.`
      : 'Do not order or reserve anything.';
    return {
      ask: `Find out by phone which of these ${shops.length === 1 ? 'shops has' : `${shops.length} shops have`} ${item} in stock: ${shops.join(', ')}.`,
      call: {
        to: shops[0] ?? phone_numbers,
        goal: `Find out whether they have ${item} in stock right now, at what price, and until when they are open today. ${aside} If they do not have it, ask when it will come in or what comes close.`,
        context: given({ item, hold_for, highest_price }),
        resultSchema: factsWanted({
          in_stock: 'yes or no',
          price: 'Price with currency',
          set_aside_until: 'Until when it is kept, if it was put aside',
          opening_hours: 'Until when they are open today',
          alternative: 'What they have instead, or when it will come in',
        }),
      },
      hints: [
        'Call each shop once, with the same goal and its own "to" and "idempotencyKey". Place at most three calls at a time, and follow all of them.',
        hold_for
          ? 'As soon as one shop has put it aside, place no more calls, and cancel none that already talks.'
          : 'Call all of them, so that prices can be compared.',
        'End with a table: shop, in stock, price, open until, and what I should do next.',
      ],
    };
  },
});
