import { says, scripted, silentPerson } from '@mcp-telephone/simulator';
import type { SimulatedCall } from '@mcp-telephone/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { openHouse } from './house.ts';
import type { House } from './house.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/** The number of whoever takes calls and talks on. */
const colleague = '+14155550150';

let house: House | undefined;
afterEach(() => house?.close());

/** Places a call and has a colleague take it. @returns its line at the carrier */
async function handedOver({ place, until, server, peers }: House): Promise<[string, SimulatedCall]> {
  const callId = await place({ agent: scripted([says('Hello there.')], [says('I put you through.')]) });
  const { call } = await until(callId, ({ transcript }) =>
    transcript.some((turn) => turn.speaker === 'agent' && turn.isSettled),
  );
  const answer = await fetch(`${server.url}/api/calls/${callId}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'transfer', value: colleague, mode: 'cold' }),
  });
  expect(answer.status).toBe(200);
  const line = peers.network.calls.find(({ sid }) => sid === call.carrierCallId);
  if (line === undefined) throw new Error('the call was not dialed');
  await line.until(() => line.legs.some(({ isJoined }) => isJoined) || undefined, 'the colleague');
  return [callId, line];
}

test('two who were put through to each other talk on over a kill and a restart, and the record tells their end by the carrier', async () => {
  house = await openHouse(async ({ puts }) => {
    puts({ ...silentPerson, ringsForMs: 100, staysOnLine: true }, colleague);
    return { TRANSFER_NUMBERS: colleague };
  });
  const { until, read, peers } = house;
  const [[left, leftLine], [kept, keptLine], [canceled, canceledLine]] = await Promise.all([
    handedOver(house),
    handedOver(house),
    handedOver(house),
  ]);
  await house.server.ends('SIGKILL');
  leftLine.person.hangsUp();
  const beforeRestart = peers.network.requests.length;
  await house.restart();

  const { call: over } = await until(left, ({ call }) => call.endedAt !== null);
  expect(over).toMatchObject({
    state: 'completed',
    endReason: { by: 'owner', why: 'transferred' },
    outcome: { status: 'human_escalation' },
    endedAt: Math.floor(Number(leftLine.endedAt) / 1000) * 1000,
  });
  const asked = () =>
    peers.network.requests.slice(beforeRestart).filter(({ path }) => path.includes(keptLine.sid)).length;
  await expect.poll(asked, { timeout: 30_000 }).toBeGreaterThan(2);
  expect((await read(kept)).call).toMatchObject({ state: 'connected', endedAt: null });
  expect([keptLine, canceledLine].map(({ state }) => state)).toEqual(['in-progress', 'in-progress']);
  const cancel = await fetch(`${house.server.url}/api/calls/${canceled}/cancel`, { method: 'POST' });
  expect(await cancel.json()).toMatchObject({ wasOpen: true });
  await canceledLine.reaches('completed');
  keptLine.person.hangsUp();

  for (const [callId, line] of [
    [kept, keptLine],
    [canceled, canceledLine],
  ] as const) {
    const { call } = await until(callId, (reading) => reading.call.endedAt !== null);
    expect(call).toMatchObject({
      state: 'completed',
      endReason: { by: 'owner', why: 'transferred' },
      outcome: { status: 'human_escalation' },
      endedAt: Math.floor(Number(line.endedAt) / 1000) * 1000,
    });
  }
  expect([leftLine, keptLine, canceledLine].map(({ endedBy }) => endedBy)).toEqual([
    'person',
    'person',
    'api',
  ]);
  expect(keptLine.heardWords).not.toMatch(/sorry/iu);
  // Both phones, as the carrier bills them.
  for (const callId of [left, kept, canceled]) {
    const { call } = await until(callId, (reading) => !reading.call.cost.isEstimate, 60_000);
    expect(call.cost.carrierUsd).toBe(0.028);
  }
  // Nobody is rung again.
  expect(peers.network.calls).toHaveLength(3);
});
