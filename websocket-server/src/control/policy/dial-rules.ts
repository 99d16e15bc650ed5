import { hoursText } from '../../lib/daily-hours.ts';
import { capRules } from './cap-rules.ts';
import { outOfHours } from './calling-hours.ts';
import { canonical, countryOf, isInCountries, isPossible, sharesCallingCode } from './countries.ts';
import type { DialFacts, DialRule, Finding } from './dial-rule.ts';
import type { Forbidden } from './forbidden-numbers.ts';
import { setBy } from './limit-variables.ts';

const callYourself = 'Nobody can change this; please call yourself.';
const noSetting = 'No setting changes this; use another number.';

/** What is refused always, in front of any carrier. */
const forbiddenSentences: readonly (readonly [
  Exclude<Forbidden, 'malformed'>,
  says: string,
  howToChange: string,
])[] = [
  ['emergency', 'reaches an emergency service, which an agent never rings.', callYourself],
  ['short', 'is a short number or service code, which an agent never rings.', noSetting],
  ['premium', 'is a premium-rate number, which an agent never rings.', noSetting],
  ['shared-cost', 'is a shared-cost number, which an agent never rings.', noSetting],
  ['satellite', 'belongs to a satellite or international network, which an agent never rings.', noSetting],
];

/** Who may be rung, when and how often: all that speaks for or against a dialing, in the order in which it is told. */
export const dialRules: readonly DialRule[] = [
  {
    rule: 'malformed',
    isBadInput: true,
    find: ({ to, forbidden }) =>
      forbidden === 'malformed'
        ? {
            message: `"to" (${to.slice(0, 40)}) is not a phone number in E.164 form.`,
            howToChange:
              'Write a plus, the country code and the number, digits only and 15 at most, e.g. +14155550123.',
          }
        : undefined,
  },
  ...forbiddenSentences.map(([kind, says, howToChange]): DialRule => ({
    rule: kind,
    find: ({ to, forbidden }) =>
      forbidden === kind ? { message: `"to" (${to}) ${says}`, howToChange } : undefined,
  })),
  {
    rule: 'impossible',
    isBadInput: true,
    find: ({ to, settings, forbidden }) =>
      settings.isSimulated || forbidden !== undefined || isPossible(to)
        ? undefined
        : {
            message: `"to" (${to}) is not a possible number in its country.`,
            howToChange: 'Check its digits.',
          },
  },
  {
    rule: 'unusual-form',
    isBadInput: true,
    find: ({ to, settings, forbidden }) =>
      settings.isSimulated || forbidden !== undefined || !isPossible(to) || canonical(to) === to
        ? undefined
        : {
            message: `"to" (${to}) has digits that are dialed within its country only, or lacks some.`,
            howToChange: `Write it as ${canonical(to)}.`,
          },
  },
  {
    rule: 'same-number',
    isBadInput: true,
    // The agents who place calls and who answer them would talk to each other, and both legs are billed.
    find: ({ to, from, settings }) =>
      settings.isSimulated || to !== from
        ? undefined
        : {
            message: `"to" (${to}) is the number that the call comes from.`,
            howToChange: 'Give the number of somebody else.',
          },
  },
  { rule: 'country', find: country },
  {
    rule: 'denied-number',
    find: ({ to, settings }) =>
      settings.deniedNumbers.includes(to)
        ? {
            message: 'This number is on the list of numbers that are never called.',
            howToChange: `The operator keeps that list ${setBy('DENIED_NUMBERS')}.`,
          }
        : undefined,
  },
  {
    rule: 'allowed-numbers',
    find: ({ to, settings: { allowedNumbers, ownerNumber } }) =>
      allowedNumbers.isEmpty || allowedNumbers.includes(to) || to === ownerNumber
        ? undefined
        : {
            message: 'Only listed numbers are called here, and this one is not among them.',
            howToChange: `The operator adds it to that list ${setBy('ALLOWED_NUMBERS')}; without a list all numbers are allowed.`,
          },
  },
  {
    rule: 'do-not-call',
    find: ({ isOnDoNotCallList }) =>
      isOnDoNotCallList
        ? {
            message: 'Whoever is at this number has asked not to be called again.',
            howToChange:
              'With their consent the operator takes it off the list by DELETE /api/do-not-call/{number}.',
          }
        : undefined,
  },
  { rule: 'self', find: self },
  { rule: 'calling-hours', find: callingHours },
  ...capRules,
];

function country({ to, from, settings }: DialFacts): Finding | undefined {
  const { allowedCountries } = settings;
  if (allowedCountries === '*') return undefined;
  const isAllowed =
    allowedCountries === null ? sharesCallingCode(to, from) : isInCountries(to, allowedCountries);
  if (!isAllowed) {
    return {
      message: 'Calls to the country of this number are not allowed here.',
      howToChange: `The operator allows countries ${setBy('ALLOWED_COUNTRIES')}, e.g. ALLOWED_COUNTRIES=US,CA or * for all.`,
    };
  }
  const [own, other] = [countryOf(from), countryOf(to)];
  if (allowedCountries !== null || own === undefined || other === undefined || own === other)
    return undefined;
  return {
    message: `The number is in another country (${other}) than the one called from (${own}), and may cost more.`,
    howToChange: `The operator limits countries ${setBy('ALLOWED_COUNTRIES')}.`,
    isWarning: true,
  };
}

function self({ to, callee, settings: { ownerNumber, isSimulated } }: DialFacts): Finding | undefined {
  if (callee !== 'self' || isSimulated || to === ownerNumber) return undefined;
  return {
    message: '"callee" is "self", and this is not the owner’s own number.',
    howToChange: 'Use "person" or "business", or the number that the operator has set as OWNER_PHONE_NUMBER.',
  };
}

/** A person is never rung outside the hours, a business with a warning, the owner at any time. */
function callingHours({ to, at, callee, settings, forbidden }: DialFacts): Finding | undefined {
  const { callingHours: hours } = settings;
  if (hours === null || callee === 'self' || forbidden !== undefined) return undefined;
  const found = outOfHours(to, hours, at);
  if (found === undefined) return undefined;
  const where = `It is ${found.time} in ${found.zone}, where this number may be`;
  return {
    message:
      callee === 'person'
        ? `${where}, and people are called from ${hoursText(hours)} only.`
        : `${where}: probably nobody is there.`,
    howToChange: `Ask for another time by scheduleAt; the operator sets the hours ${setBy('CALLING_HOURS')}.`,
    isWarning: callee !== 'person',
  };
}
