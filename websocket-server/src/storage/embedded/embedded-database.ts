import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Log } from '../../lib/log.ts';
import { StatementFailed } from '../postgres/database.ts';
import type { Database, Row, Statement } from '../postgres/database.ts';
import { DatabaseUnavailable } from '../storage-errors.ts';
import type { BackupHeader } from '../backup/backup-archive.ts';
import { finishRestore, restore } from './restore.ts';
import type { RestoreRequest } from './restore.ts';
import { removeSnapshots } from './snapshot.ts';
import { lockDirectory } from './directory-lock.ts';
import type { DirectoryLock } from './directory-lock.ts';
import type { DatabaseReply, DatabaseRequest, WorkerSettings } from './worker-messages.ts';

/**
 * Opens the PostgreSQL that lives in this process, on a thread of its own.
 *
 * @param dataDir holds the cluster in `database/` and its lock in `database.lock`
 * @throws DataDirectoryInUse, DatabaseUnavailable
 */
export async function openEmbeddedDatabase(dataDir: string, log: Log): Promise<Database> {
  const lock = await lockDirectory(dataDir);
  const directory = resolve(dataDir, 'database');
  finishRestore(dataDir);
  removeSnapshots(directory);
  const database = new EmbeddedDatabase(startWorker(directory), lock, log);
  try {
    await database.opened();
    return database;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseUnavailable(
      `The database in ${join(dataDir, 'database')} cannot be opened: ${reason}. Restore it from a backup, or move it away to begin with an empty one.`,
      { cause: error },
    );
  }
}

/** What the thread leaves for the garbage collector is small and soon gone; by default it may pile up to 48 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/**
 * Makes a data directory out of a backup; see `restore.ts`.
 *
 * @throws BackupDamaged, BackupTooNew, DataDirectoryNotEmpty, DataDirectoryInUse: nothing has changed then
 */
export function restoreEmbedded(request: RestoreRequest, log: Log): Promise<BackupHeader> {
  const open = async (directory: string) => {
    const database = new EmbeddedDatabase(startWorker(resolve(directory)), { release() {} }, log);
    await database.opened();
    return database;
  };
  return restore(request, open, log);
}

/**
 * How much WebAssembly runs before V8 compiles it once more, optimized: ten times its default. PostgreSQL is 9 MB of
 * it, and compiling what hardly pays off took a fifth of the CPU while the first calls were set up, and 25 MB.
 */
const tieringBudget = '--wasm-tiering-budget=18000000';

/** A build puts `database-worker.js` beside the bundle. */
function startWorker(directory: string): Worker {
  const workerData: WorkerSettings = { directory };
  const options = { workerData, execArgv: [], resourceLimits };
  setFlagsFromString(tieringBudget);
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./database-worker.js', import.meta.url), options);
  }
  const source = fileURLToPath(new URL('./database-worker.ts', import.meta.url));
  const runner = new URL('../../../../scripts/source-worker.mjs', import.meta.url);
  return new Worker(runner, { ...options, argv: [source] });
}

interface Waiting {
  resolve(results: readonly (readonly Row[])[]): void;
  reject(error: Error): void;
}

class EmbeddedDatabase implements Database {
  readonly #worker: Worker;
  readonly #opened: Promise<void>;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isClosing = false;
  /** Why nothing more can be asked; undefined while the thread runs. */
  #end: Error | undefined;

  constructor(worker: Worker, lock: DirectoryLock, log: Log) {
    this.#worker = worker;
    worker.on('error', (error) => this.#stop(error));
    this.#exited = new Promise((exited) => {
      worker.on('exit', (code) => {
        this.#stop(new Error(`the thread of the embedded database ended with code ${code}`));
        if (!this.#isClosing) log.error('embedded database stopped', { err: this.#end });
        lock.release();
        exited();
      });
    });
    this.#opened = new Promise((opened, notOpened) => {
      worker.on('message', (reply: DatabaseReply) => {
        if (reply.type === 'opened') {
          if (reply.isNew) log.info('embedded database created');
          opened();
        } else if (reply.type === 'not-opened') notOpened(new Error(reply.message));
        else this.#settle(reply);
      });
      worker.on('exit', () => notOpened(this.#end));
    });
  }

  /** Settles once the cluster runs. When it cannot run, the thread is gone before this rejects. */
  async opened(): Promise<void> {
    try {
      await this.#opened;
    } catch (error) {
      this.#isClosing = true;
      await this.#worker.terminate();
      await this.#exited;
      throw error;
    }
  }

  async run(statement: Statement): Promise<readonly Row[]> {
    const [rows = []] = await this.runTogether([statement]);
    return rows;
  }

  runTogether(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    if (this.#end !== undefined) return Promise.reject(this.#stopped(this.#end));
    if (this.#isClosing) return Promise.reject(new StatementFailed('the embedded database is closed', {}));
    return new Promise((onDone, onFailed) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve: onDone, reject: onFailed });
      this.#send({ type: 'run', id: this.#lastId, statements });
    });
  }

  async scrub(): Promise<void> {
    const tables = await this.run({
      sql: `select quote_ident(tablename) from pg_tables where schemaname = 'public'`,
      params: [],
    });
    for (const [table] of tables) await this.run({ sql: `vacuum full ${String(table)}`, params: [] });
    // What was written lately is in the log of writes, too: a checkpoint drops all files of it but the current one.
    await this.run({ sql: 'select pg_switch_wal()', params: [] });
    await this.run({ sql: 'checkpoint', params: [] });
  }

  async close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#send({ type: 'close' });
    }
    await this.#exited;
  }

  #send(request: DatabaseRequest): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(request);
  }

  #settle(reply: Extract<DatabaseReply, { type: 'done' | 'failed' }>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === 'done') waiting?.resolve(reply.results);
    else waiting?.reject(new StatementFailed(reply.message, reply));
  }

  #stop(error: Error): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#stopped(this.#end));
    this.#waiting.clear();
  }

  #stopped(cause: Error): StatementFailed {
    return new StatementFailed('the embedded database has stopped', {}, { cause });
  }
}
