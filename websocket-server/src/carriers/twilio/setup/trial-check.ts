import { ok, problem, skipped, warning, type Check } from '../../../lib/check.ts';
import type { AccountView } from './account-view.ts';

const limits =
  'A trial account calls only numbers verified in it, for at most 10 minutes, and plays a notice first.';
const upgrade =
  'Verify the numbers to call in the Twilio Console (Phone Numbers, Verified Caller IDs), or upgrade.';

/** What a trial account may do (help.twilio.com, free trial limitations). */
export function trialCheck(view: AccountView, ownerNumber: string | null): Check {
  return {
    id: 'carrier-trial',
    title: 'Trial limits',
    async run() {
      if (!(await view.account()).isTrial) return ok('None: this is a full account.');
      const verified = await view.verifiedNumbers();
      if (verified.length === 0) return problem(`${limits} None is verified yet.`, upgrade);
      if (ownerNumber !== null && !verified.includes(ownerNumber)) {
        return warning(`${limits} OWNER_PHONE_NUMBER is not among the ${verified.length} verified.`, upgrade);
      }
      return warning(`${limits} Verified: ${verified.join(', ')}.`, upgrade);
    },
  };
}

export function noTrialCheck(): Check {
  return {
    id: 'carrier-trial',
    title: 'Trial limits',
    run: async () => skipped('A simulated phone network has no trial accounts.'),
  };
}
