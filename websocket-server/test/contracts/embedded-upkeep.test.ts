import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { silentLog } from '../../src/lib/log.ts';
import { openEmbeddedDatabase } from '../../src/storage/embedded/embedded-database.ts';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { PostgresUnsettledWords } from '../../src/storage/postgres/postgres-unsettled-words.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'telephone-upkeep-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const megabyte = 1024 * 1024;

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

test(
  'what is written in the same place again and again does not fill the disk while the server runs',
  { timeout: 120_000 },
  async () => {
    const database = await openEmbeddedDatabase(folder, silentLog);
    try {
      await migrate(database);
      const words = new PostgresUnsettledWords(database, 'server_1');
      let text = '';
      for (let written = 0; written < 80 * megabyte; written += text.length) {
        text = randomBytes(600_000).toString('base64');
        await words.keep([{ callId: 'call_1', turns: [{ turnId: 'turn_1', text }] }]);
      }
      expect((await words.of('call_1'))[0]?.text).toBe(text);
      const [row] = await database.run({
        sql: `select pg_total_relation_size('unsettled_words')`,
        params: [],
      });
      expect(Number(row?.[0])).toBeLessThan(60 * megabyte);
      expect(await bytesIn(path.join(folder, 'database/pg_wal'))).toBeLessThan(60 * megabyte);
    } finally {
      await database.close();
    }
  },
);
