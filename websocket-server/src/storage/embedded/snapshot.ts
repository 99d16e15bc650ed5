import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../postgres/database.ts';

/** Where PGlite sees the directory of its cluster. */
const seenAt = '/pglite/data';
const prefix = 'snapshot-';

/** All tables as they were at one moment, a file each, in PostgreSQL's text format. */
export interface TableSnapshot {
  /** The columns of each table, in the order of the rows. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly migrations: readonly string[];
  pathOf(table: string): string;
  /** Deletes the files. */
  remove(): void;
}

/**
 * Writes all tables into files. The database answers nothing else meanwhile.
 *
 * @param directory of its cluster
 */
export async function takeSnapshot(database: Database, directory: string): Promise<TableSnapshot> {
  const name = `${prefix}${randomUUID()}`;
  const folder = join(directory, name);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const tables = await columnsOf(database);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const [migrations = []] = await database.runTogether([
      { sql: 'select name from schema_migrations order by name', params: [] },
      ...Object.entries(tables).map(([table, columns]) => ({
        sql: `copy ${table} (${columns.join(', ')}) to '${seenAt}/${name}/${table}'`,
        params: [],
      })),
    ]);
    return {
      tables,
      migrations: migrations.map(([migration]) => String(migration)),
      pathOf: (table) => join(folder, table),
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Fills empty tables from files in the cluster's folder `name`. */
export async function fillTables(
  database: Database,
  name: string,
  tables: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const known = await columnsOf(database);
  for (const [table, columns] of Object.entries(tables)) {
    const unknown = columns.find((column) => known[table]?.includes(column) !== true);
    if (unknown !== undefined)
      throw new Error(`the backup has a column ${table}.${unknown}, which nobody knows`);
  }
  // Events refer to calls.
  const inOrder = Object.entries(tables).toSorted(([one]) => (one === 'calls' ? -1 : 1));
  const counted = await database.run({
    sql: `select table_name, column_name from information_schema.columns
      where table_schema = 'public' and is_identity = 'YES'`,
    params: [],
  });
  await database.runTogether([
    ...inOrder.map(([table, columns]) => ({
      sql: `copy ${table} (${columns.join(', ')}) from '${seenAt}/${name}/${table}'`,
      params: [],
    })),
    ...counted.map(([table, column]) => ({
      sql: `select setval(pg_get_serial_sequence('${String(table)}', '${String(column)}'),
        (select coalesce(max(${String(column)}), 0) + 1 from ${String(table)}), false)`,
      params: [],
    })),
  ]);
}

/** Deletes what a process that was killed meanwhile left. */
export function removeSnapshots(directory: string): void {
  if (!existsSync(directory)) return;
  const names = readdirSync(directory, { withFileTypes: true }).filter(({ name }) => name.startsWith(prefix));
  for (const { name } of names) rmSync(join(directory, name), { recursive: true, force: true });
}

async function columnsOf(database: Database): Promise<Record<string, string[]>> {
  const rows = await database.run({
    sql: `select table_name, column_name from information_schema.columns
      where table_schema = 'public' and table_name <> 'schema_migrations'
      order by table_name, ordinal_position`,
    params: [],
  });
  const tables: Record<string, string[]> = {};
  for (const [table, column] of rows) (tables[String(table)] ??= []).push(String(column));
  return tables;
}
