import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { writeArchive } from '../backup/backup-archive.ts';
import type { BackupFile } from '../backup/backup-archive.ts';
import type { Database } from '../postgres/database.ts';
import { takeSnapshot } from './snapshot.ts';

/**
 * A backup of everything that is kept in a data directory: all tables as they are at this moment, and the
 * recordings there are. The database answers again once its part is written to files.
 *
 * @param now ms since 1970
 * @returns the archive as it is made; what was written for it is gone when it ends or is destroyed
 */
export async function backUp(database: Database, dataDir: string, now: number): Promise<Readable> {
  const snapshot = await takeSnapshot(database, join(dataDir, 'database'));
  try {
    const { migrations, tables } = snapshot;
    const files: BackupFile[] = Object.keys(tables).map((table) => ({
      name: `tables/${table}`,
      path: snapshot.pathOf(table),
    }));
    const recordings = join(dataDir, 'recordings');
    for (const name of await readdir(recordings).catch(() => [])) {
      if (/^[\w-]+\.wav$/.test(name))
        files.push({ name: `recordings/${name}`, path: join(recordings, name) });
    }
    const archive = writeArchive(
      { format: 1, madeAt: new Date(now).toISOString(), migrations, tables },
      files,
    );
    archive.once('close', () => snapshot.remove());
    return archive;
  } catch (error) {
    snapshot.remove();
    throw error;
  }
}
