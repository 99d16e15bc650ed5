import { z } from 'zod';
import { definePrompt, factsWanted, given } from './prompt.ts';

export const cancelSubscription = definePrompt({
  name: 'cancel_subscription',
  title: 'Cancel a subscription',
  description: 'Rings a company and cancels a contract, until it is confirmed.',
  arguments: ({ phoneNumber, text, optionalText }) =>
    z.object({
      company: text('Which company'),
      phone_number: phoneNumber('Number of its customer service'),
      name: text('Name on the contract'),
      customer_number: optionalText('Customer, contract or account number'),
      end_date: optionalText('When it should end; as soon as possible otherwise'),
      reason: optionalText('Reason to give, if they ask'),
    }),
  write: ({ company, phone_number, name, customer_number, end_date, reason }) => ({
    ask: `Cancel my subscription at ${company} by phone.`,
    call: {
      to: phone_number,
      goal: `Cancel the contract of ${name} with ${company}, to end ${end_date || 'as soon as possible'}. Get a confirmation: the date on which it ends, what is still to be paid, a reference number, and whether it comes in writing. Decline every other offer, politely and as often as needed.`,
      context: given({ name, customer_number, end_date, reason }),
      instructions:
        'Work through the phone menu and wait on hold as long as it takes. Say only what the context holds: never make up an answer to a security question. If they insist on something that is missing, ask what is needed and by which way it can be handed in.',
      timeoutSec: 1800,
      resultSchema: factsWanted({
        canceled: 'yes or no',
        ends_on: 'Date on which the contract ends',
        reference: 'Reference or case number',
        still_to_pay: 'Fees or a last bill',
        confirmation: 'Whether and how a confirmation in writing comes',
        still_needed: 'What they need before it can be canceled',
      }),
    },
    hints: [
      'Before you dial, ask me what the company is likely to check: customer number, address, date of birth, phone password. Put into "context" only what I agree to share.',
    ],
  }),
});
