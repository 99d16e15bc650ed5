import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { silentLog } from '../../src/lib/log.ts';
import type { AuditEntry } from '../../src/storage/audit-store.ts';
import { openEmbeddedDatabase } from '../../src/storage/embedded/embedded-database.ts';
import type { Database } from '../../src/storage/postgres/database.ts';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { PostgresAuditStore } from '../../src/storage/postgres/postgres-audit-store.ts';
import { openServerDatabase } from '../../src/storage/server/server-database.ts';
import { findPostgresServer } from './postgres-server.ts';

const found = await findPostgresServer();
const server = typeof found === 'string' ? undefined : found;
const folder = await mkdtemp(path.join(tmpdir(), 'telephone-audit-'));
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const start = Date.UTC(2030, 0, 1);
const entry: AuditEntry = {
  at: start,
  action: 'call-placed',
  outcome: 'done',
  detail: null,
  by: 'token',
  name: 'ada',
  door: 'mcp',
  address: '192.0.2.1',
  callId: 'call_1',
};

const places: [string, (() => Promise<Database>) | undefined][] = [
  ['embedded', () => openEmbeddedDatabase(folder, silentLog)],
  [
    'on a PostgreSQL server',
    server && (async () => openServerDatabase(await server.newDatabase(), silentLog)),
  ],
];

describe.each(places)('the audit log %s', (_where, open) => {
  test.skipIf(open === undefined)(
    'gives back what was added by page and filter, refuses changes, and lets go of what is old',
    { timeout: 120_000 },
    async () => {
      const database = await open?.();
      if (database === undefined) return;
      await migrate(database);
      const store = new PostgresAuditStore(database);
      const entries: AuditEntry[] = [
        entry,
        { ...entry, at: start + 1, action: 'call-steered', detail: 'transfer', door: 'page' },
        { ...entry, at: start + 2, outcome: 'refused', by: null, name: null, address: null, callId: null },
        { ...entry, at: start + 3, name: 'bea\0', callId: 'call_2' },
      ];
      await store.add(entries.slice(0, 1));
      await store.add(entries.slice(1));
      await store.add([]);

      const first = await store.page({ limit: 3 });
      expect(first.entries).toEqual([{ ...entries[3], name: 'bea' }, entries[2], entries[1]]);
      const second = await store.page({ limit: 3, before: first.nextCursor ?? 0 });
      expect(second).toEqual({ entries: [entry], nextCursor: null });

      const only = async (query: object) =>
        (await store.page({ limit: 10, ...query })).entries.map(({ at }) => at - start);
      expect(await only({ action: 'call-steered' })).toEqual([1]);
      expect(await only({ outcome: 'refused' })).toEqual([2]);
      expect(await only({ name: 'ada' })).toEqual([1, 0]);
      expect(await only({ door: 'page' })).toEqual([1]);
      expect(await only({ callId: 'call_2' })).toEqual([3]);
      expect(await only({ since: start + 1, until: start + 3 })).toEqual([2, 1]);
      expect(await only({ callId: 'call_1', door: 'mcp' })).toEqual([0]);

      for (const sql of [`update audit_log set name = 'nobody'`, 'truncate audit_log']) {
        await expect(database.run({ sql, params: [] })).rejects.toThrow('never changed');
      }
      expect(await store.deleteBefore(start + 2)).toBe(2);
      expect(await only({})).toEqual([3, 2]);
      await database.close();
    },
  );
});
