import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../../lib/log.ts';
import { readArchive } from '../backup/backup-archive.ts';
import type { BackupHeader } from '../backup/backup-archive.ts';
import { ArchiveDamaged } from '../backup/tar.ts';
import type { Database } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { migrations } from '../postgres/migrations.ts';
import { BackupDamaged, BackupTooNew, DataDirectoryNotEmpty } from '../storage-errors.ts';
import { lockDirectory } from './directory-lock.ts';
import { fillTables } from './snapshot.ts';

/** Being made; of no meaning to anybody. */
const unfinished = 'restore.part';
/** Complete: whoever opens the directory next puts it in place. */
const finished = 'restore.ready';
const parts = ['database', 'recordings'] as const;
const incoming = 'incoming';

export interface RestoreRequest {
  /** Path of a backup. */
  readonly file: string;
  readonly dataDir: string;
  /** What is in the directory may go. */
  readonly force: boolean;
}

/**
 * Makes a data directory out of a backup. The backup is read to its end and checked before anything is touched, and
 * what was there stays whole until all of the new is.
 *
 * @param open starts a database on a cluster's directory, without a lock
 * @throws BackupDamaged, BackupTooNew, DataDirectoryNotEmpty, DataDirectoryInUse: nothing has changed then
 */
export async function restore(
  { file, dataDir, force }: RestoreRequest,
  open: (directory: string, log: Log) => Promise<Database>,
  log: Log,
): Promise<BackupHeader> {
  const header = await checked(file);
  const lock = await lockDirectory(dataDir);
  try {
    finishRestore(dataDir);
    const isEmpty = parts.every((part) => isEmptyFolder(join(dataDir, part)));
    if (!isEmpty && !force) throw new DataDirectoryNotEmpty(dataDir);
    const stage = join(dataDir, unfinished);
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(join(stage, 'recordings'), { recursive: true, mode: 0o700 });
    const database = await open(join(stage, 'database'), log);
    try {
      await fill(database, stage, file, header);
    } finally {
      await database.close();
    }
    renameSync(stage, join(dataDir, finished));
    finishRestore(dataDir);
    return header;
  } finally {
    lock.release();
  }
}

/** Puts a restored directory in place that is complete, also where a process was killed in the middle of it. */
export function finishRestore(dataDir: string): void {
  const ready = join(dataDir, finished);
  if (!existsSync(ready)) return;
  for (const part of parts) {
    if (!existsSync(join(ready, part))) continue;
    rmSync(join(dataDir, part), { recursive: true, force: true });
    renameSync(join(ready, part), join(dataDir, part));
  }
  rmSync(ready, { recursive: true, force: true });
}

async function checked(file: string): Promise<BackupHeader> {
  try {
    const header = await readArchive(file);
    const unknown = header.migrations.find((name) => !migrations.some((known) => known.name === name));
    if (unknown !== undefined || header.format !== 1) throw new BackupTooNew(file);
    return header;
  } catch (error) {
    if (error instanceof ArchiveDamaged) throw new BackupDamaged(file, error.message, { cause: error });
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new BackupDamaged(file, 'there is no such file', { cause: error });
    }
    throw error;
  }
}

async function fill(database: Database, stage: string, file: string, header: BackupHeader): Promise<void> {
  // A new cluster has the tables of this version, and the backup may be of an older one.
  await database.runTogether([
    { sql: 'drop schema public cascade', params: [] },
    { sql: 'create schema public', params: [] },
  ]);
  await migrate(database, header.migrations);
  const folder = join(stage, 'database', incoming);
  mkdirSync(folder, { mode: 0o700 });
  await readArchive(file, async ({ name, content }) => {
    const [kind, rest = ''] = name.split('/');
    const path = kind === 'tables' ? join(folder, rest) : join(stage, 'recordings', rest);
    await pipeline(content, createWriteStream(path, { mode: 0o600 }));
  });
  await fillTables(database, incoming, header.tables);
  rmSync(folder, { recursive: true, force: true });
}

function isEmptyFolder(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}
