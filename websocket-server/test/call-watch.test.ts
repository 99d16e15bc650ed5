import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { CallEvent } from '../src/call/call-event.ts';
import { CallFeed } from '../src/control/call-feed.ts';
import { CallWatch } from '../src/control/call-watch.ts';
import { EventPages } from '../src/control/event-pages.ts';
import { endReason } from '../src/call/end-reason.ts';
import { silentLog } from '../src/lib/log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import { openCallStore } from '../src/storage/index.ts';
import { requested } from './http-fakes.ts';

vi.setConfig({ testTimeout: 120_000 });

test('a watcher from now on is told of a call that ends right after it came, and of nothing before', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-watch-'));
  const store = await openCallStore({ databaseUrl: null, dataDir: folder, log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const { clock } = systemRuntime(silentLog);
  const feed = new CallFeed(store, clock, silentLog);
  await feed.begin('call_1', [requested('call_1')]);
  const told: CallEvent[] = [];
  const watch = new CallWatch(
    { isFromNow: true },
    {
      event: (event) => void told.push(event),
      hint() {},
      caughtUp() {},
      isSlow: () => false,
      onDropped() {},
    },
    { pages: new EventPages(store), feed, clock, log: silentLog },
  );
  feed.record('call_1', {
    type: 'call-ended',
    state: 'failed',
    endReason: endReason('carrier', 'busy'),
    endedAt: clock.now(),
  });
  await feed.durable('call_1');
  watch.stop();
  expect(told.map(({ type }) => type)).toEqual(['call-ended']);
});

test('a listener that fails keeps neither others from being told nor the call from being durable', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-watch-'));
  const store = await openCallStore({ databaseUrl: null, dataDir: folder, log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const feed = new CallFeed(store, systemRuntime(silentLog).clock, silentLog);
  const fails = () => {
    throw new Error('this listener fails');
  };
  const told: string[] = [];
  feed.listen({ stored: fails, hint: fails });
  feed.listen({
    stored: (events) => void told.push(...events.map(({ event }) => event.type)),
    hint: ({ type }) => void told.push(type),
  });
  await feed.begin('call_2', [requested('call_2')]);
  const silent = { fromAt: 0, stepMs: 100, person: '', agent: '' };
  feed.hint({ type: 'loudness-heard', callId: 'call_2', ...silent });
  feed.record('call_2', { type: 'call-ringing' });
  await feed.durable('call_2');
  expect(told).toEqual(['call-requested', 'loudness-heard', 'call-ringing']);
});
