import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataDirectoryInUse } from '../storage-errors.ts';
import { lockDirectory } from './directory-lock.ts';
import { ownIdentity } from './process-identity.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'telephone-lock-'));
  file = join(directory, 'database.lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function leaveLock(change: Readonly<Record<string, unknown>>): void {
  writeFileSync(file, JSON.stringify({ ...ownIdentity(), token: 'of another', ...change }));
}

test('a directory has one owner at a time, and is free after its release', async () => {
  const lock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toThrow(DataDirectoryInUse);
  lock.release();
  expect(existsSync(file)).toBe(false);
  (await lockDirectory(directory)).release();
});

test('a directory that is not there is made', async () => {
  const lock = await lockDirectory(join(directory, 'new', 'folder'));
  expect(existsSync(join(directory, 'new', 'folder', 'database.lock'))).toBe(true);
  lock.release();
});

test('the lock of a process that is gone is taken over', async () => {
  const beyondAnyPid = 2 ** 22 + 1;
  leaveLock({ pid: beyondAnyPid });
  const lock = await lockDirectory(directory);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
});

test.skipIf(ownIdentity().startedAt === null)(
  'a number that now belongs to another process, even to us, does not hold a directory',
  async () => {
    leaveLock({ startedAt: '1' });
    const lock = await lockDirectory(directory);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject(ownIdentity());
    lock.release();
  },
);

test('of two that find the lock of a process that is gone, one gets the directory', async () => {
  leaveLock({ pid: 2 ** 22 + 1 });
  const results = await Promise.allSettled([lockDirectory(directory), lockDirectory(directory)]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test.each([
  ['the lock of a process that we cannot see', { namespace: 'another container' }],
  ['a lock that cannot be read', undefined],
])('%s holds as long as somebody touches it', async (_, change) => {
  if (change === undefined) writeFileSync(file, '');
  else leaveLock(change);
  let beats = 0;
  const owner = setInterval(() => utimesSync(file, new Date(), new Date(1e12 + (beats += 1))), 100);
  try {
    await expect(lockDirectory(directory)).rejects.toThrow(DataDirectoryInUse);
  } finally {
    clearInterval(owner);
  }
});
