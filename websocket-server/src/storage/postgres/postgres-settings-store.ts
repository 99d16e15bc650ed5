import type { SettingsStore } from '../settings-store.ts';
import type { Database } from './database.ts';

/** Settings in PostgreSQL: the one row of `settings`. The database has to be migrated. */
export class PostgresSettingsStore implements SettingsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read() {
    const [row] = await this.#database.run({
      sql: 'select version, body, saved_at from settings where version > 0',
      params: [],
    });
    if (row === undefined) return undefined;
    const [version, body, savedAt] = row;
    return { version: Number(version), body: JSON.parse(String(body)) as unknown, savedAt: Number(savedAt) };
  }

  async save(body: unknown, over: number, savedAt: number) {
    const params = [JSON.stringify(body), over, savedAt];
    const [, rows] = await this.#database.runTogether([
      { sql: 'insert into settings (id) values (1) on conflict (id) do nothing', params: [] },
      {
        sql: 'update settings set version = version + 1, body = $1, saved_at = $3 where version = $2 returning version',
        params,
      },
    ]);
    const version = rows?.[0]?.[0];
    return version === undefined ? undefined : { version: Number(version), body, savedAt };
  }

  async tryWrite(at: number) {
    await this.#database.run({
      sql: 'insert into settings (id, tried_at) values (1, $1) on conflict (id) do update set tried_at = $1',
      params: [at],
    });
  }
}
