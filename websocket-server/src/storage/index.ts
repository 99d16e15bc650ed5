import type { Log } from '../lib/log.ts';
import type { CallStore } from './call-store.ts';
import { openEmbeddedDatabase } from './embedded/embedded-database.ts';
import { migrate } from './postgres/migrate.ts';
import { PostgresCallStore } from './postgres/postgres-call-store.ts';
import { openServerDatabase } from './server/server-database.ts';

export interface CallStoreSettings {
  /** A PostgreSQL server; null for the embedded database. */
  readonly databaseUrl: string | null;
  /** Holds the embedded database; made when it is not there. */
  readonly dataDir: string;
  readonly log: Log;
}

/**
 * Opens the store of calls and brings its tables up to date.
 *
 * @throws DataDirectoryInUse, DatabaseUnavailable, DatabaseTooNew
 */
export async function openCallStore({ databaseUrl, dataDir, log }: CallStoreSettings): Promise<CallStore> {
  const database =
    databaseUrl === null
      ? await openEmbeddedDatabase(dataDir, log)
      : await openServerDatabase(databaseUrl, log);
  try {
    const applied = await migrate(database);
    if (applied.length > 0) log.info('database migrated', { migrations: applied });
    return new PostgresCallStore(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}
