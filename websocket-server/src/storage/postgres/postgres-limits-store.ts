import type { LimitsStore, SavedLimits } from '../limits-store.ts';
import type { Database, Row, Statement } from './database.ts';

const reading: Statement = { sql: 'select variable, value from limits', params: [] };

/** Limits in PostgreSQL: a row of `limits` for each that is set. The database has to be migrated. */
export class PostgresLimitsStore implements LimitsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(): Promise<SavedLimits> {
    return savedIn(await this.#database.run(reading));
  }

  async save(changes: SavedLimits, savedAt: number): Promise<SavedLimits> {
    const [, before] = await this.#database.runTogether([
      // One change after the other, so that each knows what it changes.
      { sql: 'lock table limits in share row exclusive mode', params: [] },
      reading,
      ...Object.entries(changes).map(([variable, value]) =>
        value === null
          ? { sql: 'delete from limits where variable = $1', params: [variable] }
          : {
              sql: `insert into limits (variable, value, saved_at) values ($1, $2, $3)
                on conflict (variable) do update set value = excluded.value, saved_at = excluded.saved_at`,
              params: [variable, JSON.stringify(value), savedAt],
            },
      ),
    ]);
    return savedIn(before ?? []);
  }
}

function savedIn(rows: readonly Row[]): SavedLimits {
  return Object.fromEntries(
    rows.map(([variable, value]) => [String(variable), JSON.parse(String(value)) as unknown] as const),
  );
}
