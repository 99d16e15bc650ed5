import { ok, problem, warning, type Check, type Finding } from '../../../lib/check.ts';
import type { TwilioNumber } from './account-api.ts';
import type { AccountView } from './account-view.ts';

const choose = 'Choose one in the set-up page, or set TWILIO_PHONE_NUMBER.';

/** @param chosen the number that calls come from by default; null when none is set */
export function numberCheck(view: AccountView, chosen: () => string | null): Check {
  return {
    id: 'carrier-number',
    title: 'Phone number',
    async run() {
      const numbers = await view.numbers();
      const number = chosen();
      if (number === null) return noneChosen(numbers.filter(({ hasVoice }) => hasVoice));
      const own = numbers.find((candidate) => candidate.number === number);
      if (own?.hasVoice === true) return ok(`Calls come from ${number}, which is the account’s own.`);
      if (own !== undefined) {
        return problem(`${number} is the account’s own, but takes no part in calls (no voice).`, choose);
      }
      if ((await view.verifiedNumbers()).includes(number)) {
        return ok(`Calls come from ${number}, a verified number; calls to it do not reach this server.`);
      }
      return problem(
        `${number} is neither owned by the Twilio account nor verified in it, so Twilio refuses calls from it.`,
        numbers.length === 0
          ? 'Buy a number with voice in the Twilio Console, or verify this one there.'
          : choose,
      );
    },
  };
}

function noneChosen(usable: readonly TwilioNumber[]): Finding {
  if (usable.length === 0) {
    return problem(
      'The Twilio account has no number that can place calls.',
      'Buy a number with voice in the Twilio Console, then set TWILIO_PHONE_NUMBER to it.',
    );
  }
  const some = usable.slice(0, 3).map(({ number }) => number);
  const more = usable.length > some.length ? ', …' : '';
  return warning(
    `No number to call from is chosen, so each call has to name one. The account has ${some.join(', ')}${more}.`,
    choose,
  );
}
