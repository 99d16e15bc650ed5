import { z } from 'zod';
import { definePrompt, given } from './prompt.ts';

export const waitOnHold = definePrompt({
  name: 'wait_on_hold',
  title: 'Wait on hold for me',
  description:
    'Rings a hotline, finds the way through its menu, waits on hold, and speaks once a person answers.',
  arguments: ({ phoneNumber, text, optionalText }) =>
    z.object({
      phone_number: phoneNumber('Number of the hotline'),
      purpose: text('What to achieve once a person answers'),
      name: optionalText('In whose name the agent calls'),
      details: optionalText('Case, customer or order number, and what else they may ask for'),
      longest_wait_minutes: optionalText('How long to stay on the line, in minutes; 45 otherwise'),
    }),
  write: ({ phone_number, purpose, name, details, longest_wait_minutes }) => ({
    ask: `Ring ${phone_number}, wait on hold for me, and see to this: ${purpose}`,
    call: {
      to: phone_number,
      goal: `Reach a person and then: ${purpose}`,
      context: given({ name, details }),
      instructions:
        'In a phone menu, choose what leads to a person soonest. While music plays or a recording speaks, stay silent and wait: a voice that says how important the call is, is a recording. Once a person speaks, say at once on whose behalf you call and what for. If they offer to call back instead of waiting, ask when, and keep waiting unless the line is about to close.',
      timeoutSec: secondsOf(longest_wait_minutes),
    },
    hints: [
      'On hold, many minutes may pass between two turns: answers without news are normal, so just wait again, and do not report each of them to me. Tell me when a person has answered.',
    ],
  }),
});

const shortestMinutes = 5;
const longestMinutes = 240;

/** @param minutes as the user typed them */
function secondsOf(minutes: string | undefined): number {
  const number = Number.parseFloat(minutes ?? '');
  const sensible = Number.isFinite(number) ? Math.min(Math.max(number, shortestMinutes), longestMinutes) : 45;
  return Math.round(sensible * 60);
}
