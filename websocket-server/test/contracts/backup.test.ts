import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { silentLog } from '../../src/lib/log.ts';
import type { Log } from '../../src/lib/log.ts';
import { writeArchive } from '../../src/storage/backup/backup-archive.ts';
import { openStores, restoreEmbedded } from '../../src/storage/index.ts';
import type { Stores } from '../../src/storage/index.ts';
import { migrations } from '../../src/storage/postgres/migrations.ts';
import { CallStory, ended, requested, said } from './call-store-story.ts';

/** An embedded store is backed up and restored, whole or not at all. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telephone-backup-'));
  folders.push(folder);
  return folder;
}
const open = (dataDir: string) => openStores({ databaseUrl: null, dataDir, log: silentLog });
const written = (archive: Readable, file: string) => pipeline(archive, createWriteStream(file));
const restore = (file: string, dataDir: string, force = false) =>
  restoreEmbedded({ file, dataDir, force }, silentLog);

const strange = 'caf\u00e9 \u0000 \ud83d \\N \t "quoted" \\. \n end';
const audio = Buffer.from([1, 2, 3, 250, 0, 10, 13]);
const original = newFolder();
const file = join(newFolder(), 'backup.tar.gz');
const story = new CallStory('call-1', Date.UTC(2030, 0, 1));
let stores: Stores;

beforeAll(async () => {
  stores = await open(original);
  await story.tell(
    stores.calls,
    requested({ idempotencyKey: 'key' }),
    said('t1', strange),
    ended('completed', 5),
  );
  await stores.settings.save({ instructions: strange }, 0, 1);
  mkdirSync(join(original, 'recordings'), { recursive: true });
  writeFileSync(join(original, 'recordings/call-1.wav'), audio);
  const other = new CallStory('call-2', Date.UTC(2031, 0, 1));
  const archive = await stores.backUp(Date.UTC(2032, 0, 1));
  // Calls go on while the backup is read.
  await Promise.all([written(archive, file), other.tell(stores.calls, requested())]);
});
afterAll(() => stores.calls.close());

test('a backup that is given up in the middle leaves no file and no error behind', async () => {
  for (let waits = 0; waits < 30; waits++) {
    const archive = await stores.backUp(Date.UTC(2032, 0, 1));
    const closed = once(archive, 'close');
    archive.resume();
    for (let turn = 0; turn < waits; turn++) await new Promise((resolve) => setImmediate(resolve));
    archive.destroy();
    await closed;
  }
  expect(readdirSync(join(original, 'database')).filter((name) => name.startsWith('snapshot-'))).toEqual([]);
});

test('what is restored is what was there when the backup began, and goes on from there', async () => {
  const dataDir = newFolder();
  expect(await restore(file, dataDir)).toMatchObject({ madeAt: '2032-01-01T00:00:00.000Z' });
  const restored = await open(dataDir);
  expect(await restored.calls.call('call-1')).toEqual(story.call);
  expect(await restored.calls.eventsOf('call-1')).toEqual(await stores.calls.eventsOf('call-1'));
  expect(await restored.settings.read()).toEqual(await stores.settings.read());
  expect(await restored.calls.call('call-2')).toBeUndefined();
  expect(readFileSync(join(dataDir, 'recordings/call-1.wav'))).toEqual(audio);
  const later = await new CallStory('call-3', 1).tell(restored.calls, requested());
  const last = (await restored.calls.eventsOf('call-1')).at(-1)?.position ?? 0;
  expect(later[0]?.position).toBeGreaterThan(last);
  await restored.calls.close();

  await expect(restore(file, dataDir)).rejects.toMatchObject({ code: 'data-directory-not-empty' });
  await restore(file, dataDir, true);
  const again = await open(dataDir);
  expect(await again.calls.call('call-3')).toBeUndefined();
  expect(await again.calls.call('call-1')).toEqual(story.call);
  await again.calls.close();
  expect(readdirSync(dataDir).toSorted()).toEqual(['database', 'recordings']);
});

test('a directory in use is not restored over', async () => {
  await expect(restore(file, original, true)).rejects.toMatchObject({ code: 'data-directory-in-use' });
  expect(await stores.calls.call('call-1')).toEqual(story.call);
});

test('a backup that was cut off or changed, or is none, is refused before anything is touched', async () => {
  const whole = readFileSync(file);
  const cutOff = whole.subarray(0, whole.length - 200);
  const changed = Buffer.from(whole);
  const middle = Math.floor(whole.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 0xff;
  const broken = join(newFolder(), 'broken');
  for (const bytes of [cutOff, changed, Buffer.from('no backup'), Buffer.alloc(0)]) {
    writeFileSync(broken, bytes);
    const dataDir = newFolder();
    await expect(restore(broken, dataDir, true)).rejects.toMatchObject({ code: 'backup-damaged' });
    expect(readdirSync(dataDir)).toEqual([]);
  }
  await expect(restore(join(broken, 'none'), newFolder())).rejects.toMatchObject({ code: expect.anything() });
});

test('a backup of a newer version is refused', async () => {
  const newer = join(newFolder(), 'newer');
  const header = { format: 1, madeAt: '', migrations: ['9999-from-the-future'], tables: {} } as const;
  await written(writeArchive(header, []), newer);
  const dataDir = newFolder();
  await expect(restore(newer, dataDir)).rejects.toMatchObject({ code: 'backup-too-new' });
  expect(readdirSync(dataDir)).toEqual([]);
});

test('a backup of an older version is brought up to date when it is opened', async () => {
  const [first = '', ...later] = migrations.map(({ name }) => name);
  const older = join(newFolder(), 'older');
  await written(writeArchive({ format: 1, madeAt: '', migrations: [first], tables: {} }, []), older);
  const dataDir = newFolder();
  await restore(older, dataDir);
  const applied: unknown[] = [];
  const log: Log = { ...silentLog, info: (_message, details) => applied.push(details?.['migrations']) };
  const reopened = await openStores({ databaseUrl: null, dataDir, log });
  expect(applied).toEqual([later]);
  await new CallStory('call-1', 1).tell(reopened.calls, requested());
  expect(await reopened.calls.call('call-1')).toMatchObject({ callId: 'call-1' });
  await reopened.calls.close();
});

test('what processes left that were killed while they restored or backed up is tidied up at the next start', async () => {
  const dataDir = newFolder();
  await restore(file, dataDir);
  // As after a kill between the two moves at the end of a restore.
  mkdirSync(join(dataDir, 'restore.ready/recordings'), { recursive: true });
  writeFileSync(join(dataDir, 'restore.ready/recordings/call-9.wav'), audio);
  mkdirSync(join(dataDir, 'database/snapshot-left'));
  const reopened = await open(dataDir);
  expect(await reopened.calls.call('call-1')).toEqual(story.call);
  await reopened.calls.close();
  expect(existsSync(join(dataDir, 'restore.ready'))).toBe(false);
  expect(readdirSync(join(dataDir, 'recordings'))).toEqual(['call-9.wav']);
  expect(readdirSync(join(dataDir, 'database'))).not.toContain('snapshot-left');
});
