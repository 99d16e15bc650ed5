import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSpeech, silentPerson, startPhoneNetwork } from '../src/index.ts';
import type { PhoneNetwork, SimulatedCall, Speech } from '../src/index.ts';
import { connectTo, startFakeServer } from './fake-server.ts';
import type { AcceptedStream, FakeServer, FromTwilio } from './fake-server.ts';
import { accountSid, authToken, rest } from './rest-client.ts';

let speech: Speech;
let network: PhoneNetwork;
let server: FakeServer;

beforeAll(() => {
  speech = createSpeech();
});
afterAll(() => speech.close());

beforeEach(async () => {
  server = await startFakeServer();
  network = await startPhoneNetwork({
    accountSid,
    authToken,
    speech,
    ringsForMs: 0,
    personaFor: () => silentPerson,
  });
});
afterEach(async () => {
  await network.close();
  await server.close();
});

async function connected(): Promise<{ call: SimulatedCall; stream: AcceptedStream }> {
  const placed = await rest(network, 'POST', '/Calls.json', {
    To: '+14155550100',
    From: '+14155550199',
    Url: `${server.url}/twiml`,
  });
  expect(placed.status).toBe(201);
  return { call: await network.nextCall(), stream: await server.stream() };
}

const messagesOf = (stream: AcceptedStream, event: string): FromTwilio[] =>
  stream.messages.filter((message) => message.event === event);
const marksOf = (stream: AcceptedStream) => messagesOf(stream, 'mark').map(({ mark }) => mark?.name);
const tone = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0x20);

test('a stream opens with connected and start, and start carries the parameters and text numbers', async () => {
  const { call, stream } = await connected();
  expect(stream.messages[0]).toEqual({ event: 'connected', protocol: 'Call', version: '1.0.0' });
  expect(stream.messages[1]).toEqual({
    event: 'start',
    sequenceNumber: '1',
    streamSid: stream.streamSid,
    start: {
      accountSid,
      callSid: call.sid,
      streamSid: stream.streamSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: { callId: 'call-1' },
    },
  });
});

test('audio comes every 20 ms without drift, numbered and stamped', async () => {
  const { stream } = await connected();
  const media = await server.until(() => {
    const seen = messagesOf(stream, 'media');
    return seen.length >= 100 ? seen.slice(0, 100) : undefined;
  }, '100 chunks');
  expect(media.map((message) => message.media?.chunk)).toEqual(media.map((_, i) => String(i + 1)));
  expect(media.map((message) => message.media?.timestamp)).toEqual(media.map((_, i) => String(i * 20)));
  expect(Buffer.from(media[5]?.media?.payload ?? '', 'base64')).toEqual(Buffer.alloc(160, 0xff));
  const first = stream.messages.findIndex(({ event }) => event === 'media');
  const tookMs = (stream.times[first + 99] ?? 0) - (stream.times[first] ?? 0);
  expect(tookMs).toBeGreaterThan(1980 - 120);
  expect(tookMs).toBeLessThan(1980 + 120);
});

test('a mark comes back when everything before it was played, in real time', async () => {
  const { stream } = await connected();
  const startedAt = performance.now();
  stream.play(tone(400));
  stream.mark('half');
  stream.play(tone(400));
  stream.mark('all');
  await server.until(() => (marksOf(stream).length === 2 ? true : undefined), 'two marks');
  expect(performance.now() - startedAt).toBeGreaterThan(740);
  expect(marksOf(stream)).toEqual(['half', 'all']);
});

test('a mark behind no audio comes back at once', async () => {
  const { stream } = await connected();
  stream.mark('nothing');
  expect(await server.until(() => marksOf(stream)[0], 'the mark')).toBe('nothing');
});

test('clear drops what waits, and all waiting marks come back at once', async () => {
  const { call, stream } = await connected();
  stream.play(tone(20_000));
  stream.mark('far');
  stream.play(tone(20_000));
  stream.mark('farther');
  await call.person.hears({ ms: 200 });
  stream.clear();
  await server.until(() => (marksOf(stream).length === 2 ? true : undefined), 'both marks');
  expect(call.received).toEqual([
    { event: 'mark', streamSid: stream.streamSid, mark: { name: 'far' } },
    { event: 'mark', streamSid: stream.streamSid, mark: { name: 'farther' } },
    { event: 'clear', streamSid: stream.streamSid },
  ]);
  expect(call.receivedAudio).toEqual({ messages: 2, bytes: 320_000 });
  stream.mark('after');
  await server.until(
    () => (marksOf(stream).includes('after') ? true : undefined),
    'the mark behind the clear',
  );
});

test('what breaks the rules of the stream is recorded and ignored', async () => {
  const { call, stream } = await connected();
  const { streamSid } = stream;
  stream.socket.send('no JSON');
  stream.socket.send(Buffer.from([1, 2, 3]));
  stream.send({ event: 'mark', streamSid });
  stream.send({ event: 'mark', streamSid, mark: {} });
  stream.send({ event: 'media', streamSid, media: { payload: '????' } });
  stream.send({ event: 'media', streamSid, media: { payload: '/////w==', track: 'outbound' } });
  stream.send({ event: 'clear', streamSid, sequenceNumber: '1' });
  stream.send({ event: 'clear', streamSid: 'MZ00000000000000000000000000000000' });
  stream.send({ event: 'close', streamSid });
  await call.until(() => (call.violations.length === 9 ? true : undefined), 'nine violations');
  expect(call.violations.map(({ code }) => code)).toEqual([
    31951, 31950, 31951, 31951, 31951, 31951, 31951, 31951, 31951,
  ]);
  expect(call.received).toEqual([]);
  expect(call.receivedAudio.messages).toBe(0);
});

test('keys that the person presses arrive as digits', async () => {
  const { call, stream } = await connected();
  call.person.presses('1#');
  await server.until(() => (messagesOf(stream, 'dtmf').length === 2 ? true : undefined), 'two digits');
  expect(messagesOf(stream, 'dtmf').map(({ dtmf }) => dtmf)).toEqual([
    { track: 'inbound_track', digit: '1' },
    { track: 'inbound_track', digit: '#' },
  ]);
});

test('the agent’s words are heard by the person as they were sent, and the person’s by the agent', async () => {
  const { call, stream } = await connected();
  const agent = await speech.say('Hello, I would like a table.', 'rms');
  stream.play(agent.audio);
  await call.person.hears({ words: /like a table/u });
  const { audio } = await speech.say('Certainly, for how many?', 'rms');
  await call.person.says('Certainly, for how many?');
  const heard = Buffer.concat(
    messagesOf(stream, 'media').map(({ media }) => Buffer.from(media?.payload ?? '', 'base64')),
  );
  await server.until(
    () => (messagesOf(stream, 'media').length * 160 >= heard.length ? true : undefined),
    'all audio',
  );
  expect(heard.includes(Buffer.from(audio.subarray(0, audio.length - 320)))).toBe(true);
});

test('when the person hangs up, stop is the last message and the socket closes', async () => {
  const { call, stream } = await connected();
  call.person.hangsUp();
  await server.until(
    () => (stream.socket.readyState === stream.socket.CLOSED ? true : undefined),
    'the close',
  );
  expect(stream.messages.at(-1)).toMatchObject({ event: 'stop', stop: { accountSid, callSid: call.sid } });
  expect(call.endedBy).toBe('person');
});

test('when our socket closes, the document goes on behind Connect', async () => {
  server.documents.set('/twiml', connectTo(server.streamUrl, '<Say>One moment.</Say><Hangup/>'));
  const { call, stream } = await connected();
  stream.socket.close();
  await call.reaches('completed');
  expect(call.heardWords).toBe('One moment.');
  expect(call.endedBy).toBe('document');
});

test('new TwiML closes the stream and connects another one in the same call', async () => {
  const { call, stream } = await connected();
  const updated = await rest(network, 'POST', `/Calls/${call.sid}.json`, {
    Twiml: `<Response><Play digits="w1"/><Connect><Stream url="${server.streamUrl}"/></Connect></Response>`,
  });
  expect(updated.status).toBe(200);
  const second = await server.stream(1);
  expect(stream.messages.at(-1)?.event).toBe('stop');
  expect(second.streamSid).not.toBe(stream.streamSid);
  expect(messagesOf(second, 'start')[0]?.start).toMatchObject({ callSid: call.sid, customParameters: {} });
  expect(call.state).toBe('in-progress');
});

test('a stream URL with a query string is refused, and the stream’s callback says so', async () => {
  const attributes = ` statusCallback="${server.url}/stream-status"`;
  server.documents.set('/twiml', connectTo(`${server.streamUrl}?token=1`, '<Hangup/>', attributes));
  await rest(network, 'POST', '/Calls.json', {
    To: '+14155550100',
    From: '+14155550199',
    Url: `${server.url}/twiml`,
  });
  const call = await network.nextCall();
  await call.reaches('completed');
  const told = await server.until(
    () => server.requests.find(({ path }) => path === '/stream-status'),
    'the callback',
  );
  expect(told.form).toMatchObject({ StreamEvent: 'stream-error', CallSid: call.sid });
  expect(call.problems[0]?.code).toBe(31920);
  expect(server.streams).toHaveLength(0);
});

test('a muted phone sends no audio, and the stamps show the gap', async () => {
  const { call, stream } = await connected();
  await server.until(() => messagesOf(stream, 'media')[4], 'some audio');
  call.stream?.goesMute(400);
  const stamps = await server.until(() => {
    const all = messagesOf(stream, 'media').map(({ media }) => Number(media?.timestamp));
    return all.some((stamp, i) => stamp - (all[i - 1] ?? stamp) > 20) ? all : undefined;
  }, 'a gap');
  expect(stamps.map((stamp, i) => stamp - (stamps[i - 1] ?? stamp)).filter((gap) => gap > 20)).toEqual([420]);
});

test('hearing what never comes fails with a sentence', async () => {
  const { call } = await connected();
  await expect(call.person.hears({ words: /never/u }, 100)).rejects.toThrow(
    'waited 100 ms for the words /never/u; the call is in-progress; heard ""',
  );
  call.person.hangsUp();
  await expect(call.person.hears({ ms: 1 })).rejects.toThrow('the call is over (completed, by the person)');
});
