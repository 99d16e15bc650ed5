import type { Readable } from 'node:stream';
import type { Log } from '../lib/log.ts';
import type { AuditStore } from './audit-store.ts';
import type { CallStore } from './call-store.ts';
import { backUp } from './embedded/backup.ts';
import { openEmbeddedDatabase, restoreEmbedded } from './embedded/embedded-database.ts';
import { NotEmbedded } from './storage-errors.ts';
import { migrate } from './postgres/migrate.ts';
import { PostgresAuditStore } from './postgres/postgres-audit-store.ts';
import { PostgresCallStore } from './postgres/postgres-call-store.ts';
import { PostgresLimitsStore } from './postgres/postgres-limits-store.ts';
import { PostgresSettingsStore } from './postgres/postgres-settings-store.ts';
import { PostgresUnsettledWords } from './postgres/postgres-unsettled-words.ts';
import { openServerDatabase } from './server/server-database.ts';
import { PostgresKeptCalls } from './postgres/postgres-kept-calls.ts';
import type { KeptCalls } from './kept-calls.ts';
import { PostgresHolderRequests } from './postgres/postgres-holder-requests.ts';
import { PostgresServerInstances } from './postgres/postgres-server-instances.ts';
import type { HolderRequests } from './holder-requests.ts';
import type { ServerInstances } from './server-instances.ts';
import { PostgresWebhookOutbox } from './postgres/postgres-webhook-outbox.ts';
import type { WebhookOutbox, WebhookWriter } from './webhook-outbox.ts';
import type { LimitsStore } from './limits-store.ts';
import type { SettingsStore } from './settings-store.ts';
import type { UnsettledWords } from './unsettled-words.ts';

export interface CallStoreSettings {
  /** A PostgreSQL server; null for the embedded database. */
  readonly databaseUrl: string | null;
  /** Holds the embedded database; made when it is not there. */
  readonly dataDir: string;
  readonly log: Log;
  /** What of each event is put into the outbox, with it or not at all; nothing unless given. */
  readonly webhookWriter?: WebhookWriter | undefined;
  /** Of this server: no other one on the database has it. */
  readonly instanceId?: string | undefined;
  /** Where this server is reached, as other servers on the database tell their clients. */
  readonly address?: string | null | undefined;
}

export { restoreEmbedded };

/** Everything that is kept, in one database. */
export interface Stores {
  /** Closing it closes the database, and with it all other stores. */
  readonly calls: CallStore;
  readonly words: UnsettledWords;
  readonly settings: SettingsStore;
  readonly limits: LimitsStore;
  readonly kept: KeptCalls;
  readonly outbox: WebhookOutbox;
  readonly instances: ServerInstances;
  readonly requests: HolderRequests;
  /**
   * A backup of everything, made as it is read.
   *
   * @param now ms since 1970
   * @throws NotEmbedded when the calls are on a PostgreSQL server
   */
  backUp(now: number): Promise<Readable>;
  readonly audit: AuditStore;
}

/**
 * Opens the store of calls and brings its tables up to date.
 *
 * @throws DataDirectoryInUse, DatabaseUnavailable, DatabaseTooNew
 */
export async function openCallStore(settings: CallStoreSettings): Promise<CallStore> {
  return (await openStores(settings)).calls;
}

/**
 * Opens the database and brings its tables up to date.
 *
 * @throws DataDirectoryInUse, DatabaseUnavailable, DatabaseTooNew
 */
export async function openStores(settings: CallStoreSettings): Promise<Stores> {
  const { databaseUrl, dataDir, log, webhookWriter, instanceId = 'alone', address = null } = settings;
  const database =
    databaseUrl === null
      ? await openEmbeddedDatabase(dataDir, log)
      : await openServerDatabase(databaseUrl, log);
  try {
    const applied = await migrate(database);
    if (applied.length > 0) log.info('database migrated', { migrations: applied });
    return {
      calls: new PostgresCallStore(database, { webhookWriter, owner: instanceId }),
      words: new PostgresUnsettledWords(database, instanceId),
      settings: new PostgresSettingsStore(database),
      limits: new PostgresLimitsStore(database),
      kept: new PostgresKeptCalls(database),
      outbox: new PostgresWebhookOutbox(database),
      instances: new PostgresServerInstances(database, instanceId, databaseUrl !== null, address),
      requests: new PostgresHolderRequests(database, instanceId),
      backUp: async (now) => {
        if (databaseUrl !== null) throw new NotEmbedded();
        return backUp(database, dataDir, now);
      },
      audit: new PostgresAuditStore(database),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
