import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { packTar } from '../backup/tar.ts';
import type { TarEntry } from '../backup/tar.ts';
import { migrate } from '../postgres/migrate.ts';
import { migrations } from '../postgres/migrations.ts';
import { DurableFiles, durableStartParams } from './durable-files.ts';
import { runStatements } from './statements.ts';
import { unpackTar } from './unpack-tar.ts';

const pgliteFolder = dirname(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')));

/** Of one PGlite and its tables only: a cluster's format may change with it. */
export function seedFileName(): string {
  const { version } = JSON.parse(readFileSync(join(pgliteFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const tables = createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 12);
  return `database-seed-${version}-${tables}.tar.br`;
}

/**
 * A cluster with its tables and nothing in them, as a tar archive. Making one takes seconds and 900 MB of memory, so
 * it is looked for beside this file, where a build puts it, and then among the caches of node_modules, where it is
 * left if it had to be made.
 */
export async function seedArchive(): Promise<Uint8Array> {
  const cacheFolder = join(pgliteFolder, '..', '..', '.cache', 'mcp-telephone');
  for (const folder of [fileURLToPath(new URL('.', import.meta.url)), cacheFolder]) {
    const compressed = readIfThere(join(folder, seedFileName()));
    if (compressed !== undefined) return brotliDecompressSync(compressed);
  }
  const archive = await makeSeedArchive();
  try {
    writeSeed(cacheFolder, archive);
  } catch {
    // An installation that cannot be written to has no cache.
  }
  return archive;
}

/** Makes the tables in a new cluster, and shuts it down: one that was not has to recover at its first start. */
export async function makeSeedArchive(): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-telephone-seed-'));
  try {
    unpackTar(await makeCluster(), folder);
    const pglite = await PGlite.create({
      fs: new DurableFiles(folder),
      startParams: [...durableStartParams],
    });
    try {
      await migrate({
        run: async (statement) => (await runStatements(pglite, [statement]))[0] ?? [],
        runTogether: (statements) => runStatements(pglite, statements),
      });
    } finally {
      await pglite.close();
    }
    const parts: Uint8Array[] = [];
    for await (const part of packTar(entriesOf(folder))) parts.push(part);
    return Buffer.concat(parts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Initialises a cluster in memory. Its template databases are left out: they are two thirds of it, and unused. */
async function makeCluster(): Promise<Uint8Array> {
  const pglite = await PGlite.create();
  try {
    await pglite.exec('update pg_database set datistemplate = false');
    await pglite.exec('drop database template0');
    await pglite.exec('drop database template1');
    await pglite.exec('checkpoint');
    const dump = await pglite.dumpDataDir('none');
    return new Uint8Array(await dump.arrayBuffer());
  } finally {
    await pglite.close();
  }
}

/** All files and folders below a folder; the name of a folder ends with a slash. */
async function* entriesOf(folder: string): AsyncGenerator<TarEntry> {
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    const name = path.slice(folder.length + 1).replaceAll(sep, '/');
    const content = file.isDirectory() ? undefined : readFileSync(path);
    yield content === undefined
      ? { name: `${name}/`, bytes: 0, content: inOne(Buffer.alloc(0)) }
      : { name, bytes: content.length, content: inOne(content) };
  }
}

async function* inOne(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** Appears under its name only when complete, so that others may look for it meanwhile. */
export function writeSeed(folder: string, archive: Uint8Array): string {
  const file = join(folder, seedFileName());
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${file}.${process.pid}`,
    brotliCompressSync(archive, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24 },
    }),
  );
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
