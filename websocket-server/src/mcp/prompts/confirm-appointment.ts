import { z } from 'zod';
import { definePrompt, factsWanted, given } from './prompt.ts';

export const confirmAppointment = definePrompt({
  name: 'confirm_appointment',
  title: 'Confirm or move an appointment',
  description: 'Rings a practice, a workshop or an office about an appointment.',
  arguments: ({ phoneNumber, text, optionalText }) =>
    z.object({
      phone_number: phoneNumber('Number to ring'),
      name: text('Name that the appointment is under'),
      appointment: text('What it is for, on which day and at what time'),
      move_to: optionalText('Times to move it to; left out, it is only confirmed'),
      questions: optionalText('What else to find out: what to bring, where to park, what it costs …'),
    }),
  write: ({ phone_number, name, appointment, move_to, questions }) => {
    const also = questions ? ` Also find out: ${questions}.` : '';
    const goal = move_to
      ? `Move the appointment of ${name} (${appointment}) to one of these times: ${move_to}. Give the old one up only once a new one is certain; if none of these works, keep it and ask which times they have.`
      : `Confirm the appointment of ${name} (${appointment}): that it stands, with day and time. If they have it otherwise or not at all, find out what they have, and change nothing.`;
    return {
      ask: move_to
        ? `Move my appointment (${appointment}) by phone.`
        : `Confirm my appointment (${appointment}) by phone.`,
      call: {
        to: phone_number,
        goal: `${goal}${also} Have them repeat day and time before the goodbye.`,
        context: given({ name, appointment, move_to, questions }),
        resultSchema: factsWanted({
          confirmed: 'yes or no',
          date: 'Day of the appointment as it stands after the call',
          time: 'Time of the appointment as it stands after the call',
          notes: 'What to bring, prepare or pay',
        }),
      },
      hints: [
        'With a practice, the agent should not tell more of my health than the appointment needs. They may ask for a date of birth: ask me whether it may be given.',
      ],
    };
  },
});
