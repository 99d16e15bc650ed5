import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { ArchiveDamaged, packTar, readTar } from './tar.ts';
import type { TarEntry } from './tar.ts';

/** What a backup says of itself, in its first entry. */
export interface BackupHeader {
  readonly format: 1;
  /** ISO 8601. */
  readonly madeAt: string;
  /** Those that its tables had. */
  readonly migrations: readonly string[];
  /** The columns of each table, in the order of its rows. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

/** A file that goes into a backup. */
export interface BackupFile {
  /** e.g. `tables/calls`, `recordings/call_1.wav` */
  readonly name: string;
  readonly path: string;
}

const headerName = 'backup.json';
/** The last entry: without it the archive is not whole. */
const sumsName = 'checksums.json';
const longestJson = 16 * 1024 * 1024;
const fileNames = /^(?:tables\/[a-z_0-9]+|recordings\/[\w-]+\.wav)$/;

/** A gzipped tar archive, made as it is read. Files that are gone by then are left out. */
export function writeArchive(header: BackupHeader, files: readonly BackupFile[]): Readable {
  return through(Readable.from(packTar(entriesOf(header, files)), { objectMode: false }), createGzip());
}

/** An error on the way is thrown to whoever reads, and to nobody else. */
function through(source: Readable, transform: Transform): Transform {
  pipeline(source, transform, () => {});
  return transform;
}

async function* entriesOf(header: BackupHeader, files: readonly BackupFile[]): AsyncGenerator<TarEntry> {
  const sums: Record<string, string> = {};
  yield jsonEntry(headerName, header);
  for (const { name, path } of files) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    const content = firstBytesOf(path, found.size);
    yield { name, bytes: found.size, content: hashed(content, (sum) => (sums[name] = sum)) };
  }
  yield jsonEntry(sumsName, sums);
}

/** Opens the file once it is read: a stream that nobody reads, of a file that is gone by then, throws at nobody. */
async function* firstBytesOf(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  if (bytes > 0) yield* createReadStream(path, { end: bytes - 1 });
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  done: (sum: string) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const part of content) {
    hash.update(part);
    yield part;
  }
  done(hash.digest('hex'));
}

function jsonEntry(name: string, value: unknown): TarEntry {
  const text = Buffer.from(JSON.stringify(value));
  return { name, bytes: text.length, content: Readable.from([text]) };
}

/**
 * Reads an archive from its first byte to its last.
 *
 * @param take is given each file of it, and may leave it unread
 * @throws ArchiveDamaged when it is not a backup, not whole, or not as it was written
 */
export async function readArchive(
  path: string,
  take: (file: TarEntry, header: BackupHeader) => Promise<void> = async () => {},
): Promise<BackupHeader> {
  const sums = new Map<string, string>();
  let header: BackupHeader | undefined;
  let isWhole = false;
  try {
    for await (const entry of readTar(through(createReadStream(path), createGunzip()))) {
      if (isWhole) throw new ArchiveDamaged('something follows its end');
      if (header === undefined) {
        header = headerOf(entry.name === headerName ? await jsonOf(entry) : undefined);
      } else if (entry.name === sumsName) {
        compare(sums, await jsonOf(entry));
        isWhole = true;
      } else {
        const { name } = entry;
        if (!fileNames.test(name)) throw new ArchiveDamaged(`it holds "${name}", which belongs to no backup`);
        const content = hashed(entry.content, (sum) => sums.set(name, sum));
        await take({ ...entry, content }, header);
        // oxlint-disable-next-line no-unused-vars -- what nobody took counts for the sum
        for await (const _rest of content);
      }
    }
  } catch (error) {
    throw error instanceof ArchiveDamaged || !isZlibError(error) ? error : new ArchiveDamaged(error.message);
  }
  if (header === undefined || !isWhole) throw new ArchiveDamaged('its end is missing');
  return header;
}

async function jsonOf({ bytes, content }: TarEntry): Promise<unknown> {
  if (bytes > longestJson) throw new ArchiveDamaged('its list is too long');
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new ArchiveDamaged('its list cannot be read');
  }
}

function headerOf(value: unknown): BackupHeader {
  const { format, migrations, tables } = (value ?? {}) as Partial<BackupHeader>;
  if (format === undefined || !Array.isArray(migrations) || tables === undefined) {
    throw new ArchiveDamaged('it is no backup of MCP Telephone');
  }
  return value as BackupHeader;
}

function compare(sums: ReadonlyMap<string, string>, written: unknown): void {
  const expected = Object.entries(written as Record<string, string>);
  const wrong = expected.find(([name, sum]) => sums.get(name) !== sum)?.[0];
  if (wrong !== undefined) throw new ArchiveDamaged(`"${wrong}" is not as it was written`);
  if (expected.length !== sums.size) throw new ArchiveDamaged('it holds files that nobody wrote');
}

function isZlibError(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
