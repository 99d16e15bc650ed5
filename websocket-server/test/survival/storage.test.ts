import { plays, scripted } from '@mcp-telephone/simulator';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { findPostgresServer } from '../contracts/postgres-server.ts';
import type { PostgresServer } from '../contracts/postgres-server.ts';
import { readRuler, ruler } from '../stories/sounds.ts';
import { listens } from './ear.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { Stallable } from './stallable.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let postgres: PostgresServer | string;
let way: Stallable | undefined;
let house: House | undefined;

beforeAll(async () => {
  postgres = await findPostgresServer();
});
afterAll(async () => {
  if (typeof postgres !== 'string') await postgres.stop();
});
afterEach(async () => {
  way?.flows();
  await house?.close();
  await way?.close();
});

test('a database that stalls for seconds stops no audio, and nothing that was said meanwhile is lost', async (context) => {
  if (typeof postgres === 'string') return context.skip(postgres);
  const address = new URL(await postgres.newDatabase());
  way = await Stallable.to(Number(address.port));
  address.host = `127.0.0.1:${way.port}`;
  house = await openHouse({ DATABASE_URL: address.href });
  const ear = listens();
  const words = Array.from({ length: 30 }, (_, i) => `word${i + 1}`).join(' ');
  const callId = await house.place({
    person: ear.persona,
    agent: scripted([plays(ruler('a', 3000), words)], [plays(ruler('b', 3000), 'and the rest')]),
  });
  await house.until(callId, ({ call }) => call.state === 'connected');
  const line = house.peers.network.calls[0];
  if (line === undefined) throw new Error('no call was dialed');
  await line.until(() => readRuler(line.heard, 'a').includes(600) || undefined, 'the agent');
  way.stalls();
  const stalledAtMs = ear.passedMs();
  await line.until(() => readRuler(line.heard, 'a').includes(3000) || undefined, 'the end of the sentence');
  await line.until(() => ear.passedMs() > stalledAtMs + 5000 || undefined, 'five seconds');
  line.person.hangsUp();
  await line.reaches('completed');
  way.flows();
  const { call, transcript } = await house.until(callId, (reading) => reading.call.state === 'completed');
  expect(call.endReason).toMatchObject({ by: 'person', why: 'hung_up' });
  expect(transcript.map((turn) => (turn.speaker === 'tool' ? '' : turn.text))[0]).toBe(words);
});
