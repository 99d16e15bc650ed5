import { callsTool, says, scripted } from '@mcp-telephone/simulator';
import { afterAll, expect } from 'vitest';
import { freePort } from './free-port.ts';
import { emptyFolder, runServer } from './server-process.ts';
import { setStage } from './stage.ts';
import { WebhookReceiver, webhookSecret } from './webhook-receiver.ts';

/** What happens to calls is told to an address of the operator's. */

const receiver = await new WebhookReceiver().start();
afterAll(() => receiver.stop());
const { stage, story } = setStage({
  environment: { EVENTS_WEBHOOK_URL: receiver.url, EVENTS_WEBHOOK_SECRET: webhookSecret },
});

const ask = async (method: string, address: string) => {
  const response = await fetch(`${stage().url}${address}`, { method });
  return (await response.json()) as Record<string, unknown>;
};
const politeAgent = () =>
  scripted([says('Hello there.')], [says('Thank you, goodbye.'), callsTool('end_call', { reason: 'done' })]);

story.concurrent(
  'events come signed, in their order, and without a word of the call',
  async ({ place, expect: expectHere }) => {
    const call = await place({ agent: politeAgent() });
    await call.connected();
    await call.person.hears({ words: /there/u });
    await call.reaches('turn-ended');
    await call.person.says('A periwinkle for me.');
    await call.ended();
    await expectHere
      .poll(() => receiver.typesOf(call.callId), { timeout: 30_000 })
      .toEqual([
        'call.requested',
        'call.ringing',
        'call.answered',
        'call.result_reported',
        'call.ended',
        'call.priced',
      ]);
    const [first, ...others] = receiver.of(call.callId);
    const { call: record } = await call.reading();
    expect(first?.event()).toMatchObject({
      type: 'call.requested',
      data: { callId: call.callId, sequence: 1, state: 'queued', direction: 'outbound', to: record.to },
    });
    expect(others.map((received) => received.event().data['state'])).toEqual([
      'ringing',
      'connected',
      'connected',
      'completed',
      'completed',
    ]);
    expect(others.find(({ body }) => body.includes('call.ended'))?.event().data).toMatchObject({
      endReason: record.endReason,
      result: { status: record.outcome?.status },
    });
    const told = receiver
      .of(call.callId)
      .map(({ body }) => body)
      .join();
    expect(told).not.toContain('periwinkle');
    expect(told).not.toContain(call.goal);
    expect(told).not.toContain(record.outcome?.summary);
  },
);

story.concurrent('events of a server that is killed are sent by the next', async ({ expect: expectHere }) => {
  const { folder, remove } = await emptyFolder();
  const receiverPort = await freePort();
  const settings = {
    PORT: String(await freePort()),
    EVENTS_WEBHOOK_URL: `http://127.0.0.1:${receiverPort}/`,
    EVENTS_WEBHOOK_SECRET: webhookSecret,
  };
  const first = runServer('serve', folder, settings);
  await first.writes(/is up/);
  const placed = await fetch(`http://127.0.0.1:${settings.PORT}/api/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: '+14155550123', goal: 'Ask for the opening hours' }),
  });
  const { call } = (await placed.json()) as { call: { callId: string } };
  await first.kill('SIGKILL');

  const later = await new WebhookReceiver().start(receiverPort);
  const second = runServer('serve', folder, settings);
  await expectHere.poll(() => later.typesOf(call.callId), { timeout: 90_000 }).toContain('call.ended');
  expect(later.typesOf(call.callId)).toContain('call.requested');
  await second.kill('SIGTERM');
  await later.stop();
  await remove();
});

story(
  'an event that was not taken comes again under its id; one that is refused for good waits for a replay',
  async ({ place }) => {
    let refused = 0;
    receiver.answer = ({ body }) => {
      if (body.includes('call.answered')) return { status: refused++ === 0 ? 503 : 204 };
      return { status: body.includes('call.ringing') ? 410 : 204 };
    };
    const call = await place({ agent: politeAgent() });
    await call.connected();
    call.person.hangsUp();
    await call.ended();
    const answered = () => receiver.of(call.callId).filter(({ body }) => body.includes('call.answered'));
    await expect.poll(() => answered().length, { timeout: 30_000 }).toBe(2);
    expect(new Set(answered().map(({ id }) => id)).size).toBe(1);
    expect(new Set(answered().map(({ body }) => body)).size).toBe(1);
    await expect.poll(() => receiver.typesOf(call.callId), { timeout: 30_000 }).toContain('call.ended');

    const dead = await ask('GET', `/api/webhooks/deliveries?state=dead&callId=${call.callId}`);
    expect(dead).toMatchObject({
      deliveries: [{ kind: 'call.ringing', state: 'dead', attempts: 1, lastStatus: 410 }],
    });
    receiver.answer = () => ({ status: 204 });
    expect(await ask('POST', '/api/webhooks/replay')).toEqual({ replayed: 1 });
    const left = async () => (await ask('GET', '/api/webhooks/deliveries?state=dead'))['deliveries'];
    const rung = () => receiver.typesOf(call.callId).filter((type) => type === 'call.ringing').length;
    await expect.poll(rung, { timeout: 30_000 }).toBe(2);
    await expect.poll(left, { timeout: 30_000 }).toEqual([]);
  },
);

story('a ping tells what the address answers', async () => {
  receiver.answer = () => ({ status: 307, headers: { location: 'http://127.0.0.1:1/' } });
  const moved = await ask('POST', '/api/webhooks/ping');
  expect(moved).toMatchObject({ delivered: false, status: 307, error: expect.stringContaining('redirect') });
  receiver.answer = () => ({ status: 200 });
  expect(await ask('POST', '/api/webhooks/ping')).toMatchObject({ delivered: true, status: 200 });
  expect(receiver.received.at(-1)?.event()).toMatchObject({ type: 'ping', data: {} });
});
