import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const blockBytes = 512;

/**
 * Writes the files and folders of an uncompressed tar archive, readable by their owner alone.
 *
 * The archive is trusted: it is a seed, or one that PGlite wrote (plain ustar entries, names of at most 100 bytes).
 * In a seed, the name of a folder ends with a slash, which `join` keeps.
 *
 * @param folder made if it is not there
 */
export function unpackTar(archive: Uint8Array, folder: string): void {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let offset = 0;
  while (offset + blockBytes <= bytes.length && bytes[offset] !== 0) {
    const target = join(folder, textAt(bytes, offset, 100));
    const size = Number.parseInt(textAt(bytes, offset + 124, 12), 8);
    if (!Number.isSafeInteger(size)) throw new Error(`the archive is damaged at byte ${offset}`);
    const contentStart = offset + blockBytes;
    if (textAt(bytes, offset + 156, 1) === '5' || target.endsWith(sep)) {
      mkdirSync(target, { recursive: true, mode: 0o700 });
    } else {
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      writeFileSync(target, bytes.subarray(contentStart, contentStart + size), { mode: 0o600 });
    }
    offset = contentStart + Math.ceil(size / blockBytes) * blockBytes;
  }
}

/** A field of a header: text up to the first NUL. */
function textAt(bytes: Buffer, start: number, length: number): string {
  const text = bytes.toString('utf8', start, start + length);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}
