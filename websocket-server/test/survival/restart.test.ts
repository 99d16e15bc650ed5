import { plays, says, scripted } from '@mcp-telephone/simulator';
import type { Act } from '@mcp-telephone/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { readRuler, ruler, saying } from '../stories/sounds.ts';
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
  // Again and again: on a busy machine it may be asked once more before it is heard.
  const onAndOn = Array<Act>(5).fill(plays(ruler('b', 60_000), 'and on and on'));
  const callIds: string[] = [];
  for (let i = 0; i < callsUp; i++) {
    callIds.push(await house.place({ agent: scripted(plays(ruler('a', 400), `Greeting ${i}`), ...onAndOn) }));
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

test('a person whose call is cut by a kill hears a sentence before the line goes dead, and what the carrier recorded is fetched at the next start', async () => {
  house = await openHouse({ RECORD_CALLS: 'on' });
  const ear = listens();
  const callId = await house.place({
    record: true,
    person: ear.persona,
    agent: scripted([says('This call is recorded.'), plays(ruler('a', 60_000), 'on and on')]),
  });
  await house.until(callId, ({ call }) => call.recording !== null);
  const line = house.peers.network.calls[0];
  if (line === undefined) throw new Error('no call was dialed');
  await line.person.hears({ ms: 600 });
  await house.server.ends('SIGKILL');
  await line.reaches('completed', 20_000);
  expect(line.heardWords).toMatch(/sorry.*goodbye/iu);
  expect(ear.longestSilenceMs()).toBeLessThan(6000);
  await line.settled();
  expect(line.recordings).toMatchObject([{ isDeleted: false }]);
  await house.restart();
  await expect.poll(() => line.recordings[0]?.isDeleted, { timeout: 30_000 }).toBe(true);
  const served = await fetch(`${house.server.url}/api/calls/${callId}/recording`);
  expect([served.status, served.headers.get('content-type')]).toEqual([200, 'audio/wav']);
});

test('a person who is still on the line when the server is back hears a sentence, and what was said until the kill is on record', async () => {
  house = await openHouse();
  const ear = listens();
  const words = Array.from({ length: 200 }, (_, nth) => `word${nth}`);
  const agent = scripted(
    [plays(ruler('hi', 600), 'Good evening.')],
    [plays(ruler('a', 60_000), words.join(' '))],
  );
  const callId = await house.place({ person: ear.persona, agent });
  await house.until(callId, ({ call }) => call.state === 'connected');
  const line = house.peers.network.calls[0];
  if (line === undefined) throw new Error('no call was dialed');
  await line.until(() => readRuler(line.heard, 'hi').includes(600) || undefined, 'the greeting');
  await line.person.plays(saying('hello', 800));
  await line.until(() => readRuler(line.heard, 'a').includes(5400) || undefined, 'a part of the sentence');
  await house.server.ends('SIGKILL');
  const heardMs = readRuler(line.heard, 'a').at(-1) ?? 0;
  await house.restart();
  const { call, transcript } = await house.until(callId, (reading) => reading.call.state === 'completed');
  expect(call.endReason).toMatchObject({ by: 'fault', why: 'server_restarted' });
  expect(transcript).toMatchObject([
    { speaker: 'agent', text: 'Good evening.', isInterrupted: false },
    { speaker: 'person', text: expect.stringMatching(/^hello/u), isInterrupted: false },
    { speaker: 'agent', isInterrupted: true, isSettled: true },
  ]);
  // What was heard until a moment before, at 300 ms a word; a busy machine is late to keep it.
  const [, , cut] = transcript;
  const kept = cut !== undefined && cut.speaker !== 'tool' ? cut.text.split(' ') : [];
  expect(kept).toEqual(words.slice(0, kept.length));
  expect(kept.length * 300).toBeGreaterThan(heardMs / 2);
  expect(kept.length * 300).toBeLessThanOrEqual(heardMs + 300);
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
          [plays(ruler('a', 60_000), Array<string>(400).fill('on').join(' '))],
          [plays(ruler('bye', 1000), 'I have to go. Goodbye.')],
        ),
      }),
    );
  }
  await Promise.all(callIds.map((callId) => until(callId, ({ call }) => call.state === 'connected')));
  const lines = peers.network.calls;
  await Promise.all(lines.map((line) => line.person.hears({ ms: 900 })));
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
    expect(transcript).toMatchObject([
      { speaker: 'agent', text: expect.stringMatching(/^on( |$)/u), isInterrupted: true, isSettled: true },
      { speaker: 'agent', text: 'I have to go. Goodbye.', isInterrupted: false, isSettled: true },
    ]);
  }
});
