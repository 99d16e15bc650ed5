import { ok, skipped, warning, type Check } from '../../../lib/check.ts';
import type { TwilioNumber } from './account-api.ts';
import type { AccountView } from './account-view.ts';

const setIt =
  'Have them sent here: Set-up in the web app has a button for that, and `mcp-telephone doctor --fix` does it too.';

/** Whether calls to our number arrive here. Calls that we place carry their own address and do not need it. */
export function webhookCheck(
  view: AccountView,
  chosen: () => string | null,
  voiceUrl: string | undefined,
): Check {
  return {
    id: 'carrier-webhook',
    title: 'Incoming calls',
    async run() {
      const own = (await view.numbers()).find(({ number }) => number === chosen());
      if (own === undefined) return skipped('None of the account’s own numbers is chosen to call from.');
      if (voiceUrl === undefined) return skipped('There is no public URL to send calls to.');
      if (isPointedAt(own, voiceUrl)) return ok(`Calls to ${own.number} come to this server.`);
      if (own.trunkSid !== null) {
        return warning(
          `Calls to ${own.number} go to a SIP trunk, not to this server.`,
          'Take the number off the trunk in the Twilio Console first.',
        );
      }
      const target = targetOf(own);
      return warning(
        target === null
          ? `Calls to ${own.number} go nowhere yet. Calls that the agent places work without.`
          : `Calls to ${own.number} go to ${target}, not to this server. Calls that the agent places work all the same.`,
        setIt,
      );
    },
  };
}

export function isPointedAt(own: TwilioNumber, voiceUrl: string): boolean {
  return own.voiceUrl === voiceUrl && own.applicationSid === null && own.trunkSid === null;
}

/** Where a number's calls go, as far as it can be said; null for nowhere. */
export function targetOf({ voiceUrl, applicationSid, trunkSid }: TwilioNumber): string | null {
  if (trunkSid !== null) return `the SIP trunk ${trunkSid}`;
  if (applicationSid !== null) return `the TwiML application ${applicationSid}`;
  return voiceUrl === '' ? null : voiceUrl;
}
