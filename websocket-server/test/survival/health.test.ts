import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { scripted } from '@mcp-telephone/simulator';
import { findPostgresServer } from '../contracts/postgres-server.ts';
import type { PostgresServer } from '../contracts/postgres-server.ts';
import { picksUp } from '../stories/peers.ts';
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
  way = undefined;
});

/** Asks `/readyz` until it answers as wished. @returns its parts that are not ready */
async function untilReady(is: (missing: readonly string[]) => boolean): Promise<readonly string[]> {
  for (;;) {
    const answer = await fetch(`${house?.server.url}/readyz`);
    const { status, parts } = (await answer.json()) as {
      readonly status: string;
      readonly parts: Readonly<Record<string, { readonly ready: boolean }>>;
    };
    const missing = Object.keys(parts).filter((part) => parts[part]?.ready !== true);
    expect([answer.status, status]).toEqual(missing.length === 0 ? [200, 'ready'] : [503, 'not-ready']);
    if (is(missing)) return missing;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a store that stalls is told by /readyz, while /healthz and /metrics go on; and when it is back', async (context) => {
  if (typeof postgres === 'string') return context.skip(postgres);
  const address = new URL(await postgres.newDatabase());
  way = await Stallable.to(Number(address.port));
  address.host = `127.0.0.1:${way.port}`;
  house = await openHouse({ DATABASE_URL: address.href });
  expect(await untilReady(() => true)).toEqual([]);
  way.stalls();
  expect(await untilReady((missing) => missing.length > 0)).toEqual(['storage']);
  expect((await fetch(`${house.server.url}/healthz`)).status).toBe(200);
  const metrics = await (await fetch(`${house.server.url}/metrics`)).text();
  expect(metrics).toContain('telephone_ready{part="storage"} 0');
  expect(metrics).toContain('telephone_calls_open{state="connected"} 0');
  way.flows();
  expect(await untilReady((missing) => missing.length === 0)).toEqual([]);
});

test('a server that is told to stop says so while live calls take their leave', async () => {
  house = await openHouse();
  const callId = await house.place({ person: picksUp(), agent: scripted() });
  await house.until(callId, ({ call }) => call.state === 'connected');
  process.kill(house.server.pid, 'SIGTERM');
  expect(await untilReady((missing) => missing.length > 0)).toEqual(['server']);
  expect(await house.server.exited).toBe(0);
});

test('a carrier that refuses its credentials is told once it did', async () => {
  house = await openHouse({ TWILIO_AUTH_TOKEN: 'f'.repeat(32) });
  expect(await untilReady(() => true)).toEqual([]);
  const callId = await house.place();
  const { call } = await house.until(callId, (reading) => reading.call.state === 'failed');
  expect(call.endReason).toMatchObject({ by: 'carrier' });
  expect(await untilReady((missing) => missing.length > 0)).toEqual(['carrier']);
});
