import type { Config } from '../config/config.ts';
import { ok, type Check } from '../lib/check.ts';

/** Says what is real and what is simulated, and what one key would change. */
export function modeCheck({ carrier, voiceModel }: Config['demo']): Check {
  return {
    id: 'mode',
    title: 'Mode',
    async run() {
      if (!carrier) return ok('Real calls: phones ring, and the carrier and the voice model cost money.');
      if (!voiceModel) {
        return {
          ...ok(
            'Demo with a real voice model: the phone network is simulated and rings nobody; the model is real and costs money.',
          ),
          fix: 'To ring real phones set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER, and PUBLIC_URL or NGROK_AUTHTOKEN.',
        };
      }
      return {
        ...ok(
          'Demo: the phone network and the voice model are simulated. Nothing is dialed and nothing costs money.',
        ),
        fix: 'To talk to the real voice model set OPENAI_API_KEY; phones stay simulated. To ring real phones set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER, and PUBLIC_URL or NGROK_AUTHTOKEN as well.',
      };
    },
  };
}
