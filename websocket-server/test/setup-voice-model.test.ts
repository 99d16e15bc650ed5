import { createSpeech, startVoiceModel } from '@mcp-telephone/simulator';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { voiceSessionCheck } from '../src/checkup/voice-session-check.ts';
import { readConfig } from '../src/config/read-config.ts';
import { silentLog } from '../src/lib/log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import { createOpenAiRealtime } from '../src/voice-models/openai-realtime/index.ts';
import { createOpenAiSetup } from '../src/voice-models/openai-realtime/setup/index.ts';
import { freePort } from './stories/free-port.ts';
import { restServer } from './twilio-side.ts';

const speech = createSpeech();
afterAll(() => speech.close());
const runtime = systemRuntime(silentLog);

function configAt(baseUrl: string) {
  return readConfig({ OPENAI_API_KEY: 'key', OPENAI_BASE_URL: baseUrl });
}

async function found(baseUrl: string, model = 'gpt-realtime-2.1') {
  const checks = createOpenAiSetup(configAt(baseUrl), runtime, () => model).checks();
  return Object.fromEntries(await Promise.all(checks.map(async (check) => [check.id, await check.run()])));
}

async function openedModel() {
  const model = await startVoiceModel({ speech });
  onTestFinished(() => model.close());
  return model;
}

async function answering(status: number, body: object) {
  const server = await restServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  onTestFinished(() => server.stop());
  return server.baseUrl;
}

test('a model that the key may use is fine, and a session of it opens', async () => {
  const { baseUrl, sessions } = await openedModel();
  expect(await found(baseUrl)).toMatchObject({
    'voice-model-access': { state: 'ok' },
    'voice-model-end': { state: 'ok' },
  });
  const model = createOpenAiRealtime(configAt(baseUrl).openai, runtime);
  const check = voiceSessionCheck(model, () => ({ voice: 'cedar' }), runtime.clock);
  expect(await check.run()).toMatchObject({ state: 'ok' });
  expect(sessions).toHaveLength(1);
});

test('a model that there is not is told with the ones that there are', async () => {
  const { baseUrl } = await openedModel();
  expect((await found(baseUrl, 'gpt-realtime-99'))['voice-model-access']).toMatchObject({
    state: 'problem',
    fix: expect.stringContaining('gpt-realtime-2.1'),
  });
});

test('a voice that the model does not have is found out by opening a session', async () => {
  const { baseUrl } = await openedModel();
  const model = createOpenAiRealtime(configAt(baseUrl).openai, runtime);
  const check = voiceSessionCheck(model, () => ({ voice: 'nobody' }), runtime.clock);
  await expect(check.run()).rejects.toThrow('OpenAI refused the settings of the session');
});

test('a key that is refused is told with the variable to change', async () => {
  const all = await found(await answering(401, { error: { message: 'Incorrect API key' } }));
  expect(all['voice-model-access']).toMatchObject({
    state: 'problem',
    message: expect.stringContaining('OPENAI_API_KEY'),
  });
});

test('an endpoint without a list of models is left to the voice session', async () => {
  expect((await found(await answering(404, {})))['voice-model-access']).toMatchObject({ state: 'skipped' });
});

test('the end that the model’s own record tells counts', async () => {
  const endsOn = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  const all = await found(await answering(200, { id: 'gpt-realtime-2.1', shutdown_date: endsOn }));
  expect(all['voice-model-end']).toMatchObject({
    state: 'warning',
    message: expect.stringContaining(endsOn),
  });
});

test('a model out of reach is told with what to check', async () => {
  expect((await found(`http://127.0.0.1:${await freePort()}/v1`))['voice-model-access']).toMatchObject({
    state: 'problem',
    message: expect.stringContaining('nothing listens there'),
  });
});
