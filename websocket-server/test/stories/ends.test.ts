import { callsTool, plays, says, scripted } from '@mcp-telephone/simulator';
import type { CallFaults } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { asCarrier, postWebhook } from './carrier-wire.ts';
import { saying } from './sounds.ts';
import { picksUp, setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

const { stage, story } = setStage({ atOnce: 6 });

/** Greets, and at the person's next words says goodbye and hangs up. */
const politeAgent = () =>
  scripted(
    [says('Hello, how are you?')],
    [says('Thank you, goodbye.'), callsTool('end_call', { reason: 'done' })],
  );

const stateEvents = ['call-requested', 'call-dialed', 'call-ringing', 'call-answered', 'call-ended'];

/** The moves of its state as they were recorded. */
function moves(call: StagedCall): string[] {
  return call.events.map(({ type }) => type).filter((type) => stateEvents.includes(type));
}

/** What the carrier was told to do with it after dialing. */
function updates(call: StagedCall): Readonly<Record<string, unknown>>[] {
  return stage()
    .peers.network.requests.filter(({ method, path }) => method === 'POST' && path.includes(call.line.sid))
    .map(({ params }) => params);
}

/** A callback of the carrier, signed, as if it had been held up somewhere. */
async function lateCallback(call: StagedCall, status: string): Promise<number> {
  const { accountSid } = stage().peers;
  const form = { CallSid: call.line.sid, AccountSid: accountSid, CallStatus: status, CallDuration: '3' };
  return (await postWebhook(asCarrier(stage()), `/status?call=${call.callId}`, form)).status;
}

story.concurrent(
  'a call that is canceled while it rings is taken back at the carrier, for good',
  async ({ place }) => {
    const call = await place({ person: picksUp(30_000), agent: politeAgent() });
    await call.reaches('call-ringing');
    const cancel = () => stage().client.resultOf('telephony.cancel', { callId: call.callId });
    expect(await cancel()).toMatchObject({ success: true });
    const { call: record } = await call.ended();
    expect(record).toMatchObject({
      state: 'canceled',
      answeredAt: null,
      endReason: { by: 'owner', why: 'canceled' },
    });
    expect(call.line.state).toBe('canceled');
    expect(call.line.endedBy).toBe('api');
    for (const status of ['in-progress', 'completed', 'no-answer']) {
      expect(await lateCallback(call, status)).toBe(204);
    }
    expect(await cancel()).toMatchObject({ success: true });
    expect((await call.reading()).call).toEqual(record);
    expect(updates(call)).toHaveLength(1);
  },
);

story.concurrent(
  'a call whose end is told before its answer has run, whatever comes in late',
  async ({ place }) => {
    const call = await place({ person: picksUp(2000), agent: politeAgent() });
    await call.reaches('call-ringing');
    expect(await lateCallback(call, 'completed')).toBe(204);
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ state: 'completed', endReason: { by: 'person', why: 'hung_up' } });
    for (const status of ['in-progress', 'ringing', 'busy']) {
      expect(await lateCallback(call, status)).toBe(204);
    }
    expect((await call.reading()).call).toEqual(record);
  },
);

story.concurrent('a person who declines the call is told from a line that is busy', async ({ place }) => {
  const call = await place({ person: { ...picksUp(), ring: (ringing) => ringing.decline() } });
  const { call: record } = await call.ended();
  expect(record).toMatchObject({
    state: 'failed',
    answeredAt: null,
    endReason: { by: 'person', why: 'declined' },
  });
});

story.concurrent('a call that is canceled while somebody talks goes dead at once', async ({ place }) => {
  const call = await place({ agent: scripted([plays(saying('blah', 20_000), 'blah '.repeat(100).trim())]) });
  await call.connected();
  await call.person.hears({ ms: 1500 });
  const asked = Date.now();
  await stage().client.resultOf('telephony.cancel', { callId: call.callId });
  const { call: record, transcript } = await call.ended();
  expect(record).toMatchObject({ state: 'canceled', endReason: { by: 'owner', why: 'canceled' } });
  expect(call.line).toMatchObject({ state: 'completed', endedBy: 'api' });
  expect((call.line.endedAt?.getTime() ?? Infinity) - asked).toBeLessThan(2000);
  expect(transcript).toMatchObject([{ speaker: 'agent', isInterrupted: true }]);
  expect(await lateCallback(call, 'completed')).toBe(204);
  expect((await call.reading()).call).toEqual(record);
});

story.concurrent(
  'a carrier that fails to hang up is asked again until it does; the call is on record as up until then, and says so',
  async ({ place }) => {
    const call = await place({
      person: picksUp(60_000),
      faults: { hangUpsFail: 3, callbacks: { missing: ['completed'] } },
    });
    await call.reaches('call-ringing');
    const cancel = () => stage().client.resultOf('telephony.cancel', { callId: call.callId });
    expect(await cancel()).toMatchObject({ success: true });
    await call.reaches('hang-up-unconfirmed');
    expect((await call.reading()).call).toMatchObject({ endedAt: null, isEndUnconfirmed: true });
    expect(await stage().client.resultOf('telephony.status', { callId: call.callId })).toMatchObject({
      endReason: null,
      warning: expect.stringMatching(/^The carrier has not confirmed the end/u),
    });
    const { call: record } = await call.ended();
    expect(record).toMatchObject({
      state: 'canceled',
      endReason: { by: 'owner', why: 'canceled' },
      isEndUnconfirmed: false,
    });
    expect(updates(call)).toHaveLength(4);
  },
);

story.concurrent(
  'a call that reaches its limit ends with a goodbye, before the carrier would cut it',
  async ({ place }) => {
    const call = await place({
      timeoutSec: 12,
      agent: scripted([says('Hello, let me tell you a story.')], [says('Time is up, goodbye.')]),
    });
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ state: 'completed', endReason: { by: 'limit', why: 'max_duration' } });
    expect(call.line.heardWords).toMatch(/Time is up, goodbye\.$/u);
    expect(call.line.endedBy).toBe('api');
    const upMs = (record.endedAt ?? 0) - (record.answeredAt ?? 0);
    expect(upMs).toBeGreaterThan(9000);
    expect(upMs).toBeLessThan(12_500);
  },
);

story.concurrent('a talker who never stops is cut off at the limit all the same', async ({ place }) => {
  const call = await place({ timeoutSec: 6, agent: scripted([says('Hello.')]) });
  await call.connected();
  void call.person.plays(saying('and', 20_000));
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ state: 'completed', endReason: { by: 'limit', why: 'max_duration' } });
  expect((record.endedAt ?? 0) - (record.answeredAt ?? 0)).toBeLessThan(7500);
});

story.concurrent('an agent that ends the call is heard out first', async ({ place }) => {
  const call = await place({
    agent: scripted([
      says('I have nothing to ask you today. I wish you a wonderful weekend, goodbye.'),
      callsTool('end_call', { reason: 'done' }),
    ]),
  });
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ state: 'completed', endReason: { by: 'agent', why: 'said_goodbye' } });
  expect(call.line.heardWords).toMatch(/a wonderful weekend, goodbye\.$/u);
  expect(call.line.heard.at(-1)?.kind).toBe('end-of-utterance');
});

story.concurrent(
  'an agent that wants to hang up without a word is made to say goodbye',
  async ({ place }) => {
    const call = await place({
      agent: scripted([callsTool('end_call', { reason: 'shy' })], [says('Goodbye then.')]),
    });
    const { call: record } = await call.ended();
    expect(record.endReason).toMatchObject({ by: 'agent', why: 'said_goodbye' });
    expect(call.line.heardWords).toBe('Goodbye then.');
  },
);

story.concurrent(
  'a person who speaks into the goodbye is answered, and the call goes on',
  async ({ place }) => {
    const call = await place({
      agent: scripted(
        [
          says('That was all that I wanted to know, many thanks and goodbye.', { lastingMs: 5000 }),
          callsTool('end_call', { reason: 'done' }),
        ],
        [says('Yes, at noon.')],
        [says('Goodbye.'), callsTool('end_call', { reason: 'done' })],
      ),
    });
    await call.connected();
    await call.person.hears({ words: /that I wanted/u });
    await call.person.says('Wait, at noon?');
    await call.person.hears({ words: /Yes, at noon\./u });
    await call.person.says('Fine.');
    const { call: record } = await call.ended();
    expect(record.endReason).toMatchObject({ by: 'agent', why: 'said_goodbye' });
    expect(call.line.heardWords).toMatch(/Yes, at noon\. Goodbye\.$/u);
  },
);

const troubles: Record<string, CallFaults['callbacks'] & object> = {
  late: { lateByMs: 900 },
  doubled: { isDoubled: true },
  reversed: { isReversed: true },
  'late and doubled': { lateByMs: 400, isDoubled: true },
  'without the answer': { missing: ['answered', 'ringing'] },
  'without the end': { missing: ['completed'] },
  missing: { missing: ['initiated', 'ringing', 'answered', 'completed'] },
};

story.concurrent.for(Object.entries(troubles))(
  'with callbacks that come %s, a call moves forward only, and is settled',
  async ([, callbacks], { place }) => {
    const call = await place({ agent: politeAgent(), faults: { callbacks } });
    await call.connected();
    await call.person.hears({ words: /how are you\?/u });
    await call.person.says('Fine.');
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ state: 'completed', endReason: { by: 'agent', why: 'said_goodbye' } });
    const seen = moves(call);
    expect(seen).toEqual(stateEvents.filter((type) => seen.includes(type)));
    expect(record.answeredAt).not.toBeNull();
    await call.line.settled();
    expect((await call.reading()).call).toEqual(record);
  },
);

story.concurrent.for(Object.entries(troubles))(
  'with callbacks that come %s, a person who hangs up ends the call',
  async ([, callbacks], { place }) => {
    const call = await place({ agent: politeAgent(), faults: { callbacks } });
    await call.connected();
    await call.person.hears({ words: /how are you\?/u });
    call.person.hangsUp();
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ state: 'completed', endReason: { by: 'person', why: 'hung_up' } });
    const lagMs = (record.endedAt ?? Infinity) - (call.line.endedAt?.getTime() ?? 0);
    expect(lagMs).toBeLessThan(6000);
  },
);
