import { skipped, type Check, type Finding } from '../../../lib/check.ts';
import type { TwilioAccount, TwilioAccountApi, TwilioNumber } from './account-api.ts';

/** What one run of checks has been told of the account; each thing is asked once, when it is first needed. */
export interface AccountView {
  account(): Promise<TwilioAccount>;
  numbers(): Promise<readonly TwilioNumber[]>;
  verifiedNumbers(): Promise<readonly string[]>;
}

export function accountView(api: TwilioAccountApi): AccountView {
  return {
    account: once(() => api.account()),
    numbers: once(() => api.numbers()),
    verifiedNumbers: once(() => api.verifiedNumbers()),
  };
}

/** A check that makes sense only when the credentials work: one wrong token is told once, not six times. */
export function behindAccount(view: AccountView, check: Check): Check {
  return {
    ...check,
    async run(): Promise<Finding> {
      const isOpen = await view.account().then(
        ({ status }) => status === 'active',
        () => false,
      );
      return isOpen ? check.run() : skipped('Waits until the Twilio account can be used.');
    },
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}
