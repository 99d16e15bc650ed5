import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  createSpeech,
  personaAt,
  silenceLasting,
  silentPerson,
  startPhoneNetwork,
  writeCaption,
} from '../src/index.ts';
import type { CallFaults, PhoneNetwork, SimulatedCall, Speech } from '../src/index.ts';
import { connectTo, startFakeServer } from './fake-server.ts';
import type { FakeServer, SeenRequest } from './fake-server.ts';
import { accountSid, authToken, rest } from './rest-client.ts';

const allEvents = ['initiated', 'ringing', 'answered', 'completed'];
const apiKey = { sid: 'SK00000000000000000000000000000001', secret: 'a-secret-for-tests' };

let speech: Speech;
let network: PhoneNetwork;
let server: FakeServer;
let recordingsFolder: string;
let faults: CallFaults | undefined;

beforeAll(() => {
  speech = createSpeech();
});
afterAll(() => speech.close());

beforeEach(async () => {
  faults = undefined;
  recordingsFolder = await mkdtemp(join(tmpdir(), 'recordings-'));
  server = await startFakeServer();
  network = await startPhoneNetwork({
    accountSid,
    authToken,
    apiKey,
    speech,
    recordingsFolder,
    ringsForMs: 50,
    personaFor: (to) => (to.endsWith('0100') ? silentPerson : undefined),
    faultsFor: () => faults,
  });
});
afterEach(async () => {
  await network.close();
  await server.close();
  await rm(recordingsFolder, { recursive: true });
});

async function placed(
  to = '+14155550100',
  more: Record<string, string | string[]> = {},
): Promise<SimulatedCall> {
  const answer = await rest(network, 'POST', '/Calls.json', {
    To: to,
    From: '+14155550199',
    Url: `${server.url}/twiml`,
    StatusCallback: `${server.url}/status`,
    StatusCallbackEvent: allEvents,
    ...more,
  });
  expect(answer.body).toMatchObject({
    status: 'queued',
    to,
    from: '+14155550199',
    direction: 'outbound-api',
  });
  expect(answer.status).toBe(201);
  return network.nextCall();
}

const callbacks = (): SeenRequest[] => server.requests.filter(({ path }) => path === '/status');
const statuses = (): (string | undefined)[] => callbacks().map(({ form }) => form['CallStatus']);
const told = (count: number) =>
  server.until(() => (callbacks().length >= count ? true : undefined), `${count} callbacks`);

test('a call goes through its states, and each is told in order with its number', async () => {
  const call = await placed();
  await server.stream();
  call.person.hangsUp();
  await told(4);
  expect(statuses()).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
  expect(callbacks().map(({ form }) => form['SequenceNumber'])).toEqual(['0', '1', '2', '3']);
  expect(callbacks()[3]?.form).toMatchObject({
    CallSid: call.sid,
    AccountSid: accountSid,
    CallbackSource: 'call-progress-events',
    CallDuration: '1',
    Duration: '1',
    SipResponseCode: '200',
    Direction: 'outbound-api',
  });
});

test('without a wish only the end is told', async () => {
  const call = await placed('+14155550100', { StatusCallbackEvent: [] });
  await server.stream();
  call.person.hangsUp();
  await told(1);
  expect(statuses()).toEqual(['completed']);
});

test('every webhook and the media socket carry a signature that Twilio’s own library accepts', async () => {
  const attributes = ` statusCallback="${server.url}/stream-status"`;
  server.documents.set('/twiml', connectTo(server.streamUrl, '<Hangup/>', attributes));
  const call = await placed();
  const stream = await server.stream();
  call.person.hangsUp();
  await told(4);
  await server.until(
    () => server.requests.filter(({ path }) => path === '/stream-status')[1],
    'stream-stopped',
  );
  expect(server.requests.length).toBe(7);
  for (const { path, headers, form } of server.requests) {
    const signature = String(headers['x-twilio-signature']);
    expect(twilio.validateRequest(authToken, signature, server.url + path, { ...form })).toBe(true);
    expect(twilio.validateRequest('another token', signature, server.url + path, { ...form })).toBe(false);
  }
  const upgrade = String(stream.headers['x-twilio-signature']);
  expect(twilio.validateRequest(authToken, upgrade, server.streamUrl, {})).toBe(true);
});

test.each([
  ['+14155550103', 'busy', '486'],
  ['+14155550104', 'no-answer', '480'],
] as const)('%s ends as %s', async (to, state, sip) => {
  const call = await placed(to);
  await told(3);
  expect(call.states).toEqual(['queued', 'initiated', 'ringing', state]);
  expect(callbacks().at(-1)?.form).toMatchObject({
    CallStatus: state,
    SipResponseCode: sip,
    CallDuration: '0',
  });
});

test('a number that the carrier rejects is refused by the REST API, and there is no call', async () => {
  const answer = await rest(network, 'POST', '/Calls.json', {
    To: '+14155550105',
    From: '+14155550199',
    Twiml: '<Response/>',
  });
  expect(answer).toMatchObject({ status: 400, body: { code: 21211, status: 400 } });
  expect(network.calls).toHaveLength(0);
});

test('a call that nobody takes rings as long as Timeout says', async () => {
  const patient = await startPhoneNetwork({ accountSid, authToken, speech });
  try {
    await rest(patient, 'POST', '/Calls.json', {
      To: '+14155550104',
      From: '+14155550199',
      Twiml: '<Response/>',
      Timeout: '1',
    });
    const call = await patient.nextCall();
    await call.reaches('ringing');
    const rangAt = performance.now();
    await call.reaches('no-answer');
    expect(performance.now() - rangAt).toBeGreaterThan(950);
    expect(call.sipResponseCode).toBe(487);
  } finally {
    await patient.close();
  }
});

test('TimeLimit ends the call, also when it is set while the call goes on', async () => {
  const first = await placed('+14155550100', { TimeLimit: '1' });
  await first.reaches('completed');
  expect(first.endedBy).toBe('limit');
  const second = await placed();
  await second.reaches('in-progress');
  await rest(network, 'POST', `/Calls/${second.sid}.json`, { TimeLimit: '1' });
  await second.reaches('completed');
  expect(second.endedBy).toBe('limit');
});

test('a call is canceled before the answer and completed after it, once', async () => {
  const ringing = await placed('+14155550104');
  const canceled = await rest(network, 'POST', `/Calls/${ringing.sid}.json`, { Status: 'canceled' });
  expect(canceled).toMatchObject({ status: 200, body: { status: 'canceled' } });
  const answered = await placed();
  await answered.reaches('in-progress');
  expect(await rest(network, 'POST', `/Calls/${answered.sid}.json`, { Status: 'canceled' })).toMatchObject({
    status: 400,
    body: { code: 21220 },
  });
  const completed = await rest(network, 'POST', `/Calls/${answered.sid}.json`, { Status: 'completed' });
  expect(completed).toMatchObject({ status: 200, body: { status: 'completed', duration: '1' } });
  const again = await rest(network, 'POST', `/Calls/${answered.sid}.json`, { Status: 'completed' });
  expect(again).toMatchObject({ status: 400, body: { code: 21220 } });
  expect(await rest(network, 'GET', `/Calls/${answered.sid}.json`)).toMatchObject({
    body: { sid: answered.sid, status: 'completed' },
  });
});

test('the calls are listed by number and status', async () => {
  const call = await placed();
  await placed('+14155550104');
  const { body } = await rest(network, 'GET', '/Calls.json', {
    To: '+14155550100',
    'StartTime>': '2020-01-01',
  });
  expect(body['calls']).toMatchObject([{ sid: call.sid }]);
});

test.each([
  ['no credentials', 'x:y', {}, 401, 20003],
  ['no number', undefined, { To: [] }, 400, 21201],
  ['a malformed number', undefined, { To: '415 555' }, 400, 21211],
  ['a misspelt parameter', undefined, { MaxDuration: '3' }, 400, 20001],
  ['a wrong value', undefined, { Timeout: 'soon' }, 400, 20001],
  ['an unknown event', undefined, { StatusCallbackEvent: ['in-progress'] }, 400, 20001],
  ['a relative URL', undefined, { Url: '/twiml' }, 400, 21205],
] as const)('a call with %s is refused', async (_, credentials, params, status, code) => {
  const full = { To: '+14155550100', From: '+14155550199', Url: `${server.url}/twiml`, ...params };
  const answer = await rest(network, 'POST', '/Calls.json', full, credentials);
  expect(answer).toMatchObject({ status, body: { code, status } });
  expect(network.requests.at(-1)).toMatchObject({ method: 'POST', status });
});

test('an API key opens the REST API, and an unknown call is not found', async () => {
  const answer = await rest(
    network,
    'GET',
    `/Calls/CA${'0'.repeat(32)}.json`,
    {},
    `${apiKey.sid}:${apiKey.secret}`,
  );
  expect(answer).toMatchObject({ status: 404, body: { code: 20404 } });
});

test.each([
  ['no XML', '<Response><Connect>', 12100],
  ['no TwiML', '<Response><Sing/></Response>', 12200],
  ['a misspelt attribute', '<Response><Say voise="x">Hello</Say></Response>', 12200],
])('a document that is %s ends in an apology', async (_, document, code) => {
  server.documents.set('/twiml', document);
  const call = await placed();
  await call.reaches('completed');
  expect(call.problems[0]?.code).toBe(code);
  expect(call.heardWords).toBe('We are sorry, an application error has occurred. Goodbye.');
});

test('callbacks can be doubled, reversed and missing', async () => {
  faults = { callbacks: { isDoubled: true, isReversed: true, missing: ['ringing'] } };
  const call = await placed();
  await call.reaches('in-progress');
  call.person.hangsUp();
  await told(6);
  expect(statuses()).toEqual([
    'completed',
    'completed',
    'in-progress',
    'in-progress',
    'initiated',
    'initiated',
  ]);
});

test('a connection that drops ends the stream with an error, and the document goes on', async () => {
  faults = { streamDropsAfterMs: 100 };
  const call = await placed();
  await call.reaches('completed');
  expect(call.problems.map(({ code }) => code)).toContain(31903);
  expect(call.endedBy).toBe('document');
});

test('machine detection reports a human a moment after the answer', async () => {
  await placed('+14155550100', {
    MachineDetection: 'Enable',
    AsyncAmd: 'true',
    AsyncAmdStatusCallback: `${server.url}/amd`,
  });
  await server.stream();
  const amd = await server.until(() => server.requests.find(({ path }) => path === '/amd'), 'the result');
  expect(amd.form).toMatchObject({ AnsweredBy: 'human', AccountSid: accountSid });
});

test('machine detection waits for the beep of a voicemail', async () => {
  const call = await placed('+14155550106', {
    MachineDetection: 'DetectMessageEnd',
    AsyncAmd: 'true',
    AsyncAmdStatusCallback: `${server.url}/amd`,
  });
  expect(call.persona).toBe(personaAt('+14155550106'));
  const amd = await server.until(() => server.requests.find(({ path }) => path === '/amd'), 'the result');
  expect(amd.form['AnsweredBy']).toBe('machine_end_beep');
}, 15_000);

test('someone who dials in reaches the voice webhook, and a rejected call is never answered', async () => {
  const call = network.dialIn({
    to: '+14155550199',
    from: '+14155550100',
    webhookUrl: `${server.url}/twiml`,
    persona: silentPerson,
  });
  const stream = await server.stream();
  expect(stream.streamSid).not.toBe('');
  expect(server.requests[0]?.form).toMatchObject({
    CallSid: call.sid,
    Direction: 'inbound',
    CallStatus: 'ringing',
  });
  server.documents.set('/twiml', '<Response><Reject reason="busy"/></Response>');
  const rejected = network.dialIn({
    to: '+14155550199',
    from: '+14155550100',
    webhookUrl: `${server.url}/twiml`,
  });
  await rejected.reaches('busy');
  expect(rejected.answeredAt).toBeUndefined();
});

test('an answered call is recorded in stereo: the person left, the agent right', async () => {
  const call = await placed();
  const stream = await server.stream();
  stream.play(new Uint8Array(1600).fill(0x10));
  await call.person.hears({ ms: 200 });
  await call.person.plays(new Uint8Array(800).fill(0x90));
  call.person.hangsUp();
  await call.settled();
  const wav = await readFile(join(recordingsFolder, `${call.sid}.wav`));
  expect([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)]).toEqual([2, 8000, 16]);
  expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
  expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
  const left: number[] = [];
  const right: number[] = [];
  for (let at = 44; at < wav.length; at += 4) {
    left.push(wav.readInt16LE(at));
    right.push(wav.readInt16LE(at + 2));
  }
  expect(left.filter((sample) => sample > 10_000)).toHaveLength(800);
  expect(right.filter((sample) => sample < -10_000)).toHaveLength(1600);
  expect(right.findIndex((sample) => sample < -10_000)).toBeLessThan(
    left.findIndex((sample) => sample > 10_000),
  );
});

test('fifty calls at once keep their audio to themselves', async () => {
  const calls = await Promise.all(Array.from({ length: 50 }, () => placed()));
  await Promise.all(calls.map((_, i) => server.stream(i)));
  for (const stream of server.streams) {
    const audio = silenceLasting(200);
    writeCaption(audio, 0, { kind: 'watermark', text: stream.messages[1]?.start?.callSid ?? '' });
    stream.play(audio);
  }
  await Promise.all(calls.map((call) => call.until(() => call.heard[0], 'a watermark')));
  for (const call of calls) expect(call.heard).toEqual([{ kind: 'watermark', text: call.sid }]);
});
