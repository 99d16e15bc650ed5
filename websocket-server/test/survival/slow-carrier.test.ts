import { plays, scripted } from '@mcp-telephone/simulator';
import type { CallFaults } from '@mcp-telephone/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parameterIn, postWebhook } from '../stories/carrier-wire.ts';
import { picksUp } from '../stories/peers.ts';
import { saying } from '../stories/sounds.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { Stallable } from './stallable.ts';

/** A server whose requests to the carrier go a way of their own, which may stall. */
let house: House;
let way: Stallable;
beforeAll(async () => {
  house = await openHouse(async ({ network }) => {
    way = await Stallable.to(Number(new URL(network.url).port));
    return { TWILIO_API_BASE_URL: `http://127.0.0.1:${way.port}` };
  });
}, 60_000);
afterAll(async () => {
  await house.close();
  await way.close();
}, 30_000);

test(
  'a cancel is answered while the carrier takes its time to hang up, which it is asked for once',
  { timeout: 120_000 },
  async () => {
    const callId = await house.place({ agent: scripted([plays(saying('blah', 60_000), 'blah')]) });
    await house.until(callId, ({ call }) => call.state === 'connected');
    way.stalls();
    const cancel = async () => {
      const answer = await fetch(`${house.server.url}/api/calls/${callId}/cancel`, { method: 'POST' });
      return answer.json();
    };
    const canceling = { state: 'connected', endingReason: { by: 'owner', why: 'canceled' } };
    expect(await cancel()).toMatchObject({ wasOpen: true, call: canceling });
    expect(await cancel()).toMatchObject({ wasOpen: true, call: canceling });
    way.flows();
    const { call } = await house.until(callId, (reading) => reading.call.endedAt !== null);
    expect(call).toMatchObject({ state: 'canceled', endReason: { by: 'owner', why: 'canceled' } });
    const [line] = house.peers.network.calls;
    expect(line?.endedBy).toBe('api');
    const asked = house.peers.network.requests.filter(({ params }) => params['Status'] === 'completed');
    expect(asked).toHaveLength(1);
  },
);

test(
  'once a cancel is accepted the person hears nothing more of the agent, and the call ends though the carrier never hangs up',
  { timeout: 120_000 },
  async () => {
    const { peers } = house;
    const before = peers.network.calls.length;
    const callId = await house.place({
      agent: scripted([plays(saying('blah', 60_000), 'blah '.repeat(300).trim())]),
    });
    await house.until(callId, ({ call }) => call.state === 'connected');
    const line = peers.network.calls[before];
    await line?.person.hears({ ms: 500 });
    way.stalls();
    await fetch(`${house.server.url}/api/calls/${callId}/cancel`, { method: 'POST' });
    await line?.until(() => line.stream === undefined || undefined, 'the end of the media stream');
    const wordsOfAgent = () => line?.heardWords.match(/blah/gu)?.length;
    const heardOfAgent = wordsOfAgent();
    const { call } = await house.until(callId, (reading) => reading.call.endedAt !== null);
    expect(call).toMatchObject({ state: 'canceled', endReason: { by: 'owner', why: 'canceled' } });
    expect(line?.endedBy).toBe('document');
    expect(wordsOfAgent()).toBe(heardOfAgent);
    expect(line?.heardWords).toMatch(/I am sorry, the connection was lost\. Goodbye\.$/u);
    way.flows();
  },
);

test(
  'a call that the carrier failed to hang up before a kill is hung up after the restart, however often that fails',
  { timeout: 120_000 },
  async () => {
    const { peers } = house;
    const before = peers.network.calls.length;
    const faults: CallFaults = { hangUpsFail: 4, callbacks: { missing: ['completed'] } };
    const callId = await house.place({ person: picksUp(60_000), faults });
    await house.until(callId, ({ call }) => call.state === 'ringing');
    await fetch(`${house.server.url}/api/calls/${callId}/cancel`, { method: 'POST' });
    await house.until(callId, ({ call }) => call.isEndUnconfirmed === true);
    await house.server.ends('SIGKILL');
    await house.restart();
    const { call } = await house.until(callId, (reading) => reading.call.endedAt !== null);
    expect(call).toMatchObject({
      state: 'canceled',
      endReason: { by: 'owner', why: 'canceled' },
      isEndUnconfirmed: false,
    });
    expect(peers.network.calls[before]).toMatchObject({ state: 'canceled', endedBy: 'api' });
  },
);

test(
  'a call of ours that asks what to do without our id, before its dialing is acknowledged, is no call that arrives',
  { timeout: 120_000 },
  async () => {
    const { server, peers } = house;
    const before = peers.network.calls.length;
    way.stalls('answers');
    const faults: CallFaults = {
      callbacks: { missing: ['initiated', 'ringing', 'answered', 'completed'] },
    };
    const callId = await house.place({ person: picksUp(60_000), faults });
    await expect.poll(() => peers.network.calls.length).toBe(before + 1);
    const line = peers.network.calls[before];
    const asks = (CallSid: string) =>
      postWebhook({ url: server.url, authToken: peers.authToken }, '/twiml', {
        AccountSid: peers.accountSid,
        CallSid,
        CallStatus: 'in-progress',
        Direction: 'outbound-api',
        From: '+15005550006',
        To: line?.to ?? '',
      });
    const [ours, strangers] = [asks(line?.sid ?? ''), asks(`CA${'f'.repeat(32)}`)];
    way.flows();
    expect(parameterIn(await (await ours).text(), 'call')).toBe(callId);
    expect(await (await strangers).text()).toMatch(/<Say>.*sorry.*<\/Say><Hangup\/>/u);
    const listed = await fetch(`${server.url}/api/calls?direction=inbound`);
    expect(await listed.json()).toMatchObject({ calls: [] });
    await fetch(`${server.url}/api/calls/${callId}/cancel`, { method: 'POST' });
  },
);
