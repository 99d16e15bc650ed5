import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { VoiceModelFailed } from '../src/voice-models/voice-model-errors.ts';
import { objections } from './openai-schema.ts';
import { Ears, HandClock, OpenAiSide, settings, type OpenAiSideOptions } from './openai-side.ts';
import { apiKey, modelAt, Stage } from './openai-stage.ts';

let side: OpenAiSide;
let ears: Ears;

beforeEach(() => {
  ears = new Ears();
});

afterEach(async () => {
  await side.stop();
});

async function open(options: OpenAiSideOptions = {}) {
  const stage = await Stage.open(options);
  side = stage.side;
  return stage;
}

async function failureOf(options: OpenAiSideOptions): Promise<VoiceModelFailed> {
  side = await OpenAiSide.start(options);
  const failure: unknown = await modelAt(side.baseUrl)
    .open(settings, ears)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(VoiceModelFailed);
  expect((failure as Error).message).not.toContain('secret');
  return failure as VoiceModelFailed;
}

test('a session opens with the key and the model, and without the beta header', async () => {
  const { session } = await open();
  const [request] = side.requests;
  expect(request?.url).toBe('/v1/realtime?model=gpt-realtime-2.1');
  expect(request?.headers['authorization']).toBe(`Bearer ${apiKey}`);
  expect(request?.headers).not.toHaveProperty('openai-beta');
  expect(request?.headers).not.toHaveProperty('sec-websocket-extensions');
  expect([session.sessionId, session.model]).toEqual(['sess_1', 'gpt-realtime-2.1']);
});

test('the settings are sent once, after session.created, and are what the schema allows', async () => {
  const { peer } = await open();
  expect(peer.received).toHaveLength(1);
  expect(peer.received[0]).toMatchObject({ type: 'session.update', event_id: 'session-update' });
  expect(objections(peer.received[0])).toEqual([]);
});

test('an event in the same breath as the confirmation is not lost', async () => {
  side = await OpenAiSide.start({ echo: null });
  const opening = modelAt(side.baseUrl).open(settings, ears);
  const peer = await side.connected();
  const { session } = await peer.receives('session.update');
  peer.send({ type: 'session.updated', session });
  peer.send({ type: 'input_audio_buffer.speech_started', item_id: 'early' });
  await opening;
  expect(await ears.isTold('speech-started')).toEqual({ type: 'speech-started', itemId: 'early' });
});

test('another audio format in the echo refuses the session, and its connection is closed', async () => {
  const { message } = await failureOf({
    echo: (session) => ({
      ...session,
      audio: { output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin' } },
    }),
  });
  expect(message).toBe('OpenAI uses another output format than asked for: audio/pcm.');
  await (await side.connected()).closed();
  expect(side.requests).toHaveLength(1);
});

test('another voice in the echo does not', async () => {
  const { session } = await open({ echo: () => ({ audio: { output: { voice: 'alloy' } } }) });
  expect(session.sessionId).toBe('sess_1');
});

test('refused settings refuse the session, with the reason', async () => {
  const { message } = await failureOf({
    echo: null,
    greet(connection) {
      connection.send({ type: 'session.created', session: {} });
      connection.send({
        type: 'error',
        error: {
          type: 'invalid_request_error',
          code: 'unknown_parameter',
          message: "Unknown parameter: 'x'.",
        },
      });
    },
  });
  expect(message).toBe("OpenAI refused the settings of the session: Unknown parameter: 'x'.");
});

test('a bad key told on the open socket is told without the key', async () => {
  const { message } = await failureOf({
    greet(connection) {
      const error = { code: 'invalid_api_key', message: `Incorrect API key provided: ${apiKey}.` };
      connection.send({ type: 'error', error });
      connection.socket.close(3000, 'invalid_request_error.invalid_api_key');
    },
  });
  expect(message).toContain('OPENAI_API_KEY');
});

test.each([
  [401, 'OPENAI_API_KEY', 1],
  [403, 'OPENAI_API_KEY', 1],
  [404, 'OPENAI_REALTIME_MODEL', 1],
  [400, '(400)', 1],
  [302, '(302)', 1],
  [429, '(429)', 2],
  [503, '(503)', 2],
])('status %i is told as a sentence with %s after %i tries', async (status, part, tries) => {
  const { message } = await failureOf({ refusals: [status, status, status] });
  expect(message).toContain(part);
  expect(side.requests).toHaveLength(tries);
});

test('a first connection that is turned away for the moment is tried once more', async () => {
  const { session } = await open({ refusals: [503] });
  expect(session.sessionId).toBe('sess_1');
  expect(side.requests).toHaveLength(2);
});

test('a first connection that breaks is tried once more', async () => {
  let greetings = 0;
  const { session } = await open({
    greet(connection) {
      greetings += 1;
      if (greetings === 1) connection.socket.terminate();
      else connection.send({ type: 'session.created', session: { id: 'sess_2' } });
    },
  });
  expect(session.sessionId).toBe('sess_2');
});

test.each([
  ['rate_limit_exceeded', false],
  ['server_error', false],
  ['invalid_api_key', true],
])('an open socket that tells %s refuses for good: %s', async (code, isFinal) => {
  const error = { type: code, code, message: 'No.' };
  const greet: OpenAiSideOptions['greet'] = (connection) => connection.send({ type: 'error', error });
  expect((await failureOf({ greet })).isFinal).toBe(isFinal);
});

test('a connection that is closed with a reason to stay away is not tried again', async () => {
  const { message } = await failureOf({ greet: (connection) => connection.socket.close(1008) });
  expect(message).toBe('OpenAI closed the connection before the session was ready (1008).');
  expect(side.requests).toHaveLength(1);
});

test('nobody at the address is told as a sentence', async () => {
  side = await OpenAiSide.start();
  const unused = createServer().listen(0, '127.0.0.1');
  await once(unused, 'listening');
  const { port } = unused.address() as AddressInfo;
  unused.close();
  await once(unused, 'close');
  const opening = modelAt(`http://127.0.0.1:${port}/v1`).open(settings, ears);
  await expect(opening).rejects.toThrow('OpenAI cannot be reached (ECONNREFUSED)');
});

test('an address that is none is told as a sentence', async () => {
  side = await OpenAiSide.start();
  await expect(modelAt('nonsense').open(settings, ears)).rejects.toThrow(VoiceModelFailed);
});

test.each([
  ['that never greets', { greet: () => {} }],
  ['that never confirms', { echo: null }],
])('a model %s is given up after ten seconds, and its connection is closed', async (_, options) => {
  const clock = new HandClock();
  side = await OpenAiSide.start(options);
  const opening = modelAt(side.baseUrl, clock).open(settings, ears);
  const failure = opening.catch((error: unknown) => error);
  const connection = await side.connected();
  clock.advance(9_999);
  expect(connection.socket.readyState).toBe(WebSocket.OPEN);
  clock.advance(1);
  expect(String(await failure)).toContain('OpenAI did not open a session in time');
  // Whoever is being rung is not hung up on for that: it is tried again until they answer.
  expect(await failure).toMatchObject({ isFinal: false });
  await connection.closed();
  expect(clock.waiting).toBe(0);
});
