import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { ok, problem, warning, type Check } from '../lib/check.ts';

const mebibyte = 1024 * 1024;
const tooLittle = 100 * mebibyte;
const little = 1024 * mebibyte;

/** Free space where calls, and recordings if any, are kept. @param dataDir need not exist */
export function diskCheck(dataDir: string): Check {
  return {
    id: 'disk',
    title: 'Disk',
    async run() {
      let folder = path.resolve(dataDir);
      while (!existsSync(folder) && path.dirname(folder) !== folder) folder = path.dirname(folder);
      const { bavail, bsize } = await statfs(folder);
      return diskFinding(bavail * bsize, dataDir);
    },
  };
}

/** @param freeBytes what a plain user may still write */
export function diskFinding(freeBytes: number, dataDir: string) {
  const free = `${freeBytes < 10 * little ? (freeBytes / little).toFixed(1) : Math.round(freeBytes / little)} GiB free for ${dataDir}.`;
  const fix = 'Free some space, or set DATA_DIR to a folder on another disk.';
  if (freeBytes < tooLittle)
    return problem(`Only ${Math.floor(freeBytes / mebibyte)} MiB free for ${dataDir}.`, fix);
  return freeBytes < little ? warning(`Only ${free}`, fix) : ok(free);
}
