import { business } from './business.ts';
import { callScreening, lateToThePhone, onHold, voicemail } from './machines.ts';
import type { Handset, Persona, PersonInCall } from './persona.ts';
import { oneWish } from './one-wish.ts';
import { phoneMenu } from './phone-menu.ts';
import type { PhoneMenu } from './phone-menu.ts';
import { TurnTaking } from './turn-taking.ts';

const greeting = 'Hello, this is Parkside, Sam speaking. How can I help you?';
const holdWords = 'Thank you for calling Parkside. All our lines are busy. Please hold.';
const voicemailWords = 'You have reached Parkside. Please leave a message after the tone.';
const screeningWords = {
  asks: 'Hello. The person you are calling uses call screening. Please say your name, and why you are calling.',
  thanks: 'Thank you. Please wait while I connect you.',
};
const interruptions = ['Sorry, hold on. Who is calling, please?', 'Wait, wait. Could you say that again?'];

const noMoreCalls = {
  greeting: 'Hello?',
  wish: 'Please do not call me again.',
  thanks: 'Thank you. Goodbye.',
};
const aHuman = {
  greeting: 'Hello?',
  wish: 'Can I talk to a human, please?',
  thanks: 'All right. Goodbye.',
};

const menu: PhoneMenu = {
  prompt:
    'Thank you for calling Parkside. For our opening hours, press 1. For bookings and everything else, press 2.',
  keys: {
    '1': { does: 'say', text: 'We are open from 9 in the morning to 6 in the evening, Monday to Saturday.' },
    '2': {
      does: 'menu',
      menu: {
        prompt: 'For our address, press 1. To speak to a person, press 0.',
        keys: {
          '1': { does: 'say', text: 'We are at 12 Market Street, next to the library.' },
          '0': { does: 'connect', text: 'Please hold while I connect you.' },
        },
      },
    },
  },
};

/** A menu whose nearest choice is the wrong department, and whose right one is a queue. */
const mazeMenu: PhoneMenu = {
  prompt: 'Welcome to Parkside. For tables already booked, press 1. For everything else, press 2.',
  keys: {
    '1': {
      does: 'menu',
      menu: {
        prompt: 'Changes are made online only. To go back, press star.',
        keys: { '*': { does: 'back' } },
      },
    },
    '2': {
      does: 'menu',
      menu: {
        prompt: 'For the kitchen, press 1. To speak to a person, press 0.',
        keys: {
          '1': { does: 'say', text: 'The kitchen is closed.' },
          '0': { does: 'queue' },
        },
      },
    },
  },
};
const queueMs = 8000;

const pickedUpLate = {
  greeting: voicemailWords,
  pickingUp: 'Hello? Hello, I am here, this is Sam at Parkside.',
};

const answers = {
  pickUp: 'answers',
  voice: 'rms',
  ringsForMs: 1200,
  isMachine: false,
  sayings: [greeting],
} as const;

const human = (handset: Handset): PersonInCall => new TurnTaking(handset, business({ greeting }));

/** A friendly business that can do what the goal asks. */
export const friendlyBusiness: Persona = { ...answers, name: 'friendly business', meet: human };

/** Picks up and says nothing: for tests that move the person themselves. */
export const silentPerson: Persona = {
  ...answers,
  name: 'silent person',
  sayings: [],
  meet: () => ({ tick: () => undefined }),
};

/** Who is at a number, by its last four digits. */
export const personasByLastDigits: Readonly<Record<string, Persona>> = {
  '0102': {
    ...answers,
    name: 'fully booked',
    meet: (handset) => new TurnTaking(handset, business({ greeting, isFull: true })),
  },
  '0103': { ...silentPerson, name: 'busy', pickUp: 'busy', ringsForMs: 300 },
  '0104': { ...silentPerson, name: 'no answer', pickUp: 'no-answer', ringsForMs: 20_000 },
  '0105': { ...silentPerson, name: 'rejected', pickUp: 'rejected' },
  '0106': {
    ...answers,
    name: 'voicemail',
    isMachine: true,
    sayings: [voicemailWords],
    meet: (handset) => voicemail(handset, voicemailWords, 12_000),
  },
  '0107': {
    ...answers,
    name: 'phone menu',
    isMachine: true,
    sayings: [menu.prompt],
    meet: (handset) => phoneMenu(handset, menu, { connect: human }),
  },
  '0108': { ...answers, name: 'hangs up in mid-sentence', meet: hangsUpInMidSentence },
  '0109': {
    ...answers,
    name: 'talks over the agent',
    sayings: [greeting, ...interruptions],
    meet: (handset) => new TurnTaking(handset, business({ greeting }), { interruptions }),
  },
  '0110': {
    ...answers,
    name: 'hold music',
    isMachine: true,
    sayings: [holdWords],
    meet: (handset) => onHold(handset, holdWords, 20_000, human),
  },
  '0111': {
    ...answers,
    name: 'call screening',
    isMachine: true,
    sayings: [screeningWords.asks],
    meet: (handset) => callScreening(handset, screeningWords, human),
  },
  '0112': {
    ...answers,
    name: 'asks what only the client knows',
    meet: (handset) => new TurnTaking(handset, business({ greeting, asksPreference: true })),
  },
  '0113': {
    ...answers,
    name: 'phone menu with a wrong turn, a queue, and a human',
    isMachine: true,
    sayings: [mazeMenu.prompt, holdWords],
    meet: (handset) =>
      phoneMenu(handset, mazeMenu, {
        connect: human,
        queue: (phone) => onHold(phone, holdWords, queueMs, human),
      }),
  },
  '0114': {
    ...answers,
    name: 'voicemail, then a human who picks up late',
    isMachine: true,
    sayings: [voicemailWords, pickedUpLate.pickingUp],
    meet: (handset) => lateToThePhone(handset, pickedUpLate, human),
  },
  '0121': {
    ...answers,
    name: 'asks not to be called again',
    sayings: [noMoreCalls.greeting, noMoreCalls.wish],
    meet: (handset) => new TurnTaking(handset, oneWish(noMoreCalls)),
  },
  '0122': {
    ...answers,
    name: 'wants a human',
    sayings: [aHuman.greeting, aHuman.wish],
    meet: (handset) => new TurnTaking(handset, oneWish(aHuman)),
  },
};

/** @param number E.164; any number but those above is a friendly business */
export function personaAt(number: string): Persona {
  return personasByLastDigits[number.slice(-4)] ?? friendlyBusiness;
}

/** Talks like anybody, until the other has talked for three seconds. */
function hangsUpInMidSentence(handset: Handset): PersonInCall {
  const person = human(handset);
  let voiceMs = 0;
  return {
    tick: (moment) => {
      person.tick(moment);
      if (moment.loudness > 250) voiceMs += 20;
      if (voiceMs >= 3000) handset.hangUp();
    },
  };
}
