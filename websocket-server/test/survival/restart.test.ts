import { plays, scripted } from '@mcp-telephone/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { ruler } from '../stories/sounds.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { listens } from './ear.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let house: House | undefined;
afterEach(() => house?.close());

const callsUp = 50;

test('after a kill in mid-call every call is settled at the carrier, none is redialed, and the words are kept', async () => {
  house = await openHouse();
  const { peers } = house;
  const { network } = peers;
  const callIds: string[] = [];
  for (let i = 0; i < callsUp; i++) {
    callIds.push(
      await house.place({
        agent: scripted(
          [plays(ruler('a', 400), `Greeting ${i}`)],
          [plays(ruler('b', 60_000), 'and on and on')],
        ),
      }),
    );
  }
  const ringing = await house.place({ person: { ...listens(60_000).persona } });
  const { until } = house;
  // One after the other: fifty that ask twenty times a second would be more work than fifty calls.
  for (const callId of callIds) {
    await until(
      callId,
      ({ transcript }) => transcript.some((turn) => turn.speaker !== 'tool' && turn.isSettled),
      60_000,
    );
  }
  const dialings = () =>
    network.requests.filter(({ path, method }) => method === 'POST' && path.endsWith('/Calls.json')).length;
  expect(dialings()).toBe(callsUp + 1);
  await house.server.ends('SIGKILL');
  await house.restart();
  for (const [i, callId] of callIds.entries()) {
    const { call, transcript } = await until(callId, (reading) => reading.call.endedAt !== null);
    expect(call).toMatchObject({ state: 'completed', endReason: { by: 'fault', why: 'server_restarted' } });
    expect(transcript[0]).toMatchObject({ speaker: 'agent', text: `Greeting ${i}`, isSettled: true });
  }
  const { call } = await until(ringing, (reading) => reading.call.endedAt !== null);
  expect(call).toMatchObject({ state: 'failed', answeredAt: null });
  await Promise.all(
    network.calls.map((line) => (line.isOver ? Promise.resolve() : line.reaches('completed', 10_000))),
  );
  expect(network.calls.every(({ isOver }) => isOver)).toBe(true);
  expect(dialings()).toBe(callsUp + 1);
  expect(peers.model.sessions.some(({ isOpen }) => isOpen)).toBe(false);
});

test('a person whose call is cut by a kill hears a sentence before the line goes dead', async () => {
  house = await openHouse();
  const ear = listens();
  const callId = await house.place({
    person: ear.persona,
    agent: scripted([plays(ruler('a', 60_000), 'on and on')]),
  });
  await house.until(callId, ({ call }) => call.state === 'connected');
  const line = house.peers.network.calls[0];
  if (line === undefined) throw new Error('no call was dialed');
  await line.person.hears({ ms: 600 });
  await house.server.ends('SIGKILL');
  await line.reaches('completed', 20_000);
  expect(line.heardWords).toMatch(/sorry.*goodbye/iu);
  expect(ear.longestSilenceMs()).toBeLessThan(6000);
});

test('a person who is still on the line when the server is back hears a sentence, and the record is settled', async () => {
  house = await openHouse();
  const ear = listens();
  const callId = await house.place({
    person: ear.persona,
    agent: scripted([plays(ruler('a', 60_000), 'on and on')]),
  });
  await house.until(callId, ({ call }) => call.state === 'connected');
  const line = house.peers.network.calls[0];
  if (line === undefined) throw new Error('no call was dialed');
  await line.person.hears({ ms: 600 });
  await house.server.ends('SIGKILL');
  await house.restart();
  const { call } = await house.until(callId, ({ call }) => call.state === 'completed');
  expect(call.endReason).toMatchObject({ by: 'fault', why: 'server_restarted' });
  await line.reaches('completed', 20_000);
  expect(line.heardWords).toMatch(/sorry.*goodbye/iu);
  expect(house.peers.network.calls).toHaveLength(1);
});

test('a server that is told to stop takes no more calls, lets the agents say goodbye, and exits with 0', async () => {
  house = await openHouse();
  const { peers, place, until } = house;
  const agents = 5;
  const callIds: string[] = [];
  for (let i = 0; i < agents; i++) {
    callIds.push(
      await place({
        agent: scripted(
          [plays(ruler('a', 60_000), 'on and on')],
          [plays(ruler('bye', 1000), 'I have to go. Goodbye.')],
        ),
      }),
    );
  }
  await Promise.all(callIds.map((callId) => until(callId, ({ call }) => call.state === 'connected')));
  const lines = peers.network.calls;
  await Promise.all(lines.map((line) => line.person.hears({ ms: 200 })));
  const stoppedAt = performance.now();
  const code = house.server.ends('SIGTERM');
  await expect.poll(() => place().then(String, String)).toMatch(/503|shut|stop/iu);
  const inbound = peers.network.dialIn({
    to: '+15005550006',
    from: '+14155550199',
    webhookUrl: `${house.server.url}/twiml`,
    persona: listens().persona,
  });
  await inbound.reaches('completed');
  expect(inbound.heardWords).toMatch(/busy|later|goodbye/iu);
  expect(await code).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(12_000);
  for (const line of lines.slice(0, agents)) {
    expect(line.heard.some(({ text }) => text === 'bye:1000')).toBe(true);
    expect(line.endedBy).toBe('api');
  }
  await house.restart();
  for (const callId of callIds) {
    const { call, transcript } = await house.read(callId);
    expect(call).toMatchObject({ state: 'completed', endReason: { by: 'fault', why: 'server_stopping' } });
    expect(transcript.at(-1)).toMatchObject({ text: 'I have to go. Goodbye.', isSettled: true });
  }
});
