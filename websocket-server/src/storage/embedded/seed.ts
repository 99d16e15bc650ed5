import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

const pgliteFolder = dirname(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')));

/** Of one PGlite only: a cluster's format may change with it. */
export function seedFileName(): string {
  const { version } = JSON.parse(readFileSync(join(pgliteFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return `database-seed-${version}.tar.br`;
}

/**
 * An empty cluster as a tar archive. Making one takes seconds and 900 MB of memory, so it is looked for beside
 * this file, where a build puts it, and then among the caches of node_modules, where it is left if it had to
 * be made.
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

/** Initialises a cluster in memory. Its template databases are left out: they are two thirds of it, and unused. */
export async function makeSeedArchive(): Promise<Uint8Array> {
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
