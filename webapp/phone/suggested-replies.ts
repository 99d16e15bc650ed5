import type { Transcript } from '../../websocket-server/src/call/transcript.ts';

/** What somebody at a business might answer, by what the agent said last; the first that fits. */
const replies: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\b(?:good ?bye|bye|nice day)\b/i, ['Goodbye!', 'Wait, one more thing. What was the name again?']],
  [
    /\b(?:repeat|sorry|catch that|understand|hear)\b/i,
    ['Yes, that is possible.', 'Let me say that again: yes, that works.', 'Goodbye.'],
  ],
  [
    /\b(?:name is|the name|under)\b/i,
    ['It is booked. Your confirmation number is 4 7 1 2.', 'Can I have a phone number as well?'],
  ],
  [
    /\b(?:book|table|reserve|reservation|appointment)\b/i,
    [
      'Yes, that is possible. What name shall I put it under?',
      'We are fully booked then. How about 8:30pm instead?',
      'Sorry, we are closed that day.',
    ],
  ],
  [
    /\b(?:how much|price|cost|stock|available|open|hours|address)\b/i,
    [
      'It is 24 dollars and 50 cents.',
      'Yes, we have that in stock.',
      'We are open from 9 in the morning to 6 in the evening.',
    ],
  ],
  [
    /\b(?:move|change|cancel|reschedule|confirm)\b/i,
    ['Yes, that is done. Anything else?', 'That is not possible, I am afraid.'],
  ],
];
const always = ['Yes, that works for us.', 'No, I am afraid not.', 'Could you say that again?', 'Goodbye.'];
const first = ['Hello, this is Parkside, Sam speaking. How can I help you?', 'Hello? Who is calling?'];

/** Replies to tap, for those who do not talk: the likeliest first, at most five. */
export function suggestedReplies(transcript: Transcript): readonly string[] {
  const spoken = transcript.filter((turn) => turn.speaker !== 'tool');
  const likely = spoken
    .filter((turn) => turn.speaker === 'agent')
    .toReversed()
    .flatMap(({ text }) => replies.find(([pattern]) => pattern.test(text))?.[1] ?? []);
  const hasSpoken = spoken.some((turn) => turn.speaker === 'person');
  return [...new Set([...likely.slice(0, 4), ...(hasSpoken ? always : first)])].slice(0, 5);
}
