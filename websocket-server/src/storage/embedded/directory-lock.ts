import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { InvalidConfig } from '../../lib/config-problems.ts';
import { DataDirectoryInUse } from '../storage-errors.ts';
import { lifeOf, ownIdentity } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** How often an owner touches its lock, for those who cannot see its process. */
const beatMs = 1000;
/** A lock that nobody touched for this long has no owner. */
const silenceMs = 10 * beatMs;
/** Two processes that find the same dead owner both take over; the one whose lock stands after this wins. */
const settleMs = 200;

interface Claim extends ProcessIdentity {
  /** Tells two claims of one process apart. */
  readonly token: string;
}

/** An exclusive hold on a directory, by all who ask through this file. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the directory for this process. PGlite has no lock of its own, and two processes on one cluster lose
 * each other's rows without an error.
 *
 * A dead owner is succeeded at once. An owner in another PID namespace (a second container on one volume)
 * cannot be seen, so its lock is watched for a sign of life first.
 *
 * @param directory made if it is not there
 * @throws DataDirectoryInUse, InvalidConfig
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const file = join(directory, 'database.lock');
  const claim: Claim = { ...ownIdentity(), token: randomUUID() };

  if (!placeFirst(directory, file, claim)) {
    const owner = readClaim(file);
    if (await isHeld(file, owner)) throw new DataDirectoryInUse(directory, owner?.pid ?? 0);
    if (readClaim(file)?.token === owner?.token) rmSync(file, { force: true });
    if (place(file, claim)) await pause(settleMs);
    const winner = readClaim(file);
    if (winner?.token !== claim.token) throw new DataDirectoryInUse(directory, winner?.pid ?? 0);
  }

  const beat = setInterval(() => touch(file), beatMs);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      if (readClaim(file)?.token === claim.token) rmSync(file, { force: true });
    },
  };
}

/** Makes the directory if need be. @throws InvalidConfig when it cannot be made or written to */
function placeFirst(directory: string, file: string, claim: Claim): boolean {
  try {
    makeFolders(directory);
    return place(file, claim);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const message = `Nothing can be kept in ${directory} (${code}). Set it to a folder that this process may make or write to.`;
    throw new InvalidConfig([{ variable: 'DATA_DIR', message }]);
  }
}

/** One level after the other: Node's own `recursive` never ends where a file system knows no folder and makes none, as below /proc. */
function makeFolders(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
    const parent = dirname(directory);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === directory) throw error;
    makeFolders(parent);
    mkdirSync(directory, { mode: 0o700 });
  }
}

/** Puts the claim there unless there is one. */
function place(file: string, claim: Claim): boolean {
  try {
    writeFileSync(file, JSON.stringify(claim), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param owner undefined when the lock cannot be read: just being written, or emptied by a power loss */
async function isHeld(file: string, owner: Claim | undefined): Promise<boolean> {
  const life = owner === undefined ? 'unknown' : lifeOf(owner);
  if (life !== 'unknown') return life === 'alive';
  const seen = touchedAt(file);
  for (let waitedMs = 0; waitedMs < silenceMs; waitedMs += beatMs) {
    await pause(beatMs);
    const touched = touchedAt(file);
    if (touched !== seen) return touched !== undefined;
  }
  return false;
}

/** @returns undefined when there is none, or none that can be read */
function readClaim(file: string): Claim | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Claim;
  } catch {
    return undefined;
  }
}

function touchedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // A lock that somebody deleted has nobody to tell.
  }
}
