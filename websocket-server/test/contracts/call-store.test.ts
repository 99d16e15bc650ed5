import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallEvent } from '../../src/call/call-event.ts';
import type { CallState } from '../../src/call/call.ts';
import { foldCall } from '../../src/call/fold-call.ts';
import { InvalidRequest } from '../../src/lib/errors.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Log } from '../../src/lib/log.ts';
import type { CallPage, CallQuery, CallStore } from '../../src/storage/call-store.ts';
import { openCallStore } from '../../src/storage/index.ts';
import { StatementFailed } from '../../src/storage/postgres/database.ts';
import { migrations } from '../../src/storage/postgres/migrations.ts';
import {
  DataDirectoryInUse,
  EventsAlreadyStored,
  IdempotencyKeyTaken,
} from '../../src/storage/storage-errors.ts';
import { arrived, CallStory, ended, requested, said } from './call-store-story.ts';
import { findPostgresServer } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { startStoreProcess } from './store-process.ts';

/** Where a store is, without its log. */
interface Place {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telephone-store-'));
  folders.push(folder);
  return folder;
}

const found = await findPostgresServer();
const server: PostgresServer | undefined = typeof found === 'string' ? undefined : found;
if (typeof found === 'string') process.stderr.write(`call store on a PostgreSQL server skipped: ${found}\n`);

afterAll(async () => {
  await server?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const startOfTime = Date.UTC(2030, 0, 1);
let lastStory = 0;
/** A new call, requested an hour after the one before it. */
function newStory(): CallStory {
  lastStory += 1;
  return new CallStory(`call-${String(lastStory).padStart(4, '0')}`, startOfTime + lastStory * 3_600_000);
}

describe('embedded', { timeout: 60_000 }, () => {
  const newPlace = async (): Promise<Place> => ({ databaseUrl: null, dataDir: newFolder() });
  keepsCalls(newPlace);
  // Its cluster comes with the tables.
  survives(newPlace, 5, []);

  test('a second store on the same directory is refused, in this process and in another', async () => {
    const place = await newPlace();
    const store = await openCallStore({ ...place, log: silentLog });
    await expect(openCallStore({ ...place, log: silentLog })).rejects.toThrow(DataDirectoryInUse);

    const other = startStoreProcess('open', place);
    const said = await allOf(other.lines);
    expect(said).toEqual([
      `data-directory-in-use: The data directory ${place.dataDir} is in use by process ${process.pid}. Stop that process, or set DATA_DIR to another directory, or DATABASE_URL to a PostgreSQL server that both can share.`,
    ]);
    await store.close();
  });

  test('a directory is free again once its store is closed', async () => {
    const place = await newPlace();
    const child = startStoreProcess('open', place);
    expect(await allOf(child.lines)).toEqual(['opened']);
    expect(await child.exited).toBe(0);
    expect(existsSync(join(place.dataDir, 'database.lock'))).toBe(false);
  });
});

describe.skipIf(server === undefined)('on a PostgreSQL server', { timeout: 60_000 }, () => {
  const newPlace = async (): Promise<Place> => ({
    databaseUrl: (await server?.newDatabase()) ?? null,
    dataDir: join(tmpdir(), 'never-made'),
  });
  keepsCalls(newPlace);
  survives(
    newPlace,
    3,
    migrations.map(({ name }) => name),
  );

  test('servers that start together on an empty database apply each migration once', async () => {
    const place = await newPlace();
    const logs = [1, 2, 3].map(() => recordingLog());
    const stores = await Promise.all(logs.map(({ log }) => openCallStore({ ...place, log })));
    const applied = logs.flatMap(({ migrations }) => migrations);
    expect(applied.toSorted()).toEqual(migrations.map(({ name }) => name));
    await Promise.all(stores.map((store) => store.close()));
  });

  test.skipIf(server?.crash === undefined)(
    'an append rejects while the server is gone, and passes once it is back',
    async () => {
      const store = await openCallStore({ ...(await newPlace()), log: silentLog });
      const story = newStory();
      await story.tell(store, requested());
      await server?.crash?.();

      const lost = newStory();
      const error: unknown = await lost.tell(store, requested()).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'StatementFailed', cause: expect.any(Error) });

      await server?.start?.();
      await story.tell(store, said('turn-1', 'Are you still there?'));
      expect(await store.call(story.callId)).toEqual(story.call);
      expect(await store.call(lost.callId)).toBeUndefined();
      await store.close();
    },
  );

  test('a server that cannot be reached is told in a sentence without the password', async () => {
    const databaseUrl = 'postgres://someone:hunter2@127.0.0.1:1/none';
    const error: unknown = await openCallStore({ databaseUrl, dataDir: '', log: silentLog }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'database-unavailable' });
    expect(String(error)).toContain('ECONNREFUSED');
    expect(String(error)).not.toContain('hunter2');
  });
});

/** What every store does with calls. */
function keepsCalls(newPlace: () => Promise<Place>): void {
  let store: CallStore;
  beforeAll(async () => {
    store = await openCallStore({ ...(await newPlace()), log: silentLog });
  }, 60_000);
  afterAll(() => store.close());

  test('a call is found by its id, its key and its carrier id, as its events fold', async () => {
    const story = newStory();
    await story.tell(store, requested({ idempotencyKey: `key of ${story.callId}` }));
    await story.tell(store, { type: 'dialing-started', carrier: 'twilio' });
    await story.tell(store, { type: 'call-dialed', carrierCallId: `CA-${story.callId}` });

    expect(await store.call(story.callId)).toEqual(story.call);
    expect(await store.callByIdempotencyKey(`key of ${story.callId}`)).toEqual(story.call);
    expect(await store.callByCarrierId('twilio', `CA-${story.callId}`)).toEqual(story.call);
    expect(await store.callByCarrierId('other', `CA-${story.callId}`)).toBeUndefined();
  });

  test('what calls cost is summed by the day of their request, once, and follows each change', async () => {
    const one = newStory();
    const other = newStory();
    const answered = { type: 'call-answered' } as const;
    const billed = (usd: number, isEstimate = true) =>
      ({ type: 'carrier-cost-noted', usd, isEstimate }) as const;
    const day = Math.floor(startOfTime / 86_400_000);
    const total = async () => {
      const days = await store.costsSince(day);
      return Number(days.reduce((sum, { usd }) => sum + usd, 0).toFixed(6));
    };
    const before = await total();
    await one.tell(store, requested(), answered, billed(0.014));
    await store.append(
      [...one.next(billed(0.028)), ...other.next(requested(), answered, billed(0.5))],
      [one.call, other.call],
    );
    expect(await total()).toBeCloseTo(before + 0.528, 6);
    await one.tell(store, billed(0.02, false));
    expect(await total()).toBeCloseTo(before + 0.52, 6);

    const older = { ...one.call, sequence: 1, cost: other.call.cost };
    await store.append(one.next(said('turn-1', 'Hello')), [older]);
    await expect(store.append(one.events.slice(0, 1), [older])).rejects.toThrow(EventsAlreadyStored);
    expect(await total()).toBeCloseTo(before + 0.52, 6);
    expect((await store.call(one.callId))?.cost).toMatchObject({ usd: 0.02, isEstimate: false });
    expect(await store.costsSince(day + 10_000)).toEqual([]);
  });

  test('calls whose price is not settled are found until it is, newest first', async () => {
    const dialed = (story: CallStory) =>
      story.next(
        requested(),
        { type: 'dialing-started', carrier: 'twilio' },
        { type: 'call-answered' },
        {
          type: 'call-dialed',
          carrierCallId: `CA-${story.callId}`,
        },
      );
    const [early, late, open] = [newStory(), newStory(), newStory()];
    const endsAt = Date.UTC(2040, 0, 1);
    for (const [index, story] of [early, late].entries()) {
      await store.append([...dialed(story), ...story.next(ended('completed', endsAt + index))], [story.call]);
    }
    await store.append(dialed(open), [open.call]);
    const due = async (after = endsAt - 1) =>
      (await store.callsToPrice(after, 10)).map(({ callId }) => callId);
    expect(await due()).toEqual([late.callId, early.callId]);
    expect(await due(endsAt)).toEqual([late.callId]);
    await late.tell(store, { type: 'carrier-cost-noted', usd: 0.014, isEstimate: false });
    expect(await due()).toEqual([early.callId]);
  });

  test('an order to stop is kept, replaced and taken back', async () => {
    expect(await store.stopOrder()).toBeNull();
    await store.keepStopOrder({ since: 1, reason: null });
    await store.keepStopOrder({ since: 2, reason: 'Too dear' });
    expect(await store.stopOrder()).toEqual({ since: 2, reason: 'Too dear' });
    await store.keepStopOrder(null);
    expect(await store.stopOrder()).toBeNull();
  });

  test('what was never stored is not found, whatever its name', async () => {
    for (const name of ['nobody', '', 'nul\0', "'; drop table calls; --", '\ud800']) {
      expect(await store.call(name)).toBeUndefined();
      expect(await store.callByIdempotencyKey(name)).toBeUndefined();
      expect(await store.callByCarrierId('twilio', name)).toBeUndefined();
      expect(await store.eventsOf(name)).toEqual([]);
    }
    expect(await store.append([], [])).toEqual([]);
  });

  test('the call dialed last to a number is found, as long as it is not too long ago', async () => {
    const to = '+14155559101';
    const dialed = async () => {
      const story = newStory();
      await story.tell(store, requested({ to }), { type: 'dialing-started', carrier: 'twilio' });
      return story.call;
    };
    await dialed();
    const last = await dialed();
    await newStory().tell(store, requested({ to }));
    expect(await store.lastDialed(to, 0)).toEqual(last);
    expect(await store.lastDialed(to, last.dialedAt ?? 0)).toBeUndefined();
    expect(await store.lastDialed('+14155559102', 0)).toBeUndefined();
  });

  test('calls dialed lately are counted, in all and to one number, up to the cap that is asked for', async () => {
    const dialed = async (to: string) => {
      const story = newStory();
      await story.tell(store, requested({ to }), { type: 'dialing-started', carrier: 'twilio' });
      return story.call.dialedAt ?? 0;
    };
    const to = '+14155559001';
    const first = await dialed(to);
    await dialed('+14155559002');
    await dialed(to);
    await newStory().tell(store, requested({ to }));
    const tally = (since: number, most: number) =>
      store.dialTally({ to, hour: { since, most }, day: { since, most }, dayToNumber: { since, most } });
    expect(await tally(first - 1, 100)).toEqual({
      lastHour: 3,
      lastDay: 3,
      lastDayToNumber: 2,
      isOnDoNotCallList: false,
    });
    expect(await tally(first, 1)).toMatchObject({ lastHour: 1, lastDayToNumber: 1 });
    expect(await tally(first - 1, Infinity)).toMatchObject({ lastHour: 0, lastDay: 0, lastDayToNumber: 0 });
  });

  test('a number is on the do-not-call list once an event of a call or the operator put it there', async () => {
    const none = { since: 0, most: 0 };
    const isBarred = async (to: string) =>
      (await store.dialTally({ to, hour: none, day: none, dayToNumber: none })).isOnDoNotCallList;
    const story = newStory();
    await story.tell(store, requested({ to: '+14155559003' }));
    await story.tell(store, { type: 'number-barred', number: '+14155559003' });
    expect(await isBarred('+14155559003')).toBe(true);

    const entry = {
      number: '+14155559004',
      addedAt: 1,
      addedBy: 'operator',
      callId: null,
      note: 'x',
    } as const;
    expect([await store.doNotCall.add(entry), await store.doNotCall.add(entry)]).toEqual([true, false]);
    const first = await store.doNotCall.page({ limit: 1 });
    expect(first).toMatchObject({
      entries: [{ number: '+14155559003', addedBy: 'person', callId: story.callId }],
      nextCursor: '+14155559003',
    });
    const rest = await store.doNotCall.page({ limit: 1, after: first.nextCursor ?? '' });
    expect(rest).toEqual({ entries: [entry], nextCursor: null });

    expect(await store.doNotCall.remove('+14155559003')).toBe(true);
    expect(await store.doNotCall.remove('+14155559003')).toBe(false);
    expect(await isBarred('+14155559003')).toBe(false);
  });

  test('a scheduled call is due when its time has come, to one server only, and never again once it is dialed', async () => {
    const at = Date.UTC(2029, 0, 1);
    const [early, late] = [newStory(), newStory()];
    await late.tell(store, requested({ scheduledAt: at + 2000 }));
    await early.tell(store, requested({ scheduledAt: at + 1000 }));
    await newStory().tell(store, requested());
    expect(await store.nextDueAt()).toBe(at + 1000);
    expect(await store.claimDue(at, at + 100, 10)).toEqual([]);

    const claims = await Promise.all([1, 2].map(() => store.claimDue(at + 2000, at + 9000, 10)));
    expect(claims.flat().map(({ callId }) => callId)).toEqual([early.callId, late.callId]);
    expect(claims.flat()[0]).toEqual(early.call);
    await early.tell(store, { type: 'dialing-started', carrier: 'twilio' });
    await store.postpone(early.callId, at);
    await store.postpone(late.callId, at + 5000);
    expect((await store.claimDue(at + 8000, at + 9000, 10)).map(({ callId }) => callId)).toEqual([
      late.callId,
    ]);
    // Whoever took it died before it was dialed.
    expect((await store.claimDue(at + 9000, at + 9500, 10)).map(({ callId }) => callId)).toEqual([
      late.callId,
    ]);
    await late.tell(store, ended('canceled', at));
    expect(await store.nextDueAt()).toBeUndefined();
  });

  test('events come back in order and unchanged, with positions that grow', async () => {
    const one = newStory();
    const other = newStory();
    const first = await store.append(
      [...one.next(requested()), ...other.next(requested()), ...one.next(said('turn-1', 'Hello'))],
      [one.call, other.call],
    );
    const second = await one.tell(store, said('turn-2', 'Goodbye'));
    const all = [...first, ...second];

    expect(all.map(({ position }) => position)).toEqual(
      all.map(({ position }) => position).toSorted(byNumber),
    );
    expect(new Set(all.map(({ position }) => position)).size).toBe(4);
    expect((await store.eventsOf(one.callId)).map(({ event }) => event)).toEqual(one.events);
    expect((await store.eventsOf(one.callId, 2)).map(({ event }) => event)).toEqual(one.events.slice(2));

    const before = await store.positionBefore(4);
    const plenty = { mostEvents: 100, mostBytes: 1_000_000 };
    expect(await store.eventsAfter(before, plenty)).toEqual(all);
    expect(await store.eventsAfter(before, { ...plenty, mostEvents: 3 })).toEqual(all.slice(0, 3));
    expect(await store.eventsAfter(before, { ...plenty, mostBytes: 1 })).toEqual(all.slice(0, 1));
    const ofOne = all.filter(({ event }) => event.callId === one.callId);
    expect(await store.eventsAfter(before, { ...plenty, callId: one.callId })).toEqual(ofOne);
    const rest = await store.eventsAfter(ofOne[0]?.position ?? 0, { ...plenty, callId: one.callId });
    expect(rest).toEqual(ofOne.slice(1));
    expect(await store.positionBefore(1_000_000)).toBe(0);
  });

  test('words and contexts come back exactly, whatever characters and numbers they hold', async () => {
    const story = newStory();
    const context = {
      zebra: 1,
      ant: [0.1, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, -7, 1.7976931348623157e308],
      nothing: null,
      nested: { 'ключ"\\': [true, false, [], {}], '': 'empty key' },
      text: 'quote \' " backslash \\ \\u0000 nul \0 surrogate \ud800 emoji 🎉 line\u2028 中文 \u0001',
      asString: '{"not":"parsed"}',
    };
    const { errand } = requested() as Extract<CallEvent, { type: 'call-requested' }>;
    await story.tell(
      store,
      requested({ errand: { ...errand, context, goal: '5' } }),
      said('t', 'nul \0 end'),
    );

    expect(await store.call(story.callId)).toEqual(story.call);
    expect((await store.eventsOf(story.callId)).map(({ event }) => event)).toEqual(story.events);
    const kept = (await store.call(story.callId))?.errand.context;
    expect(JSON.stringify(kept)).toBe(JSON.stringify(context));
  });

  test('thousands of events fit into one append', async () => {
    const story = newStory();
    const turns = Array.from({ length: 2500 }, (_, index) => said(`turn-${index}`, 'word '.repeat(20)));
    const stored = await story.tell(store, requested(), ...turns);
    expect(stored.map(({ event }) => event)).toEqual(story.events);
    expect(await store.eventsOf(story.callId, 2498)).toEqual(stored.slice(2498));
  });

  test('an append that fails stores nothing of itself', async () => {
    const story = newStory();
    await story.tell(store, requested());
    const before = story.call;
    const repeated = story.events[0];
    const untold = newStory();
    const events = [
      ...untold.next(requested()),
      ...story.next(said('t', 'Hi')),
      ...(repeated ? [repeated] : []),
    ];

    await expect(store.append(events, [untold.call, story.call])).rejects.toThrow(EventsAlreadyStored);
    expect(await store.call(untold.callId)).toBeUndefined();
    expect(await store.call(story.callId)).toEqual(before);
    expect(await store.eventsOf(story.callId)).toHaveLength(1);
  });

  test('a fold never goes back to an earlier one', async () => {
    const story = newStory();
    await story.tell(store, requested());
    const early = story.call;
    const [late] = story.next({ type: 'dialing-started', carrier: 'twilio' });
    const [later] = story.next({ type: 'call-ringing' });
    if (!late || !later) throw new Error('two events were told');
    await store.append([later], [story.call, early]);
    await store.append([late], [early]);
    expect(await store.call(story.callId)).toEqual(story.call);
  });

  test('of ten requests with one key at once, one wins and the others are told whose it is', async () => {
    const key = `race ${newStory().callId}`;
    const stories = Array.from({ length: 10 }, newStory);
    const results = await Promise.allSettled(
      stories.map((story) => story.tell(store, requested({ idempotencyKey: key }))),
    );
    const winners = stories.filter((_, index) => results[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    const refusals = results.filter((result) => result.status === 'rejected');
    for (const { reason } of refusals) {
      expect(reason).toBeInstanceOf(IdempotencyKeyTaken);
      expect(reason).toMatchObject({ details: { key } });
    }
    expect((await store.callByIdempotencyKey(key))?.callId).toBe(winners[0]?.callId);
    const known = await Promise.all(stories.map((story) => store.call(story.callId)));
    expect(known.filter((call) => call !== undefined)).toHaveLength(1);
  });

  test('the key that is taken is named even when several are asked for together', async () => {
    const owner = newStory();
    await owner.tell(store, requested({ idempotencyKey: `taken ${owner.callId}` }));
    const [free, late] = [newStory(), newStory()];
    const events = [
      ...free.next(requested({ idempotencyKey: `free ${free.callId}` })),
      ...late.next(requested({ idempotencyKey: `taken ${owner.callId}` })),
    ];
    await expect(store.append(events, [free.call, late.call])).rejects.toMatchObject({
      code: 'idempotency-key-taken',
      details: { key: `taken ${owner.callId}` },
    });
  });

  test('a key that no database can hold is refused in a sentence', async () => {
    await expect(newStory().tell(store, requested({ idempotencyKey: 'a\0b' }))).rejects.toThrow(
      InvalidRequest,
    );
  });

  test('open calls are those that have not ended, oldest first, and are counted by state', async () => {
    const queued = async () => (await store.countOpen()).get('queued') ?? 0;
    const before = await queued();
    const stories = [newStory(), newStory(), newStory()] as const;
    for (const story of stories.toReversed()) await story.tell(store, requested());
    const ids = new Set(stories.map(({ callId }) => callId));
    const open = async () => (await store.openCalls()).filter(({ callId }) => ids.has(callId));

    expect(await open()).toEqual(stories.map(({ call }) => call));
    await stories[1].tell(store, ended('failed', startOfTime));
    expect(await open()).toEqual([stories[0].call, stories[2].call]);
    expect(await queued()).toBe(before + 2);
    expect((await store.countOpen()).has('failed')).toBe(false);
  });

  test('a list gives each call once, newest first, page by page, also of calls of one instant', async () => {
    const instant = startOfTime + 1e12;
    const stories = Array.from({ length: 7 }, () => new CallStory(newStory().callId, instant));
    for (const story of stories) await story.tell(store, requested());
    const ids = await pages((before) => store.list({ limit: 3, before }), 3);
    expect(ids).toEqual([
      stories
        .slice(4)
        .map(({ callId }) => callId)
        .toReversed(),
      stories
        .slice(1, 4)
        .map(({ callId }) => callId)
        .toReversed(),
      [stories[0]?.callId, ...(ids[2] ?? []).slice(1)],
    ]);
  });

  test('a list of some states holds no others, newest first over all of them, and ends', async () => {
    const stories = Array.from({ length: 9 }, newStory);
    const ends = ['completed', 'canceled', 'failed'] as const;
    for (const [index, story] of stories.entries()) {
      await story.tell(store, requested(), ended(ends[index % 3] ?? 'failed', startOfTime));
    }
    const states: readonly CallState[] = ['canceled', 'failed', 'canceled'];
    const wanted = stories.filter(({ call }) => states.includes(call.state)).map(({ callId }) => callId);
    const found = (await pages((before) => store.list({ states, limit: 4, before }), 50)).flat();
    expect(found.slice(0, wanted.length)).toEqual(wanted.toReversed());
    expect(new Set(found).size).toBe(found.length);
    expect(await store.list({ states: [], limit: 4 })).toEqual({ calls: [], nextCursor: null });
  });

  test('a list is narrowed by direction, by words of the goal and by digits of the number', async () => {
    const { errand } = requested() as Extract<CallEvent, { type: 'call-requested' }>;
    const [dentist, inbound, percent] = [newStory(), newStory(), newStory()];
    await dentist.tell(
      store,
      requested({ to: '+442079460123', errand: { ...errand, goal: 'Ask the DENTIST' } }),
    );
    await inbound.tell(
      store,
      arrived({ from: '+442079460456', errand: { ...errand, goal: 'Take a message\0' } }),
    );
    await percent.tell(store, requested({ errand: { ...errand, goal: '100% of _it_, naïve \ud800' } }));
    await percent.tell(store, ended('failed', startOfTime));
    const found = async (query: Omit<CallQuery, 'limit'>) =>
      (await store.list({ limit: 200, ...query })).calls.map(({ callId }) => callId);

    expect(await found({ search: 'dentist' })).toEqual([dentist.callId]);
    expect(await found({ search: ' +44 20 7946 ' })).toEqual([inbound.callId, dentist.callId]);
    expect(await found({ search: '0456' })).toEqual([inbound.callId]);
    expect(await found({ search: '0456', direction: 'outbound' })).toEqual([]);
    expect(await found({ search: '_it_' })).toEqual([percent.callId]);
    expect(await found({ search: '% of _' })).toEqual([percent.callId]);
    expect(await found({ search: '% of _', states: ['completed'] })).toEqual([]);
    expect(await found({ search: 'nul\0 \\' })).toEqual([]);
    expect(await found({ direction: 'inbound' })).toEqual([inbound.callId]);
    expect(await found({ direction: 'inbound', states: ['ringing'] })).toEqual([inbound.callId]);
    expect(await found({ direction: 'inbound', states: ['failed'] })).toEqual([]);
    expect((await store.list({ search: 'dentist', limit: 1 })).nextCursor).toBeNull();
  });

  test('a cursor that the list did not give out is refused in a sentence', async () => {
    const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      '',
      'x',
      '!!!',
      made({}),
      made([1]),
      made([1.5, 'a']),
      made(['1', 'a']),
      made([1, 'a\0']),
    ];
    for (const before of [...forged, `${made([1, 'a'])}=`]) {
      await expect(store.list({ limit: 5, before })).rejects.toThrow(/cursor is not one that a list/);
    }
  });
}

/** What every store does when it is opened again, or its process dies. @param atFirst the migrations when it is new */
function survives(newPlace: () => Promise<Place>, rounds: number, atFirst: readonly string[]): void {
  test('a store that is opened again has everything, and is not migrated again', async () => {
    const place = await newPlace();
    const story = newStory();
    const [first, second] = [recordingLog(), recordingLog()];
    const store = await openCallStore({ ...place, log: first.log });
    await story.tell(store, requested(), said('turn-1', 'Hello'));
    await store.close();
    await expect(story.tell(store, said('turn-2', 'Anyone?'))).rejects.toThrow(StatementFailed);

    const again = await openCallStore({ ...place, log: second.log });
    expect(await again.call(story.callId)).toMatchObject({ callId: story.callId, sequence: 2 });
    expect(await again.eventsOf(story.callId)).toHaveLength(2);
    await again.close();
    expect(first.migrations).toEqual(atFirst);
    expect(second.migrations).toEqual([]);
  });

  test(
    `nothing acknowledged is lost when the process is killed ${rounds} times while it writes`,
    { timeout: 180_000 },
    async () => {
      const place = await newPlace();
      const acknowledged = new Map<string, number>();
      for (let round = 0; round < rounds; round += 1) {
        const writer = startStoreProcess('write', place);
        let linesToLive = 1 + Math.floor(Math.random() * 40);
        for await (const line of writer.lines) {
          const [callId = '', sequence] = line.split(' ');
          expect(callId).toMatch(/^call-/);
          acknowledged.set(callId, Number(sequence));
          linesToLive -= 1;
          if (linesToLive === 0) writer.kill();
        }
        expect(await writer.exited).toBeNull();
      }

      const store = await openCallStore({ ...place, log: silentLog });
      for (const [callId, sequence] of acknowledged) {
        const events = (await store.eventsOf(callId)).map(({ event }) => event);
        expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
        expect(events.length).toBeGreaterThanOrEqual(sequence);
        const [first, ...others] = events;
        if (first === undefined) throw new Error(`${callId} has no events`);
        expect(await store.call(callId)).toEqual(others.reduce(foldCall, foldCall(undefined, first)));
      }
      const open = await store.openCalls();
      expect(open.length).toBeLessThanOrEqual(rounds);
      await store.close();
    },
  );
}

/** Call ids of pages from the newest on, at most `count` pages. */
async function pages(
  read: (before: string | undefined) => Promise<CallPage>,
  count: number,
): Promise<readonly (readonly string[])[]> {
  const result: (readonly string[])[] = [];
  let before: string | undefined;
  while (result.length < count) {
    const page = await read(before);
    result.push(page.calls.map(({ callId }) => callId));
    if (page.nextCursor === null) break;
    before = page.nextCursor;
  }
  return result;
}

/** A log, and the migrations that were told to it. */
function recordingLog(): { readonly log: Log; readonly migrations: readonly string[] } {
  const told: string[] = [];
  const log: Log = {
    ...silentLog,
    info: (message, fields) => {
      const { migrations: names = [] } = (fields ?? {}) as { migrations?: readonly string[] };
      if (message === 'database migrated') told.push(...names);
    },
  };
  return { migrations: told, log };
}

function byNumber(one: number, other: number): number {
  return one - other;
}

async function allOf(lines: AsyncIterable<string>): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}
