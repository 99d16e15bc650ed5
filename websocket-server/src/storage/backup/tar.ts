/** One file of an archive, or what is to become one. */
export interface TarEntry {
  /** At most 100 bytes of UTF-8. */
  readonly name: string;
  readonly bytes: number;
  /** Exactly so many bytes. */
  readonly content: AsyncIterable<Uint8Array>;
}

const blockBytes = 512;
/** Eleven octal digits (POSIX ustar). */
const mostBytes = 8 ** 11 - 1;

/** The archive is not one of ours, or was cut off, or changed. */
export class ArchiveDamaged extends Error {}

/** An uncompressed tar archive of plain files (POSIX ustar), made as it is read. */
export async function* packTar(entries: AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const { name, bytes, content } of entries) {
    yield headerOf(name, bytes);
    let written = 0;
    for await (const part of content) {
      written += part.length;
      yield part;
    }
    if (written !== bytes) throw new Error(`${name} has ${written} bytes, not ${bytes}`);
    yield Buffer.alloc(paddingOf(bytes));
  }
  yield Buffer.alloc(2 * blockBytes);
}

/**
 * Reads such an archive. What is not read of an entry is skipped.
 *
 * @throws ArchiveDamaged when it ends early or holds what is no entry
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const input = new Input(source);
  for (;;) {
    const header = await input.exactly(blockBytes);
    if (header.every((byte) => byte === 0)) return;
    const bytes = Number.parseInt(textAt(header, 124, 12), 8);
    if (!Number.isSafeInteger(bytes) || checksumOf(header) !== Number.parseInt(textAt(header, 148, 8), 8)) {
      throw new ArchiveDamaged('a header in it is not one');
    }
    let left = bytes;
    const content = (async function* () {
      while (left > 0) {
        const part = await input.upTo(left);
        left -= part.length;
        yield part;
      }
    })();
    yield { name: textAt(header, 0, 100), bytes, content };
    // oxlint-disable-next-line no-unused-vars -- skipped
    for await (const _rest of content);
    while (left > 0) left -= (await input.upTo(left)).length;
    await input.exactly(paddingOf(bytes));
  }
}

/** Bytes from a source, as many as are wanted at a time. */
class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** At least one byte, and no more than `most`. */
  async upTo(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#source.next();
      if (done === true) throw new ArchiveDamaged('it ends in the middle');
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async exactly(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = bytes; left > 0;) {
      const part = await this.upTo(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }
}

function headerOf(name: string, bytes: number): Buffer {
  if (Buffer.byteLength(name) > 100 || bytes > mostBytes)
    throw new Error(`${name} does not fit into an archive`);
  const header = Buffer.alloc(blockBytes);
  header.write(name, 0);
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** The sum of all bytes, with blanks for the sum itself. */
function checksumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

function paddingOf(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

function textAt(bytes: Buffer, start: number, length: number): string {
  const text = bytes.toString('utf8', start, start + length);
  const end = text.indexOf('\0');
  return (end === -1 ? text : text.slice(0, end)).trim();
}
