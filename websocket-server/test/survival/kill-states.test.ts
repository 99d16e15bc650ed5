import { once } from 'node:events';
import { callsTool, plays, says, scripted } from '@mcp-telephone/simulator';
import type { Act, SimulatedCall } from '@mcp-telephone/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { picksUp } from '../stories/peers.ts';
import { ruler, saying } from '../stories/sounds.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { Stallable } from './stallable.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

/** The number of whoever is to be called first. They do not pick up. */
const neverAnswered = '+14150012000';
const longRingMs = 120_000;
const longAfter = 20 * 24 * 60 * 60_000;
const long = plays(ruler('on', 60_000), Array<string>(200).fill('on').join(' '));
const allCallbacks = ['initiated', 'ringing', 'answered', 'completed'] as const;

let house: House | undefined;
let wayToCarrier: Stallable | undefined;
afterEach(async () => {
  await house?.close();
  await wayToCarrier?.close();
});

/** Follows the server's log. @returns what waits until something has happened in a call */
async function follows(port: number) {
  const seen: { readonly type: string; readonly callId: string }[] = [];
  const log = new WebSocket(`ws://127.0.0.1:${port}/logs?after=0`);
  log.on('message', (frame: Buffer) => {
    const { event } = JSON.parse(frame.toString()) as { event?: (typeof seen)[number] };
    if (event !== undefined) seen.push(event);
  });
  log.on('error', () => undefined);
  await once(log, 'open');
  return async (callId: string, type: string): Promise<void> => {
    await expect
      .poll(() => seen.some((event) => event.callId === callId && event.type === type), { timeout: 30_000 })
      .toBe(true);
  };
}

test('a kill finds a call in each of its states: all are settled as they were, none lives on at the carrier, and nobody is rung again', async () => {
  house = await openHouse(async ({ network }) => {
    wayToCarrier = await Stallable.to(Number(new URL(network.url).port));
    return {
      TWILIO_API_BASE_URL: `http://127.0.0.1:${wayToCarrier.port}`,
      TRANSFER_NUMBERS: neverAnswered,
    };
  });
  const { place, until, server, peers } = house;
  const { network, model } = peers;
  const reaches = await follows(house.port);
  const order = async (callId: string, what: string, body: object) => {
    const answer = await fetch(`${server.url}/api/calls/${callId}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${what} was refused: ${await answer.text()}`);
  };
  const lineOf = async (callId: string): Promise<SimulatedCall> => {
    const { call } = await until(callId, (reading) => reading.call.carrierCallId !== null);
    const line = network.calls.find(({ sid }) => sid === call.carrierCallId);
    if (line === undefined) throw new Error('the call was not dialed');
    return line;
  };
  /** Says the same whenever it has to say something, be it that nobody speaks. */
  const greetsAnd = (...acts: readonly Act[]) =>
    scripted([says('Hello there.')], ...Array<readonly Act[]>(20).fill(acts));
  const greeted = (callId: string) =>
    until(callId, ({ transcript }) => transcript.some((turn) => turn.speaker === 'agent' && turn.isSettled));

  const queued = await place({
    person: picksUp(longRingMs),
    scheduleAt: new Date(Date.now() + longAfter).toISOString(),
  });
  const greeting = await place({ agent: scripted([long]) });
  const leaving = await place({ agent: scripted([long, callsTool('end_call', { reason: 'done' })]) });
  const question = { question: 'Is half past eight fine, too?', patience_seconds: 60 };
  const asking = await place({
    agent: greetsAnd(says('One moment.'), callsTool('ask_owner', question)),
  });
  const transferring = await place({ agent: greetsAnd(says('I put you through.')) });
  const canceled = await place({ agent: greetsAnd(says('Are you there?')) });
  const hungUp = await place({ agent: greetsAnd(says('I see.')) });

  await reaches(greeting, 'turn-started');
  await reaches(leaving, 'tool-called');
  await Promise.all([asking, transferring, canceled, hungUp].map(greeted));
  await (await lineOf(asking)).person.plays(saying('when', 800));
  await reaches(asking, 'question-asked');
  await order(transferring, 'control', { action: 'transfer', value: neverAnswered, mode: 'cold' });
  await reaches(transferring, 'transfer-started');
  const transferred = await lineOf(transferring);
  await transferred.until(() => transferred.dialed.includes(neverAnswered) || undefined, 'the other phone');
  const gone = await lineOf(hungUp);
  await gone.person.plays(saying('aha', 800));
  await gone.person.hears({ words: /I see/u });

  const ringing = await place({ person: picksUp(longRingMs) });
  await reaches(ringing, 'call-ringing');
  wayToCarrier?.stalls('answers');
  const dialing = await place({
    person: picksUp(longRingMs),
    faults: { callbacks: { missing: allCallbacks } },
  });
  const dialed = 8;
  await expect.poll(() => network.calls.length).toBe(dialed);
  void order(canceled, 'cancel', {}).catch(() => undefined);
  await reaches(canceled, 'hang-up-requested');
  gone.person.hangsUp();
  await reaches(hungUp, 'media-stream-closed');
  expect((await house.read(dialing)).call).toMatchObject({ state: 'dialing', carrierCallId: null });
  await server.ends('SIGKILL');
  wayToCarrier?.flows();
  await house.restart();

  const restarted = { by: 'fault', why: 'server_restarted' };
  const expected = {
    [dialing]: { state: 'failed', endReason: restarted },
    [ringing]: { state: 'failed', endReason: restarted },
    [greeting]: { state: 'completed', endReason: restarted },
    [leaving]: { state: 'completed', endReason: restarted },
    [asking]: { state: 'completed', endReason: restarted, question: null },
    [transferring]: { state: 'completed', endReason: restarted },
    [canceled]: { state: 'canceled', endReason: { by: 'owner', why: 'canceled' } },
    [hungUp]: { state: 'completed', endReason: { by: 'person', why: 'hung_up' } },
  };
  for (const [callId, end] of Object.entries(expected)) {
    const { call, transcript } = await until(callId, (reading) => reading.call.endedAt !== null);
    expect(call).toMatchObject(end);
    expect(call.outcome).not.toBeNull();
    expect(transcript.every((turn) => turn.speaker === 'tool' || turn.isSettled)).toBe(true);
  }
  expect((await house.read(queued)).call).toMatchObject({ state: 'queued', endedAt: null });
  await Promise.all(network.calls.map((line) => line.until(() => line.isOver || undefined, 'the end')));
  expect(network.calls).toHaveLength(dialed);
  expect(transferred.legs.some(({ isJoined }) => isJoined)).toBe(false);
  expect(model.sessions.some(({ isOpen }) => isOpen)).toBe(false);
});
