import { ok, problem, type Check } from '../../../lib/check.ts';
import type { AccountView } from './account-view.ts';

export function accountCheck(view: AccountView, isSimulated: boolean): Check {
  return {
    id: 'carrier-account',
    title: 'Twilio account',
    async run() {
      const { label, status, isTrial } = await view.account();
      if (isSimulated) return ok('No Twilio credentials are set: a simulated phone network takes the calls.');
      if (status !== 'active') {
        return problem(
          `The Twilio account "${label}" is ${status || 'in no known state'}, so it places no calls.`,
          'Settle that in the Twilio Console, or use the credentials of another account.',
        );
      }
      return ok(`Twilio accepts the credentials of "${label}", a ${isTrial ? 'trial' : 'full'} account.`);
    },
  };
}
