import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { DurableFiles, durableStartParams } from './durable-files.ts';
import { seedArchive } from './seed.ts';
import { runStatements } from './statements.ts';
import { unpackTar } from './unpack-tar.ts';
import { Upkeep } from './upkeep.ts';
import type { DatabaseReply, DatabaseRequest, WorkerSettings } from './worker-messages.ts';

// The thread of the embedded database: PostgreSQL computes here, so that it never holds up the audio of a call.

// On Linux a thread has a priority of its own: audio goes first. Elsewhere this would be that of the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const asText = (text: string): string => text;
/** OIDs of `json` and `jsonb`: their text is parsed by whoever asked. */
const parsers = { 114: asText, 3802: asText };

const { directory } = workerData as WorkerSettings;
const complaints: string[] = [];
const isNew = !existsSync(join(directory, 'PG_VERSION'));

function reply(message: DatabaseReply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
}

/** Under another name until complete: a process killed here leaves nothing that looks like a database. */
async function makeCluster(): Promise<void> {
  const unfinished = `${directory}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  unpackTar(await seedArchive(), unfinished);
  renameSync(unfinished, directory);
  syncFolder(dirname(directory));
}

/** Windows cannot open a folder, nor needs to. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

async function open(): Promise<PGlite> {
  if (isNew) await makeCluster();
  return PGlite.create({
    fs: new DurableFiles(directory),
    startParams: [...durableStartParams],
    parsers,
    onStderr: (text) => {
      complaints.push(text);
      complaints.splice(0, complaints.length - 20);
      return false;
    },
  });
}

function failure(id: number, error: unknown): DatabaseReply {
  const { message, code, constraint } = error as { message?: string; code?: string; constraint?: string };
  return {
    type: 'failed',
    id,
    message: message ?? String(error),
    sqlState: code ?? null,
    constraint: constraint ?? null,
  };
}

async function serve(pglite: PGlite): Promise<void> {
  const upkeep = new Upkeep(pglite);
  parentPort?.on('message', async (request: DatabaseRequest) => {
    if (request.type === 'close') {
      // Waits for what is running. PGlite may end the thread itself once it is done.
      await pglite.close();
      parentPort?.close();
      return;
    }
    try {
      reply({ type: 'done', id: request.id, results: await runStatements(pglite, request.statements) });
    } catch (error) {
      reply(failure(request.id, error));
    }
    await upkeep.ran(request.statements);
  });
}

try {
  const pglite = await open();
  await serve(pglite);
  reply({ type: 'opened', isNew });
} catch (error) {
  const fatal = complaints.findLast((line) => /FATAL|PANIC/.test(line));
  reply({ type: 'not-opened', message: fatal ?? (error instanceof Error ? error.message : String(error)) });
}
