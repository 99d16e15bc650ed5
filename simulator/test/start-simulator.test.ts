import { expect, test } from 'vitest';
import { startSimulatorWorker } from '../src/index.ts';
import { accountSid, authToken } from './rest-client.ts';

test('the simulator starts in a worker thread, answers, and stops', async () => {
  const simulator = await startSimulatorWorker({
    accountSid,
    authToken,
    phoneNumber: '+14155550199',
    carrier: true,
    voiceModel: true,
  });
  expect(simulator.voiceModelBaseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/u);
  const numbers = await fetch(
    `${simulator.carrierUrl}/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers.json`,
    {
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    },
  );
  expect(await numbers.json()).toMatchObject({ incoming_phone_numbers: [{ phone_number: '+14155550199' }] });
  await simulator.close();
  await expect(fetch(String(simulator.carrierUrl))).rejects.toThrow();
});

test('what is not asked for is not simulated', async () => {
  const simulator = await startSimulatorWorker({
    accountSid,
    authToken,
    phoneNumber: '+14155550199',
    carrier: false,
    voiceModel: false,
  });
  expect(simulator).toMatchObject({ carrierUrl: undefined, voiceModelBaseUrl: undefined });
  await simulator.close();
});
