import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { App } from '../../src/app.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { CallControl } from '../../src/control/call-control.ts';
import { silentLog } from '../../src/lib/log.ts';
import { systemRuntime } from '../../src/lib/system-runtime.ts';
import { openCallStore } from '../../src/storage/index.ts';
import { CallStory, requested } from '../contracts/call-store-story.ts';
import { EventLog } from './event-log.ts';
import { freePort } from './free-port.ts';
import { openPeers } from './peers.ts';
import type { Peers } from './peers.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let peers: Peers;
let dataDir: string;
beforeAll(async () => {
  peers = await openPeers({});
  dataDir = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-schedule-'));
});
afterAll(async () => {
  await peers.close();
  await rm(dataDir, { recursive: true });
});

/** A server on the same data as the one before it. */
async function openApp(): Promise<App> {
  const config = readConfig({
    ...peers.environment(await freePort()),
    DATA_DIR: dataDir,
    CALLS_PER_NUMBER_AT_ONCE: '1',
  });
  const app = await createApp(config, systemRuntime(silentLog), {
    version: '0.0.0',
    nodeVersion: process.versions.node,
    webappFolder: path.join(dataDir, 'none'),
  });
  await app.listen();
  return app;
}

const dialings = () =>
  peers.network.requests.filter(
    (request) => request.method === 'POST' && request.path.endsWith('/Calls.json'),
  ).length;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

async function ended(control: CallControl, callId: string) {
  const log = new EventLog(control);
  const look = () => log.of(callId).find((event) => event.type === 'call-ended');
  await log.until(look, 'the end', 60_000, () => '');
  log.stop();
  return (await control.read(callId)).call;
}

describe('a call for later', () => {
  test('is queued, and is dialed once when its time comes, though the server was started anew meanwhile', async () => {
    const before = dialings();
    const first = await openApp();
    const errand = { to: '+14155557720', goal: 'Ask for the opening hours', idempotencyKey: 'later' };
    const placed = await first.control.place({ ...errand, scheduleAt: inMs(3000) });
    expect(placed).toMatchObject({ state: 'queued', dialedAt: null });
    expect(await first.control.place(errand)).toMatchObject({ callId: placed.callId });
    await first.close();
    const second = await openApp();
    const log = new EventLog(second.control);
    await log.until(
      () => log.of(placed.callId).find((event) => event.type === 'call-dialed'),
      'the dialing',
      60_000,
      () => '',
    );
    const { call } = await second.control.read(placed.callId);
    expect(call.dialedAt).toBeGreaterThanOrEqual(placed.scheduledAt ?? Infinity);
    await second.control.cancel(placed.callId);
    log.stop();
    await second.close();
    expect(dialings()).toBe(before + 1);
  });

  test('is checked by policy again when its time comes, is called off by its owner, and is not dialed hours late', async () => {
    const before = dialings();
    const store = await openCallStore({ databaseUrl: null, dataDir, log: silentLog });
    const [missed, barred, taken] = ['missed', 'barred', 'taken'].map(
      (name) => new CallStory(`call_${name}`, Date.now() - 8_000_000),
    ) as [CallStory, CallStory, CallStory];
    await missed.tell(store, requested({ scheduledAt: Date.now() - 3_700_000 }));
    await barred.tell(store, requested({ to: '+14155557721', scheduledAt: Date.now() - 1000 }));
    await barred.tell(store, { type: 'number-barred', number: '+14155557721' });
    // Its server died between its record and the carrier.
    await taken.tell(store, requested({ scheduledAt: Date.now() - 5000 }), {
      type: 'dialing-started',
      carrier: 'twilio',
    });
    await store.close();

    const app = await openApp();
    const later = await app.control.place({ to: '+14155557722', goal: 'x', scheduleAt: inMs(3_600_000) });
    expect(await app.control.cancel(later.callId)).toMatchObject({
      wasOpen: true,
      call: { state: 'canceled' },
    });
    expect(await app.control.cancel(later.callId)).toMatchObject({ wasOpen: false });
    expect(await ended(app.control, missed.callId)).toMatchObject({
      state: 'failed',
      endReason: { why: 'schedule_missed', message: expect.stringContaining('within the hour') },
    });
    expect(await ended(app.control, barred.callId)).toMatchObject({
      state: 'failed',
      endReason: { by: 'limit', why: 'not_permitted', message: expect.stringContaining('[do-not-call]') },
    });
    expect(await ended(app.control, taken.callId)).toMatchObject({ state: 'failed' });
    await app.close();
    expect(dialings()).toBe(before);
  });
});

test('a request that is repeated while it is being carried out gets the one call, and dials once', async () => {
  const before = dialings();
  const { control, close } = await openApp();
  const errand = { to: '+14155557725', goal: 'Ask for the opening hours', idempotencyKey: 'at-once' };
  const calls = await Promise.all([1, 2, 3].map(() => control.place(errand)));
  expect(new Set(calls.map(({ callId }) => callId)).size).toBe(1);
  await control.cancel(calls[0]?.callId ?? '');
  await close();
  expect(dialings()).toBe(before + 1);
});

test('calls that are being placed while the server stops are refused, or are over when it has stopped', async () => {
  const { control, close } = await openApp();
  const errand = { goal: 'Ask for the opening hours' };
  const placings = [5, 6, 7, 8, 9].map((part) => control.place({ ...errand, to: `+141555${part}0104` }));
  await Promise.race(placings);
  await close();
  const settled = await Promise.allSettled(placings);
  for (const placed of settled) {
    if (placed.status === 'rejected') expect(placed.reason).toMatchObject({ code: 'server-stopping' });
  }
  const store = await openCallStore({ databaseUrl: null, dataDir, log: silentLog });
  expect(await store.openCalls()).toEqual([]);
  await store.close();
});
