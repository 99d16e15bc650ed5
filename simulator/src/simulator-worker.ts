/** The thread in which demo mode runs the phone network and the voice model, apart from the server's own. */
import { parentPort, workerData } from 'node:worker_threads';
import { startPhoneNetwork } from './phone-network/phone-network.ts';
import { createSpeech } from './speech/speech.ts';
import type { SimulatorAddresses, SimulatorOptions } from './start-simulator.ts';
import { startVoiceModel } from './voice-model/voice-model.ts';

const { accountSid, authToken, phoneNumber, webhooks, recordingsFolder, carrier, voiceModel } =
  workerData as SimulatorOptions;

const speech = createSpeech();
const network = carrier
  ? await startPhoneNetwork({
      accountSid,
      authToken,
      speech,
      ownNumbers: [phoneNumber],
      ownWebhooks: webhooks,
      recordingsFolder,
    })
  : undefined;
const model = voiceModel ? await startVoiceModel({ speech }) : undefined;

parentPort?.on('message', () => {
  void Promise.all([network?.close(), model?.close()])
    .then(() => speech.close())
    .finally(() => parentPort?.close());
});
parentPort?.postMessage({
  carrierUrl: network?.url,
  softphoneUrl: network?.softphoneUrl,
  voiceModelBaseUrl: model?.baseUrl,
} satisfies SimulatorAddresses);
