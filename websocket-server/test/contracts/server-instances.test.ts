import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../src/lib/log.ts';
import { openStores } from '../../src/storage/index.ts';
import type { Stores } from '../../src/storage/index.ts';
import { CallStory, ended, requested } from './call-store-story.ts';
import { findPostgresServer } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';

/** Whose an open call is, among servers on one database. */

let server: PostgresServer | string;
const folder = mkdtempSync(join(tmpdir(), 'telephone-instances-'));
beforeAll(async () => {
  server = await findPostgresServer();
}, 60_000);
afterAll(async () => {
  if (typeof server !== 'string') await server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const minuteMs = 60_000;
const idsOf = (calls: readonly { readonly callId: string }[]) => calls.map(({ callId }) => callId);

test('the open calls of a server that is there are its own; of one that is gone, exactly one other gets them', async (context) => {
  if (typeof server === 'string') return context.skip(server);
  const databaseUrl = await server.newDatabase();
  const opened = (instanceId: string) =>
    openStores({ databaseUrl, dataDir: folder, log: silentLog, instanceId, address: `at-${instanceId}` });
  const one = await opened('one');
  const others: Stores[] = [await opened('other'), await opened('third')];
  const [live, scheduled] = [new CallStory('call-live', 1), new CallStory('call-scheduled', 2)];
  for (const { instances } of [one, ...others]) await instances.beat();
  await live.tell(one.calls, requested());
  await scheduled.tell(one.calls, requested({ scheduledAt: Date.now() + minuteMs }));
  const adopt = async () =>
    (await Promise.all(others.map(({ instances }) => instances.adopt(minuteMs)))).flatMap(idsOf);

  expect(await adopt()).toEqual([]);
  expect(await others[0]?.instances.askToEnd('call-live')).toBe(true);
  expect(await one.instances.askedToEnd()).toEqual(['call-live']);
  expect(await others[0]?.instances.whereHeld('call-live')).toBe('at-one');
  await one.instances.leave();
  expect(await others[0]?.instances.whereHeld('call-live')).toBeNull();
  expect(await adopt()).toEqual(['call-live']);
  expect(await one.calls.call('call-live')).toEqual(live.call);
  await live.tell(one.calls, ended('canceled', Date.now()));
  expect(await one.instances.askedToEnd()).toEqual([]);
  expect(await one.instances.askToEnd('call-live')).toBe(false);
  await Promise.all([one, ...others].map(({ calls }) => calls.close()));
});

test(
  'the embedded database has one server: whatever it finds open is its own to settle',
  { timeout: 60_000 },
  async () => {
    const opened = (instanceId: string) =>
      openStores({ databaseUrl: null, dataDir: folder, log: silentLog, instanceId });
    const first = await opened('first');
    await first.instances.beat();
    await new CallStory('call-left', 1).tell(first.calls, requested());
    expect(idsOf(await first.instances.adopt(minuteMs))).toEqual([]);
    await first.calls.close();
    const second = await opened('second');
    expect(idsOf(await second.instances.adopt(minuteMs))).toEqual(['call-left']);
    expect(await second.instances.askToEnd('call-left')).toBe(true);
    expect(await second.instances.askToEnd('call-nobody-knows')).toBe(false);
    expect(await second.instances.askedToEnd()).toEqual(['call-left']);
    await second.calls.close();
  },
);

test('a request to the holder of a call is given to that one alone, once, and is gone when it is dropped', async (context) => {
  if (typeof server === 'string') return context.skip(server);
  const databaseUrl = await server.newDatabase();
  const opened = (instanceId: string) =>
    openStores({ databaseUrl, dataDir: folder, log: silentLog, instanceId });
  const [holder, asker] = [await opened('holder'), await opened('asker')];
  await new CallStory('call-held', 1).tell(holder.calls, requested());
  const asked = (requestId: string) => ({ requestId, callId: 'call-held', order: '{"do":"say"}' });
  await asker.requests.leave(asked('ask-1'));
  expect(await asker.requests.take()).toEqual([]);
  expect(await holder.requests.take()).toEqual([asked('ask-1')]);
  expect(await holder.requests.take()).toEqual([]);
  expect(await asker.requests.replyTo('ask-1')).toBeNull();
  await holder.requests.reply('ask-1', 'done');
  expect(await asker.requests.replyTo('ask-1')).toBe('done');
  expect(await asker.requests.drop('ask-1')).toBe(true);
  await asker.requests.leave(asked('ask-2'));
  expect(await asker.requests.drop('ask-2')).toBe(false);
  expect(await holder.requests.take()).toEqual([]);
  await Promise.all([holder, asker].map(({ calls }) => calls.close()));
});
