import type { Config } from '../../../config/config.ts';
import { InvalidRequest } from '../../../lib/errors.ts';
import type { Runtime } from '../../../lib/runtime.ts';
import { CarrierRejected } from '../../carrier-errors.ts';
import type { CarrierChoices, CarrierNumber, CarrierSetup } from '../../carrier-setup.ts';
import { paths } from '../addresses.ts';
import { createRestApi } from '../rest-api.ts';
import { accountCheck } from './account-check.ts';
import { createAccountApi, type TwilioNumber } from './account-api.ts';
import { accountView, behindAccount } from './account-view.ts';
import { clockCheck } from './clock-check.ts';
import { countryCheck } from './country-check.ts';
import { numberCheck } from './number-check.ts';
import { signedRequestCheck } from './signed-request-check.ts';
import { noTrialCheck, trialCheck } from './trial-check.ts';
import { isPointedAt, targetOf, webhookCheck } from './webhook-check.ts';

type TwilioSetupConfig = Pick<Config, 'twilio' | 'publicUrl' | 'demo' | 'ownerPhoneNumber'>;

export function createTwilioSetup(
  config: TwilioSetupConfig,
  runtime: Runtime,
  choices: CarrierChoices,
): CarrierSetup {
  const { twilio, publicUrl, demo } = config;
  const { number: chosen, countries: allowed } = choices;
  const rest = createRestApi(twilio, runtime);
  const api = createAccountApi(rest);
  const voiceUrl = publicUrl === null ? undefined : `${publicUrl}${paths.twiml}`;

  function described(number: TwilioNumber): CarrierNumber {
    return {
      number: number.number,
      label: number.label === number.number ? null : number.label,
      hasVoice: number.hasVoice,
      isPointedHere: voiceUrl !== undefined && isPointedAt(number, voiceUrl),
      callsGoTo: targetOf(number),
    };
  }

  return {
    checks() {
      const view = accountView(api);
      const { baseUrl, authToken } = twilio;
      return [
        accountCheck(view, demo.carrier),
        behindAccount(view, numberCheck(view, chosen)),
        behindAccount(view, webhookCheck(view, chosen, voiceUrl)),
        signedRequestCheck(publicUrl, authToken, runtime),
        behindAccount(view, countryCheck({ baseUrl, ask: rest.ask, allowed, chosen })),
        demo.carrier ? noTrialCheck() : behindAccount(view, trialCheck(view, config.ownerPhoneNumber)),
        clockCheck(baseUrl, runtime),
      ];
    },

    numbers: async () => (await api.numbers()).map(described),

    async pointHere(wanted) {
      if (voiceUrl === undefined || publicUrl === null) {
        throw new CarrierRejected(
          'twilio',
          'There is no address to send calls to: set PUBLIC_URL, or NGROK_AUTHTOKEN to open a tunnel.',
          { retryable: false },
        );
      }
      const own = (await api.numbers()).find(({ number }) => number === wanted);
      if (own === undefined) {
        throw new InvalidRequest(`${wanted} is not a number of the Twilio account. Choose one that is.`);
      }
      if (own.trunkSid !== null) {
        throw new InvalidRequest(
          `${wanted} belongs to a SIP trunk. Take it off that in the Twilio Console first.`,
        );
      }
      const statusUrl = `${publicUrl}${paths.status}`;
      return described(await api.setVoiceUrl(own.sid, { voiceUrl, statusUrl }));
    },
  };
}
