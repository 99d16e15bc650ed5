import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '../../src/lib/log.ts';
import { openStores } from '../../src/storage/index.ts';
import type { Stores } from '../../src/storage/index.ts';
import { CallsGone } from '../../src/storage/storage-errors.ts';
import { CallStory, ended, requested, said } from './call-store-story.ts';
import { findPostgresServer } from './postgres-server.ts';

/** What every database does with calls that are over: lets go of words, of events, of whole calls. */

const found = await findPostgresServer();
const server = typeof found === 'string' ? undefined : found;
if (typeof found === 'string') process.stderr.write(`kept calls on a PostgreSQL server skipped: ${found}\n`);
const folders: string[] = [];
afterAll(async () => {
  await server?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telephone-kept-'));
  folders.push(folder);
  return folder;
}

/** All that is in the files of a folder, as far as it can be searched in. */
function bytesOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return files
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}

/** All rows of all tables, as a dump has them. */
async function dumpOf(url: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const tables = await sql`select tablename from pg_tables where schemaname = 'public'`;
  const dumps = [];
  for (const { tablename } of tables) {
    dumps.push(JSON.stringify(await sql.unsafe(`select row_to_json(t)::text from ${tablename} t`)));
  }
  await sql.end();
  return dumps.join('\n');
}

const day = 86_400_000;
const longAgo = Date.UTC(2030, 0, 1);
const quote = { value: 'Mallory', status: 'stated', quote: 'my name is Mallory', turn: 0 } as const;

async function tellCall(stores: Stores, callId: string, to: string, endedAt = longAgo): Promise<CallStory> {
  const story = new CallStory(callId, endedAt - 60_000);
  const events = story.next(
    requested({ to, idempotencyKey: `key of ${callId} for ${to}` }),
    { type: 'call-answered' },
    { type: 'turn-started', turnId: 't1', speaker: 'person', afterTurnId: null },
    said('t1', 'my name is Mallory'),
    { type: 'carrier-cost-noted', usd: 0.25, isEstimate: false },
    {
      type: 'outcome-reported',
      outcome: { status: 'confirmed', summary: 'Done.', entities: { name: quote } },
    },
    ended('completed', endedAt),
  );
  await stores.calls.append(events, [story.call]);
  return story;
}

describe('embedded', { timeout: 120_000 }, () => {
  letsGo(async () => {
    const dataDir = newFolder();
    return { databaseUrl: null, dataDir, search: async () => bytesOf(dataDir) };
  });
});

describe.skipIf(server === undefined)('on a PostgreSQL server', { timeout: 120_000 }, () => {
  letsGo(async () => {
    const databaseUrl = (await server?.newDatabase()) ?? '';
    return { databaseUrl, dataDir: newFolder(), search: () => dumpOf(databaseUrl) };
  });
});

interface Place {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** What somebody finds who looks through all that is stored. */
  search(): Promise<string>;
}

function letsGo(newPlace: () => Promise<Place>): void {
  let place: Place;
  let stores: Stores;
  beforeAll(async () => {
    place = await newPlace();
    stores = await openStores({ ...place, log: silentLog });
  }, 60_000);
  afterAll(() => stores.calls.close());

  test('what a server keeps of what is being said outlives it until its calls are settled or let go', async () => {
    const place = await newPlace();
    const turns = [{ turnId: 't1', text: 'half \ud83d and \u0000' }];
    const open = (instanceId: string) => openStores({ ...place, log: silentLog, instanceId });
    const first = await open('first');
    const [one, other] = ['call-one', 'call-other'].map((callId) => new CallStory(callId, longAgo));
    if (one === undefined || other === undefined) throw new Error('no stories');
    await one.tell(first.calls, requested());
    await other.tell(first.calls, requested());
    await first.words.keep([{ callId: 'call-other', turns: [{ turnId: 't1', text: 'Hello' }] }]);
    await first.words.keep([{ callId: 'call-one', turns }]);
    expect(await first.words.of('call-other')).toEqual([]);
    expect(await first.words.of('call-one')).toEqual(turns);
    await first.words.forgetGone();
    await first.calls.close();

    const second = await open('second');
    await second.words.forgetGone();
    expect(await second.words.of('call-one')).toEqual(turns);
    await second.words.keep([{ callId: 'call-other', turns }]);
    await one.tell(second.calls, ended('completed', longAgo));
    await other.tell(second.calls, ended('completed', longAgo));
    await second.words.forgetGone();
    expect(await second.words.of('call-one')).toEqual([]);
    expect(await second.words.of('call-other')).toEqual(turns);
    await second.words.keep([]);
    expect(await second.words.of('call-other')).toEqual([]);
    await second.words.keep([{ callId: 'call-other', turns }]);
    await second.calls.close();

    const third = await open('third');
    await other.tell(third.calls, { type: 'log-let-go', what: 'words' });
    expect(await third.words.of('call-other')).toEqual([]);
    await third.calls.close();
  });

  test('words that are let go leave the log and the quotes; the record, the outcome and the money stay', async () => {
    const story = await tellCall(stores, 'call-words', '+14155550111');
    expect(await stores.kept.toThin('words', longAgo + 1, 10)).toContain('call-words');
    expect(await stores.kept.toThin('words', longAgo, 10)).not.toContain('call-words');

    await story.tell(stores.calls, { type: 'log-let-go', what: 'words' });
    const call = await stores.calls.call('call-words');
    expect(call).toEqual(story.call);
    expect(call?.outcome?.entities['name']).toMatchObject({ value: 'Mallory', quote: null });
    expect(call?.cost.carrierUsd).toBe(0.25);
    const events = await stores.calls.eventsOf('call-words');
    expect(events.map(({ event }) => event.type)).toEqual([
      'call-requested',
      'call-answered',
      'carrier-cost-noted',
      'outcome-reported',
      'call-ended',
      'log-let-go',
    ]);
    expect(JSON.stringify(events)).not.toContain('my name is');
    expect(await stores.kept.toThin('words', longAgo + 1, 10)).not.toContain('call-words');
    expect(await stores.kept.toThin('events', longAgo + 1, 10)).toContain('call-words');
  });

  test('a removed call leaves nothing but its sum, and frees its key', async () => {
    const number = '+14155550122';
    const story = await tellCall(stores, 'call-gone', number);
    const before = await stores.calls.costsSince(0);
    await stores.calls.doNotCall.add({
      number: '+14155550133',
      addedAt: longAgo,
      addedBy: 'person',
      callId: 'call-gone',
      note: null,
    });
    expect((await stores.kept.ofPerson(number)).map(({ callId }) => callId)).toEqual(['call-gone']);
    expect(await place.search()).toContain('4155550122');

    expect(await stores.kept.remove(['call-gone'], longAgo)).toEqual(['call-gone']);
    expect(await stores.kept.scrubDueAt()).toBe(longAgo);
    await stores.kept.scrub();
    expect(await stores.kept.scrubDueAt()).toBeUndefined();
    const left = await place.search();
    expect(left).not.toContain('4155550122');
    expect(left).not.toContain('call-gone');
    expect(await stores.calls.call('call-gone')).toBeUndefined();
    expect(await stores.calls.callByIdempotencyKey(`key of call-gone for ${number}`)).toBeUndefined();
    expect(await stores.calls.costsSince(0)).toEqual(before);
    const { entries } = await stores.calls.doNotCall.page({ limit: 10 });
    expect(entries).toContainEqual(expect.objectContaining({ number: '+14155550133', callId: null }));

    const late = story.tell(stores.calls, { type: 'carrier-cost-noted', usd: 9, isEstimate: false });
    await expect(late).rejects.toMatchObject({ callIds: ['call-gone'] } satisfies Partial<CallsGone>);
    expect(await stores.calls.call('call-gone')).toBeUndefined();
    expect(await stores.calls.costsSince(0)).toEqual(before);
  });

  test('a call that has not ended is not removed', async () => {
    const story = new CallStory('call-live', longAgo);
    await story.tell(stores.calls, requested());
    expect(await stores.kept.remove(['call-live'], longAgo)).toEqual([]);
    expect(await stores.calls.call('call-live')).toEqual(story.call);
    expect((await stores.kept.endedBefore(longAgo + day, 10)).map(({ callId }) => callId)).not.toContain(
      'call-live',
    );
  });
}
