import { DatabaseTooNew } from '../storage-errors.ts';
import { isUniqueViolation } from './database.ts';
import type { Database, Statement } from './database.ts';
import { migrations } from './migrations.ts';

/** Held for the length of one transaction, so that servers that start together take turns. */
const takeTurn: Statement = { sql: 'select pg_advisory_xact_lock(7305414122071860337)', params: [] };

/**
 * Brings the tables up to date, each migration in a transaction of its own.
 *
 * @param only up to these; all unless given
 * @returns the names of the migrations that this call applied
 * @throws DatabaseTooNew when the database has a migration that this version does not know
 */
export async function migrate(
  database: Pick<Database, 'run' | 'runTogether'>,
  only?: readonly string[],
): Promise<readonly string[]> {
  await database.runTogether([
    takeTurn,
    {
      sql: `create table if not exists schema_migrations (
        name text constraint schema_migrations_pkey primary key,
        applied_at timestamptz not null default now()
      )`,
      params: [],
    },
  ]);
  const rows = await database.run({ sql: 'select name from schema_migrations', params: [] });
  const present = new Set(rows.map(([name]) => String(name)));
  const unknown = [...present].find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) throw new DatabaseTooNew(unknown);

  const applied: string[] = [];
  for (const { name, statements } of migrations) {
    if (present.has(name) || only?.includes(name) === false) continue;
    try {
      await database.runTogether([
        takeTurn,
        { sql: 'insert into schema_migrations (name) values ($1)', params: [name] },
        ...statements.map((sql) => ({ sql, params: [] })),
      ]);
      applied.push(name);
    } catch (error) {
      // Another server applied it between our look and our turn.
      if (!isUniqueViolation(error, 'schema_migrations_pkey')) throw error;
    }
  }
  return applied;
}
