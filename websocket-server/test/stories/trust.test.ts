import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { scripted } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import type { WebSocket } from 'ws';
import {
  asCarrier,
  mediaMessages,
  openMediaSocket,
  parameterIn,
  postWebhook,
  startMessage,
} from './carrier-wire.ts';
import { saying } from './sounds.ts';
import { picksUp, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

const { stage, story } = setStage();

const longRinging = () => ({ person: picksUp(40_000), agent: scripted() });

/** A call that rings, and whose answer the story tells in the carrier's place. */
async function ringing(place: Stage['place']): Promise<StagedCall> {
  const call = await place(longRinging());
  await Promise.all([call.reaches('call-ringing'), call.reaches('voice-session-opened')]);
  return call;
}

/** The document of an answered call. */
async function answer(call: StagedCall): Promise<string> {
  const { accountSid } = stage().peers;
  const { sid: CallSid, to: To, from: From } = call.line;
  const form = { CallSid, AccountSid: accountSid, To, From, CallStatus: 'in-progress' };
  const response = await postWebhook(asCarrier(stage()), `/twiml?call=${call.callId}`, form);
  expect(response.status).toBe(200);
  return response.text();
}

/** Begins a media stream and talks, whether anybody listens or not. */
function begin(socket: WebSocket, call: string, token: string, callSid: string): void {
  const { accountSid } = stage().peers;
  socket.send(startMessage({ accountSid, callSid, call, token }));
  for (const message of mediaMessages(saying('intruder', 1000))) socket.send(message);
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

story.concurrent.for([
  ['nobody', undefined],
  ['somebody with another token', randomBytes(16).toString('hex')],
] as const)('a webhook signed by %s is refused, and nothing happens', async ([, authToken], { place }) => {
  const call = await ringing(place);
  const before = call.events.length;
  const form = { CallSid: call.line.sid, AccountSid: stage().peers.accountSid, CallStatus: 'completed' };
  for (const door of ['/status', '/twiml', '/amd', '/stream-status', '/recording']) {
    const response = await postWebhook({ url: stage().url, authToken }, `${door}?call=${call.callId}`, form);
    expect(response.status).toBe(403);
    expect(await response.text()).not.toMatch(/<|token/iu);
  }
  expect((await call.reading()).call.state).toBe('ringing');
  expect(call.events).toHaveLength(before);
});

story.concurrent('a signature does not fit another door, another call or another form', async ({ place }) => {
  const call = await ringing(place);
  const { url, peers } = stage();
  const { authToken } = peers;
  const form = { CallSid: call.line.sid, CallStatus: 'completed' };
  const signedElsewhere = await postWebhook({ url, authToken }, `/stream-status?call=${call.callId}`, form);
  expect(signedElsewhere.status).toBe(204);
  const signature = createHmac('sha1', authToken)
    .update(`${url}/stream-status?call=${call.callId}CallSid${form.CallSid}CallStatus${form.CallStatus}`)
    .digest('base64');
  const changed = await fetch(`${url}/status?call=${call.callId}`, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(form),
  });
  expect(changed.status).toBe(403);
  expect((await call.reading()).call.state).toBe('ringing');
});

story.concurrent('a media socket without the right signature is not opened', async () => {
  const { url } = stage();
  await expect(openMediaSocket({ url, authToken: undefined })).rejects.toThrow('403');
  await expect(openMediaSocket({ url, authToken: 'x'.repeat(32) })).rejects.toThrow('403');
});

story.concurrent(
  'a stream without a good token is closed, and no model hears a byte of it',
  async ({ place }) => {
    const [call, other] = await Promise.all([ringing(place), ringing(place)]);
    const [token, otherToken] = (await Promise.all([answer(call), answer(other)])).map((twiml) =>
      parameterIn(twiml, 'token'),
    );
    expect(token).toMatch(/\S{16,}/u);
    const bad = [
      { what: 'unknown', claim: 'st_made-up', sid: call.line.sid },
      { what: 'empty', claim: '', sid: call.line.sid },
      { what: 'of another call', claim: otherToken ?? '', sid: call.line.sid },
      { what: 'with the sid of another call', claim: token ?? '', sid: other.line.sid },
    ];
    for (const { what, claim, sid } of bad) {
      const socket = await openMediaSocket(asCarrier(stage()));
      begin(socket, call.callId, claim, sid);
      expect(await closeCode(socket), what).toBe(1008);
    }
    const heard = [call, other].flatMap(({ sessions }) => sessions.flatMap(({ audio }) => audio.captions));
    expect(heard).toEqual([]);
  },
);

story.concurrent(
  'what the carrier tells of another call of its own ends nothing, and spoils no token',
  async ({ place }) => {
    const call = await ringing(place);
    const token = parameterIn(await answer(call), 'token');
    const { accountSid } = stage().peers;
    const others = `CA${'0'.repeat(32)}`;
    const form = { CallSid: others, AccountSid: accountSid, ParentCallSid: call.line.sid };
    for (const path of [`/status?call=${call.callId}`, '/status']) {
      await postWebhook(asCarrier(stage()), path, { ...form, CallStatus: 'completed' });
    }
    const stranger = await openMediaSocket(asCarrier(stage()));
    begin(stranger, call.callId, token, others);
    expect(await closeCode(stranger)).toBe(1008);
    expect((await call.reading()).call.state).toBe('connected');
    const socket = await openMediaSocket(asCarrier(stage()));
    socket.send(startMessage({ accountSid, callSid: call.line.sid, call: call.callId, token }));
    await call.reaches('media-stream-opened');
    socket.close();
  },
);

story.concurrent('a call is also known by the carrier’s id alone', async ({ place }) => {
  const call = await ringing(place);
  const { sid: CallSid, to: To, from: From } = call.line;
  const form = { CallSid, AccountSid: stage().peers.accountSid, To, From };
  const response = await postWebhook(asCarrier(stage()), '/twiml', { ...form, CallStatus: 'in-progress' });
  expect(parameterIn(await response.text(), 'call')).toBe(call.callId);
  await postWebhook(asCarrier(stage()), '/status/', { ...form, CallStatus: 'completed' });
  expect((await call.ended()).call.state).toBe('completed');
});

story.concurrent('a token opens one stream and no second one', async ({ place }) => {
  const call = await ringing(place);
  const token = parameterIn(await answer(call), 'token');
  const first = await openMediaSocket(asCarrier(stage()));
  first.send(
    startMessage({ accountSid: stage().peers.accountSid, callSid: call.line.sid, call: call.callId, token }),
  );
  await call.reaches('media-stream-opened');
  const second = await openMediaSocket(asCarrier(stage()));
  begin(second, call.callId, token, call.line.sid);
  expect(await closeCode(second)).toBe(1008);
  expect(first.readyState).toBe(first.OPEN);
  expect(call.events.filter(({ type }) => type === 'media-stream-opened')).toHaveLength(1);
  expect(call.model.words).toBe('');
  first.close();
});

story.concurrent('a token of a call that is over opens nothing', async ({ place }) => {
  const call = await ringing(place);
  const token = parameterIn(await answer(call), 'token');
  await stage().client.resultOf('telephony.cancel', { callId: call.callId });
  await call.ended();
  const socket = await openMediaSocket(asCarrier(stage()));
  begin(socket, call.callId, token, call.line.sid);
  expect(await closeCode(socket)).toBe(1008);
});

story.concurrent('a socket that never says what it is for is dropped after some five seconds', async () => {
  const socket = await openMediaSocket(asCarrier(stage()));
  const opened = performance.now();
  socket.send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }));
  expect(await closeCode(socket)).toBe(1008);
  const openMs = performance.now() - opened;
  expect(openMs).toBeGreaterThan(4500);
  expect(openMs).toBeLessThan(8000);
});
