import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { CaptionReader, createSpeech, startPhoneNetwork } from '../src/index.ts';
import type { FromSoftphone, PhoneNetwork, SimulatedCall, Speech, ToSoftphone } from '../src/index.ts';
import { startFakeServer } from './fake-server.ts';
import type { AcceptedStream, FakeServer } from './fake-server.ts';
import { accountSid, authToken, rest } from './rest-client.ts';

const own = '+14155550100';
const agentNumber = '+14155550199';
let speech: Speech;
let network: PhoneNetwork;
let server: FakeServer;

beforeAll(async () => {
  speech = createSpeech();
  server = await startFakeServer();
  network = await startPhoneNetwork({
    accountSid,
    authToken,
    speech,
    ownNumbers: [agentNumber],
    ownWebhooks: { voice: `${server.url}/twiml`, status: `${server.url}/status` },
  });
});
afterAll(async () => {
  await network.close();
  await server.close();
  await speech.close();
});

afterEach(() => {
  for (const call of network.calls) call.end('completed', 'network');
});

/** A phone in the hands of a test. */
class Phone {
  readonly told: ToSoftphone[] = [];
  readonly heard: Buffer[] = [];
  readonly socket = new WebSocket(network.softphoneUrl);

  constructor() {
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.heard.push(data);
      else this.told.push(JSON.parse(data.toString('utf8')) as ToSoftphone);
    });
  }

  does(message: FromSoftphone): void {
    this.socket.send(JSON.stringify(message));
  }

  async isTold<Type extends ToSoftphone['type']>(type: Type): Promise<Extract<ToSoftphone, { type: Type }>> {
    for (;;) {
      const index = this.told.findIndex((message) => message.type === type);
      const [found] = index === -1 ? [] : this.told.splice(index, 1);
      if (found !== undefined) return found as Extract<ToSoftphone, { type: Type }>;
      await once(this.socket, 'message');
    }
  }

  async hears(bytes: number): Promise<Buffer> {
    while (this.heard.reduce((sum, { length }) => sum + length, 0) < bytes)
      await once(this.socket, 'message');
    return Buffer.concat(this.heard);
  }
}

async function pluggedIn(to: 'own-number' | 'every-number' = 'own-number'): Promise<Phone> {
  const phone = new Phone();
  await once(phone.socket, 'open');
  onTestFinished(async () => {
    if (phone.socket.readyState === WebSocket.CLOSED) return;
    phone.socket.close();
    await once(phone.socket, 'close');
  });
  phone.does({ type: 'wait-for-calls', to });
  expect(await phone.isTold('waiting')).toMatchObject({ number: own, agentNumber });
  return phone;
}

async function rung(to = own): Promise<SimulatedCall> {
  const { body } = await rest(network, 'POST', '/Calls.json', {
    To: to,
    From: agentNumber,
    Url: `${server.url}/twiml`,
    StatusCallback: `${server.url}/status`,
  });
  const call = network.calls.find(({ sid }) => sid === body['sid']);
  if (call === undefined) throw new Error('no call was made');
  return call;
}

function streamOf(call: SimulatedCall): Promise<AcceptedStream> {
  return server.until(
    () => server.streams.find(({ streamSid }) => call.streams.some(({ sid }) => sid === streamSid)),
    'the stream',
  );
}

async function answered(phone: Phone): Promise<{ call: SimulatedCall; stream: AcceptedStream }> {
  const call = await rung();
  await phone.isTold('ringing');
  phone.does({ type: 'answer' });
  await phone.isTold('connected');
  return { call, stream: await streamOf(call) };
}

const audioIn = (stream: AcceptedStream) =>
  Buffer.concat(
    stream.messages.flatMap(({ media }) => (media ? [Buffer.from(media.payload, 'base64')] : [])),
  );

test('a call rings at the phone that is there, and both hear each other to the byte', async () => {
  const phone = await pluggedIn();
  const call = await rung();
  expect(await phone.isTold('ringing')).toEqual({
    type: 'ringing',
    carrierCallId: call.sid,
    from: agentNumber,
    to: own,
  });
  expect(call.answeredAt).toBeUndefined();
  phone.does({ type: 'answer' });
  await phone.isTold('connected');
  const stream = await streamOf(call);

  const mine = Buffer.from(Array.from({ length: 160 }, (_, i) => i % 100));
  phone.socket.send(mine);
  await server.until(() => (audioIn(stream).includes(mine) ? true : undefined), 'the microphone');
  const theirs = new Uint8Array(320).map((_, i) => 0x80 + (i % 90));
  stream.play(theirs);
  expect(await phone.hears(320)).toEqual(Buffer.from(theirs));

  stream.play(new Uint8Array(80_000).fill(0x10));
  stream.clear();
  await phone.isTold('clear');
  phone.does({ type: 'press', digits: '4#' });
  await server.until(
    () => (stream.messages.filter(({ event }) => event === 'dtmf').length === 2 ? true : undefined),
    'the keys',
  );
  phone.does({ type: 'hang-up' });
  expect(await phone.isTold('ended')).toEqual({ type: 'ended', by: 'you' });
  expect(call).toMatchObject({ state: 'completed', endedBy: 'person' });
});

test('typed words are spoken so that the agent understands them', async () => {
  const phone = await pluggedIn();
  const { call, stream } = await answered(phone);
  phone.does({ type: 'say', text: 'Tuesday is fine' });
  expect(await phone.isTold('said')).toEqual({ type: 'said', text: 'Tuesday is fine', isWhole: true });
  const words = new CaptionReader().read(audioIn(stream)).filter(({ kind }) => kind === 'word');
  expect(words.map(({ text }) => text)).toEqual(['Tuesday', 'is', 'fine']);
  call.end('completed', 'api');
  expect(await phone.isTold('ended')).toEqual({ type: 'ended', by: 'other-end' });
});

test('a declined call ends as declined, and not as answered', async () => {
  const phone = await pluggedIn();
  const call = await rung();
  await phone.isTold('ringing');
  phone.does({ type: 'decline' });
  await phone.isTold('ended');
  expect(call).toMatchObject({ state: 'busy', sipResponseCode: 603, answeredAt: undefined });
});

test('all phones ring, the first that answers has the call, and a third call finds the line busy', async () => {
  const [first, second] = [await pluggedIn(), await pluggedIn()];
  const call = await rung();
  await Promise.all([first.isTold('ringing'), second.isTold('ringing')]);
  second.does({ type: 'answer' });
  expect(await first.isTold('ended')).toEqual({ type: 'ended', by: 'other-phone' });
  await second.isTold('connected');
  await rung();
  await first.isTold('ringing');
  const third = await rung();
  await third.reaches('busy');
  second.socket.close();
  await call.reaches('completed');
  expect(call.endedBy).toBe('person');
});

test('only its own number rings at a phone, unless it takes every call; without a phone a business answers', async () => {
  expect((await rung()).persona.name).toBe('friendly business');
  const phone = await pluggedIn();
  expect((await rung('+14155550101')).persona.name).toBe('friendly business');
  phone.does({ type: 'wait-for-calls', to: 'every-number' });
  await phone.isTold('waiting');
  await rung('+14155550101');
  expect(await phone.isTold('ringing')).toMatchObject({ to: '+14155550101' });
});

test('a call that rings while the page is reloaded goes on ringing there', async () => {
  const before = await pluggedIn();
  const call = await rung();
  await before.isTold('ringing');
  before.socket.close();
  await once(before.socket, 'close');
  const after = await pluggedIn();
  expect(await after.isTold('ringing')).toMatchObject({ carrierCallId: call.sid });
});

test('the phone rings the agent, whose webhook is asked, and hangs up before anybody answers', async () => {
  const phone = await pluggedIn();
  phone.does({ type: 'dial' });
  const { carrierCallId } = await phone.isTold('dialing');
  await phone.isTold('connected');
  const call = network.calls.find(({ sid }) => sid === carrierCallId);
  expect(call).toMatchObject({ to: agentNumber, from: own, order: { direction: 'inbound' } });
  phone.does({ type: 'hang-up' });
  await phone.isTold('ended');
  await server.until(
    () => server.requests.find(({ path, form }) => path === '/status' && form['CallSid'] === carrierCallId),
    'the news of its end',
  );
});

test('nobody plugs in a phone without the account’s credentials', async () => {
  const socket = new WebSocket(network.softphoneUrl.replace(authToken, 'guessed'));
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number; resume(): void },
  ];
  response.resume();
  expect(response.statusCode).toBe(401);
});
