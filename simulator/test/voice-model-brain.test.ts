import { describe, expect, test } from 'vitest';
import { decide } from '../src/voice-model/brain/decide.ts';
import type { Act, Turn } from '../src/voice-model/dialogue.ts';

interface Told {
  readonly goal?: string;
  readonly know?: readonly string[];
  readonly behave?: string;
  readonly voicemail?: string;
}

const restaurant: Told = {
  goal: 'Book a dinner reservation for 2 people',
  know: ['restaurant: Via Carota', 'date: Friday', 'time: 7:30pm', 'party_size: 2'],
  behave: "Be polite and professional. If they ask for a name, say 'Smith'.",
};
const testCall: Told = { goal: 'Test the phone system', know: ['test: true'] };

function instructionsOf({ goal, know = [], behave = '', voicemail = 'hang up' }: Told): string {
  const facts = know.map((line) => `- ${line}`).join('\n');
  return `# Goal\n${goal ?? ''}\n\n# What you know\n${facts}\n\n# How to behave\n${behave}\n\n# Voicemail\n${voicemail}\n`;
}

/** A call in which the other side says these things, each as soon as the agent has done its part. */
function call(told: Told, tools = ['report_outcome', 'end_call', 'press_digits']) {
  const dialogue: Turn[] = [];
  const spoken: string[] = [];
  const called: { name: string; args: any }[] = []; // oxlint-disable-line typescript/no-explicit-any -- looked into by tests
  const situation = {
    instructions: instructionsOf(told),
    tools,
    toolChoice: 'auto',
    isSideQuestion: false,
  } as const;
  const act = (): readonly Act[] => {
    const acts = decide({ ...situation, dialogue });
    if (acts.length === 0) dialogue.push({ by: 'quiet' });
    for (const next of acts) {
      if (next.type === 'say') {
        spoken.push(next.text);
        const intent = next.intent === undefined ? {} : { intent: next.intent };
        dialogue.push({ by: 'agent', text: next.text, isCut: false, ...intent });
      } else if (next.type === 'call-tool') {
        called.push({ name: next.name, args: next.arguments });
        dialogue.push({ by: 'tool-call', name: next.name, arguments: JSON.stringify(next.arguments) });
        dialogue.push({ by: 'tool-result', name: next.name, output: '{}' });
      }
    }
    return acts;
  };
  const meet = (turn: Turn): string => {
    dialogue.push(turn);
    return act()
      .flatMap((next) => (next.type === 'say' ? [next.text] : []))
      .join(' ');
  };
  return {
    dialogue,
    spoken,
    called,
    situation,
    begins: () => void act(),
    hears: (text: string, ...sounds: string[]) => meet({ by: 'person', text, sounds }),
    hearsNothing: () => meet({ by: 'silence' }),
    isTold: (text: string) => meet({ by: 'client', text }),
    tool: (name: string) => called.find((one) => one.name === name)?.args,
    hasEnded: () => called.some(({ name }) => name === 'end_call'),
    cutsLastTurnTo: (text: string) => {
      const last = dialogue.findLastIndex(({ by }) => by === 'agent');
      dialogue[last] = { ...(dialogue[last] as Extract<Turn, { by: 'agent' }>), text, isCut: true };
    },
  };
}

const hello = 'Hello, this is Parkside, Sam speaking. How can I help you?';
const booked =
  'Very good. That is a table for 2 on Friday at 7:30pm. Your confirmation number is 4 7 1 2. Is there anything else?';

test('the agent takes its leave when a response is to do so, behind the instructions of the session', () => {
  const talk = call(restaurant);
  talk.hears(hello);
  const responseInstructions = `${talk.situation.instructions}\n\nThis call has to end now. Say goodbye.`;
  const acts = decide({ ...talk.situation, dialogue: talk.dialogue, responseInstructions });
  expect(acts[0]).toMatchObject({ type: 'say', text: 'I am sorry, I have to go. Thank you, goodbye.' });
});

describe('at a friendly business', () => {
  test('the agent books, gives the name it was told, reads back once, reports and hangs up', () => {
    const talk = call(restaurant);
    expect(talk.hears(hello)).toBe(
      'Hello, this is an AI assistant calling for my client. I would like to book a dinner reservation for 2 people. The details are: restaurant, Via Carota; date, Friday; time, 7:30pm.',
    );
    expect(talk.hears('That is possible. What name shall I put it under?')).toBe('The name is Smith.');
    expect(talk.hears(booked)).toBe(
      'So that is confirmed: Friday, 7:30pm, for 2 people, under the name Smith, confirmation number 4712. Thank you very much. Goodbye.',
    );
    expect(talk.called.map(({ name }) => name)).toEqual(['report_outcome', 'end_call']);
    const { status, summary, entities } = talk.tool('report_outcome');
    expect(status).toBe('confirmed');
    expect(summary).toContain('4712');
    expect(entities).toContainEqual({
      name: 'confirmation_number',
      value: '4712',
      status: 'stated',
      quote: 'Your confirmation number is 4 7 1 2.',
    });
    expect(entities).toContainEqual(
      expect.objectContaining({ name: 'time', value: '7:30pm', status: 'stated' }),
    );
    expect(entities).toContainEqual(
      expect.objectContaining({ name: 'name', value: 'Smith', status: 'inferred' }),
    );
  });

  test('a test of the phone system is over when the person can hear', () => {
    const talk = call(testCall);
    expect(talk.hears(hello)).toBe(
      'Hello, this is an AI assistant calling for my client. I would like to test the phone system.',
    );
    talk.hears('Yes, I can hear you loud and clear. Is there anything else?');
    expect(talk.tool('report_outcome')).toMatchObject({ status: 'confirmed', entities: [] });
    expect(talk.hasEnded()).toBe(true);
  });

  test('an inquiry ends with the answer, word for word', () => {
    const talk = call({ goal: 'Please ask what time they close on Friday' });
    expect(talk.hears(hello)).toContain('I would like to ask what time you close on Friday.');
    expect(talk.hears('Let me check.')).toBe('');
    expect(talk.hears('We close at ten on Fridays. Is there anything else?')).toContain(
      'We close at ten on Fridays.',
    );
    expect(talk.tool('report_outcome').entities).toEqual([
      {
        name: 'answer',
        value: 'We close at ten on Fridays.',
        status: 'stated',
        quote: 'We close at ten on Fridays.',
      },
    ]);
  });

  test.each([
    ['And what is your phone number?', 'The phone number is 415 555 0123.'],
    ['For how many people?', 'It is for 2 people.'],
    ['What day and what time?', 'For Friday, please. At 7:30pm, please.'],
    ['Could you spell the name?', 'The name is Reed. That is R, E, E, D.'],
    ['Do you have a table preference?', 'The table preference is by the window.'],
    ['What is your credit card number?', 'I do not have that information, please leave it open.'],
    ['Shall I book that?', 'Yes, please.'],
    ['Are you a robot?', 'Yes, I am an AI assistant.'],
    ['Who is calling, please?', 'This is an AI assistant calling for my client'],
    ['Sorry, could you say that again?', 'I am an AI assistant calling for my client. I would like to book'],
  ])('"%s" is answered with "%s"', (question, answer) => {
    const know = [
      ...(restaurant.know ?? []),
      'name: Reed',
      'phone: 4155550123',
      'table_preference: by the window',
    ];
    const talk = call({ ...restaurant, know });
    talk.hears(hello);
    expect(talk.hears(question)).toContain(answer);
  });
});

describe('0102: fully booked', () => {
  const full =
    'I am sorry, we are fully booked at 7:30pm on Friday. I could offer you 8:30pm instead. Would that work?';

  test('another time is accepted because it was offered, and reported as such', () => {
    const talk = call(restaurant);
    talk.hears(hello);
    expect(talk.hears(full)).toBe('Yes, 8:30pm works. Please book that, under the name Smith.');
    talk.hears('Wonderful. That is a table for 2 on Friday at 8:30pm. Your confirmation number is 4 7 1 2.');
    const { status, summary, entities } = talk.tool('report_outcome');
    expect(status).toBe('confirmed');
    expect(summary).toContain('8:30pm instead of 7:30pm');
    expect(entities).toContainEqual({
      name: 'time',
      value: '8:30pm',
      status: 'stated',
      quote: 'That is a table for 2 on Friday at 8:30pm.',
    });
  });

  test('a confirmation of yet another time is a conflict', () => {
    const talk = call(restaurant);
    talk.hears(hello);
    talk.hears(full);
    talk.hears('That is booked for 9:30pm, see you then.');
    expect(talk.tool('report_outcome')?.entities ?? []).not.toContainEqual(
      expect.objectContaining({ value: '9:30pm', status: 'stated' }),
    );
  });

  test.each(['Do not accept another time.', 'Only accept 7:30pm.', 'Never change the date or time.'])(
    '"%s" declines',
    (behave) => {
      const talk = call({ ...restaurant, behave });
      talk.hears(hello);
      expect(talk.hears(full)).toBe('I am sorry, I may only take 7:30pm. Thank you anyway. Goodbye.');
      expect(talk.tool('report_outcome').status).toBe('failed');
      expect(talk.hasEnded()).toBe(true);
    },
  );

  test('without an offer the agent asks once, and gives up', () => {
    const talk = call(restaurant);
    talk.hears(hello);
    expect(talk.hears('Sorry, we are fully booked on Friday.')).toBe(
      'I understand. Do you have another time?',
    );
    talk.hears('No, we have nothing else.');
    expect(talk.tool('report_outcome').status).toBe('failed');
  });
});

describe('0106: voicemail', () => {
  const greeting =
    'You have reached Parkside. We cannot take your call right now. Please leave a message after the tone.';

  test('the message is left after the beep, once', () => {
    const talk = call({ ...restaurant, voicemail: 'leave this message: "Please call Alex back."' });
    expect(talk.hears(greeting)).toBe('');
    expect(talk.hears('', 'beep')).toBe('Please call Alex back.');
    expect(talk.tool('report_outcome').status).toBe('voicemail');
    expect(talk.hasEnded()).toBe(true);
    expect(talk.hears('', 'beep')).toBe('');
  });

  test('the message is left even if the beep was in the same breath, or never comes', () => {
    const told = { ...restaurant, voicemail: 'Leave this message: Please call back.' };
    expect(call(told).hears(greeting, 'beep')).toBe('Please call back.');
    const talk = call(told);
    talk.hears(greeting);
    expect(talk.hearsNothing()).toBe('Please call back.');
  });

  test('without a message the agent hangs up without a word', () => {
    const talk = call(restaurant);
    expect(talk.hears(greeting)).toBe('');
    expect(talk.called.map(({ name }) => name)).toEqual(['report_outcome', 'end_call']);
  });
});

describe('0107: phone menu', () => {
  test('keys lead to the goal, and to a human where no key does', () => {
    const talk = call(restaurant);
    expect(
      talk.hears(
        'Thank you for calling Parkside. For our opening hours, press 1. For bookings and everything else, press 2.',
      ),
    ).toBe('');
    expect(talk.hears('For our address, press 1. To speak to a person, press 0.')).toBe('');
    expect(talk.called.map(({ args }) => args)).toEqual([{ digits: '2' }, { digits: '0' }]);
    expect(talk.hears('Please hold while I connect you.')).toBe('');
    expect(talk.hears(hello)).toContain('I would like to book');
  });

  test.each([
    ['Press 1 for opening hours, 2 for reservations, or 3 for anything else.', '2'],
    ['Press one for billing. Press two for reservations.', '2'],
    ['For a table press 4, for events press 5.', '4'],
    ['For Spanish, press nine.', '0'],
  ])('"%s" is answered with %s', (menu, digits) => {
    const talk = call(restaurant);
    talk.hears(menu);
    expect(talk.tool('press_digits')).toEqual({ digits });
  });

  test('the same menu is not answered in the same way forever', () => {
    const talk = call(restaurant);
    for (let i = 0; i < 5; i++) talk.hears('For bookings, press 2. For other matters, press 3.');
    expect(talk.called.map(({ args }) => args.digits ?? args.status ?? 'end')).toEqual([
      '2',
      '3',
      '0',
      '0',
      'failed',
      'end',
    ]);
  });
});

test('0108: after a hang-up in mid-sentence there is still an outcome to be asked for', () => {
  const talk = call(restaurant);
  talk.hears(hello);
  const acts = decide({
    ...talk.situation,
    isSideQuestion: true,
    toolChoice: { name: 'report_outcome' },
    dialogue: talk.dialogue,
  });
  expect(acts).toMatchObject([
    { type: 'call-tool', name: 'report_outcome', arguments: { status: 'failed' } },
  ]);
});

describe('0109: talked over', () => {
  test('the agent answers what was said and does not begin again', () => {
    const talk = call(restaurant);
    talk.hears(hello);
    talk.cutsLastTurnTo('Hello, this is an AI assistant calling');
    expect(talk.hears('Sorry, hold on. Who is calling, please?')).toBe(
      'This is an AI assistant calling for my client, because I would like to book a dinner reservation for 2 people.',
    );
    expect(talk.hears('Wait, wait. Could you say that again?')).not.toContain('Hello');
    expect(talk.hears('What name?')).toBe('The name is Smith.');
  });
});

test('0110: the agent stays quiet on hold, and opens for the human', () => {
  const talk = call(testCall);
  expect(talk.hears('Thank you for calling Parkside. All our lines are busy. Please hold.')).toBe('');
  expect(talk.hearsNothing()).toBe('');
  expect(talk.hears('', 'hold-music')).toBe('');
  expect(talk.hears(hello)).toContain('I would like to test the phone system.');
});

test('0111: a screener is told who and why in one sentence', () => {
  const talk = call(testCall);
  expect(
    talk.hears(
      'The person you are calling uses call screening. Please say your name, and why you are calling.',
    ),
  ).toBe('This is an AI assistant calling for my client, because I would like to test the phone system.');
  expect(talk.hears('Thank you. Please wait while I connect you.')).toBe('');
  expect(talk.hears(hello)).toContain('Hello, this is an AI assistant');
});

test('0112: what only the client knows is asked of the client, once, and passed on', () => {
  const question = 'Would your client like to sit inside, or outside on the terrace?';
  const meet = (...turns: readonly Turn[]) =>
    decide({
      instructions: instructionsOf(restaurant),
      tools: ['report_outcome', 'end_call', 'ask_owner'],
      toolChoice: 'auto',
      isSideQuestion: false,
      dialogue: [
        { by: 'agent', text: 'Hello, this is an AI assistant calling.', isCut: false, intent: 'opening' },
        { by: 'person', text: `That is possible. ${question}`, sounds: [] },
        ...turns,
      ],
    });
  const asking: readonly Turn[] = [
    { by: 'agent', text: 'One moment please, I am asking my client.', isCut: false, intent: 'answer' },
    { by: 'tool-call', name: 'ask_owner', arguments: JSON.stringify({ question }) },
  ];
  const answered: Turn = { by: 'tool-result', name: 'ask_owner', output: 'Your client answers: "Outside"' };
  const passedOn: Turn = { by: 'agent', text: 'My client says: Outside.', isCut: false, intent: 'answer' };
  expect(meet()).toMatchObject([{ type: 'say' }, { name: 'ask_owner', arguments: { question } }]);
  expect(meet(...asking, { by: 'person', text: 'Sure, take your time.', sounds: [] })).toEqual([]);
  expect(meet(...asking, { by: 'person', text: 'Are you still there?', sounds: [] })).toMatchObject([
    { text: expect.stringContaining('still waiting') },
  ]);
  expect(meet(...asking, answered)).toMatchObject([{ text: 'My client says: Outside.' }]);
  expect(meet(...asking, { ...answered, output: 'No answer came in time.' })).toMatchObject([
    { text: expect.stringContaining('go on without') },
  ]);
  expect(
    meet(...asking, answered, passedOn, { by: 'person', text: `Pardon? ${question}`, sounds: [] }),
  ).not.toContainEqual(expect.objectContaining({ name: 'ask_owner' }));
});

test('where nobody speaks the agent asks twice and ends with no answer', () => {
  const talk = call(testCall);
  talk.begins();
  for (let i = 0; i < 3; i++) talk.hearsNothing();
  expect(talk.spoken.slice(1, 3)).toEqual(['Hello, are you still there?', 'Hello, are you still there?']);
  expect(talk.tool('report_outcome').status).toBe('no_answer');
  expect(talk.hasEnded()).toBe(true);
});

test.each([
  'I see.',
  'What is the capital of France?',
  'Hello?',
  'Who is calling?',
  'Could you repeat that?',
  'Are you a robot?',
])('a person who says nothing but "%s" is left politely after eight turns', (words) => {
  const talk = call(restaurant);
  for (let i = 0; i < 12; i++) talk.hears(words);
  expect(talk.hasEnded()).toBe(true);
  expect(talk.spoken.length).toBeLessThanOrEqual(10);
  expect(talk.spoken.at(-1)).toContain('oodbye');
});

test('a wrong number is left in peace', () => {
  const talk = call(restaurant);
  talk.hears('Hello?');
  talk.hears('You have the wrong number.');
  expect(talk.tool('report_outcome').status).toBe('failed');
});

test('whoever will call back has the matter in hand', () => {
  const talk = call(restaurant);
  talk.hears(hello);
  talk.hears("I can't do that, but the manager will call you back.");
  expect(talk.tool('report_outcome').status).toBe('human_escalation');
});

test('what the client says comes first', () => {
  const talk = call(restaurant);
  talk.hears(hello);
  expect(talk.isTold('Say to the person: "One moment, please."')).toBe('One moment, please.');
  expect(talk.isTold('Ask for a table by the window.')).toBe(
    'Also, I would like to ask for a table by the window.',
  );
  expect(
    talk.isTold(
      'The call is handed over to your client now. Say in one short sentence that you are connecting the person.',
    ),
  ).toMatch(/^I am connecting you/);
  expect(talk.isTold('Your client could not be reached, so the person is back with you.')).toMatch(
    /cannot be reached/,
  );
  expect(talk.isTold('The time is nearly up: say goodbye.')).toContain('oodbye');
  expect(talk.hasEnded()).toBe(true);
});

test('instructions without headings still have a goal; an agent without one takes a message', () => {
  const acts = (instructions: string) =>
    decide({ instructions, tools: [], toolChoice: 'auto', isSideQuestion: false, dialogue: [] });
  expect(acts('Book a taxi for 5 pm. Be brief.')).toMatchObject([
    { text: expect.stringContaining('I would like to book a taxi for 5 pm.') },
  ]);
  expect(acts('You are a helpful assistant.')).toMatchObject([
    { text: 'Hello, this is an AI assistant. How can I help you?' },
  ]);
});

test('a call that is recorded is said to be so in the first sentence', () => {
  const instructions = `${instructionsOf(testCall)}\n# Recording\nThis call is recorded. Say so in your first sentence.\n`;
  const acts = decide({ instructions, tools: [], toolChoice: 'auto', isSideQuestion: false, dialogue: [] });
  expect(acts).toMatchObject([
    {
      text: expect.stringMatching(
        /^Hello, this is an AI assistant calling for my client, and this call is recorded\. I would/,
      ),
    },
  ]);
});

describe('somebody who has waited and asks whether anybody is still there', () => {
  const areYouThere = 'Hello? Are you still there?';
  const backAgain = [
    '[Your client has put you on hold for a while. You heard the person, who got no answer from you.]',
    'You may talk again. Apologise in two or three words for the wait, and go on from where the conversation was. Answer what the person has said last, and do not greet again.',
  ];

  test('is answered what they asked before, of which the answer was taken back unheard', () => {
    const talk = call(restaurant);
    talk.hears(hello);
    talk.hears('I could offer you 8:30pm instead. Would that work?');
    talk.cutsLastTurnTo('');
    talk.dialogue.push({ by: 'person', text: areYouThere, sounds: [] });
    for (const text of backAgain) talk.dialogue.push({ by: 'client', text });
    expect(talk.isTold('')).toBe('Yes, 8:30pm works. Please book that, under the name Smith.');
  });

  test('is told again what was said last', () => {
    const talk = call(restaurant);
    talk.hears(hello);
    talk.hears('What name shall I put it under?');
    expect(talk.hears(areYouThere)).toBe('Yes, I am here. The name is Smith.');
  });

  test('is told the errand where nothing else was said', () => {
    const talk = call(testCall);
    talk.hears(hello);
    expect(talk.hears('Is anybody there?')).toBe(
      'Yes, I am here. I am an AI assistant calling for my client. I would like to test the phone system.',
    );
  });
});
