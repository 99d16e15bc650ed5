import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Call } from '../src/call/call.ts';
import { endReason } from '../src/call/end-reason.ts';
import { CallFeed } from '../src/control/call-feed.ts';
import { waitForNews } from '../src/control/call-wait.ts';
import type { EventStore } from '../src/control/event-writer.ts';
import { silentLog } from '../src/lib/log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import type { CallStore } from '../src/storage/call-store.ts';
import { openCallStore } from '../src/storage/index.ts';
import { requested } from './contracts/call-store-story.ts';

/** Two servers on one database, each with a feed of its own, that write to one call. */
let store: CallStore;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-writers-'));
  store = await openCallStore({ databaseUrl: null, dataDir: folder, log: silentLog });
}, 60_000);
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const { clock } = systemRuntime(silentLog);
const feedOn = (on: EventStore) => new CallFeed(on, clock, silentLog);
const dialing = { type: 'dialing-started', carrier: 'twilio' } as const;
const ended = (why: 'canceled' | 'server_restarted' | 'hung_up') =>
  ({
    type: 'call-ended',
    state: why === 'canceled' ? 'canceled' : 'completed',
    endReason: endReason('fault', why),
    endedAt: clock.now(),
  }) as const;

async function typesOf(callId: string): Promise<readonly string[]> {
  return (await store.eventsOf(callId)).map(({ event }) => event.type);
}

test('what two servers learn of an ended call in the same moment is kept, all of it', async () => {
  const one = feedOn(store);
  await one.begin('call_late', [requested(), dialing, { type: 'call-answered' }, ended('hung_up')]);
  let hasRead: () => void = () => {};
  const read = new Promise<void>((resolve) => (hasRead = resolve));
  let goOn: () => void = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const other = feedOn({
    append: (events, calls) => store.append(events, calls),
    call: (callId) => store.call(callId),
    eventsOf: async (...asked) => {
      const events = await store.eventsOf(...asked);
      hasRead();
      await gate;
      return events;
    },
  });
  const price = { type: 'carrier-cost-noted', usd: 0.02, isEstimate: false } as const;
  const priced = other.recordLate('call_late', price);
  await read;
  await one.recordLate('call_late', { type: 'log-let-go', what: 'words' });
  goOn();
  await priced;
  expect((await typesOf('call_late')).slice(-2)).toEqual(['log-let-go', 'carrier-cost-noted']);
  const call = await store.call('call_late');
  expect(call).toMatchObject({ letGo: { what: 'words' }, cost: { isEstimate: false } });
  expect([one.live('call_late'), other.live('call_late')]).toEqual([undefined, undefined]);
});

test('a call that another server has ended stays ended, whatever the one that held it writes later', async () => {
  const holder = feedOn(store);
  await holder.begin('call_left', [requested(), dialing, { type: 'call-answered' }]);
  const settler = feedOn(store);
  await settler.resume((await store.call('call_left')) as Call);
  settler.record('call_left', ended('server_restarted'));
  await settler.durable('call_left');
  for (const streamId of ['one', 'two', 'three']) {
    holder.record('call_left', { type: 'media-stream-opened', streamId });
  }
  await holder.durable('call_left');
  // Whoever still holds the line can look at the call until it lets go of it.
  expect(holder.live('call_left')?.call.endReason?.why).toBe('server_restarted');
  expect(holder.record('call_left', ended('hung_up'))).toBeUndefined();
  holder.release('call_left');
  expect(holder.live('call_left')).toBeUndefined();
  expect(await store.call('call_left')).toMatchObject({ endReason: { why: 'server_restarted' } });
  expect((await typesOf('call_left')).filter((type) => type === 'call-ended')).toHaveLength(1);
});

test('of two servers that take up a scheduled call in the same moment, one knows that it is not the one', async () => {
  const feeds = [feedOn(store), feedOn(store)];
  await feeds[0]?.begin('call_due', [requested({ scheduledAt: clock.now() })]);
  const call = (await store.call('call_due')) as Call;
  const first = feeds[0];
  const second = feeds[1];
  await second?.resume(call);
  const canceled = second?.record('call_due', ended('canceled'));
  await second?.durable('call_due');
  const taken = first?.record('call_due', dialing);
  await first?.durable('call_due');
  expect([canceled?.state, taken?.state]).toEqual(['canceled', 'dialing']);
  expect(first?.live('call_due')?.call).toMatchObject({ state: 'canceled', dialedAt: null });
  expect(await typesOf('call_due')).toEqual(['call-requested', 'call-ended']);
});

test('who waits at another server than the one that holds a call is told of new words, and of its end', async () => {
  const holder = feedOn(store);
  await holder.begin('call_followed', [requested(), dialing, { type: 'call-answered' }]);
  const other = feedOn(store);
  const longMs = 10 * 60_000;
  const said = waitForNews(other, 'call_followed', { afterSequence: 3, timeoutMs: longMs }, clock);
  const over = waitForNews(other, 'call_followed', { endOnly: true, timeoutMs: longMs }, clock);
  let isOver = false;
  void over.then(() => (isOver = true));
  holder.record('call_followed', {
    type: 'turn-started',
    turnId: 'one',
    speaker: 'person',
    afterTurnId: null,
  });
  holder.record('call_followed', { type: 'turn-ended', turnId: 'one', text: 'Hello?', isInterrupted: false });
  await said;
  expect(isOver).toBe(false);
  holder.record('call_followed', ended('hung_up'));
  await over;
  expect((await other.read('call_followed')).call.state).toBe('completed');
});
