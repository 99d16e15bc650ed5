import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';

/** Audio of a call, WAV, a party per channel. */
export interface StoredRecording {
  readonly bytes: number;
  /** @param first, last positions of the first and the last byte wanted */
  read(first: number, last: number): Readable;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Recordings as files, one per call. */
export class RecordingFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps a recording, wholly or not at all. */
  async keep(callId: string, audio: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = this.#pathOf(callId);
    await writeFile(`${file}.part`, audio, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }

  /** @returns undefined when there is none of that call */
  async of(callId: string): Promise<StoredRecording | undefined> {
    const file = this.#pathOf(callId);
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) return undefined;
    return { bytes: found.size, read: (first, last) => createReadStream(file, { start: first, end: last }) };
  }

  /** @returns whether there was one of that call */
  async remove(callId: string): Promise<boolean> {
    const file = this.#pathOf(callId);
    await rm(`${file}.part`, { force: true });
    const wasThere = (await stat(file).catch(() => undefined)) !== undefined;
    await rm(file, { force: true });
    return wasThere;
  }

  /** Deletes what is older than so many days. @returns how many were deleted */
  async sweep(days: number, now: number): Promise<number> {
    const names = await readdir(this.#folder).catch(() => []);
    let deleted = 0;
    for (const name of names.filter((other) => /\.wav(?:\.part)?$/.test(other))) {
      const file = path.join(this.#folder, name);
      const found = await stat(file).catch(() => undefined);
      if (found === undefined || now - found.mtimeMs < days * dayMs) continue;
      await rm(file, { force: true });
      deleted++;
    }
    return deleted;
  }

  /** Ids of calls are ours, but a path is no place to trust that. */
  #pathOf(callId: string): string {
    return path.join(this.#folder, `${callId.replaceAll(/[^\w-]/g, '_')}.wav`);
  }
}
