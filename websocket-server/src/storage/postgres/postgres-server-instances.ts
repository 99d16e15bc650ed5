import type { Call } from '../../call/call.ts';
import type { ServerInstances } from '../server-instances.ts';
import { callOfJson } from './call-rows.ts';
import type { Database } from './database.ts';

/** By the database's own clock: those of the servers may differ. */
const now = `(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Servers on one PostgreSQL, in the database of the calls. */
export class PostgresServerInstances implements ServerInstances {
  readonly areShared: boolean;
  readonly #database: Database;
  readonly #id: string;
  readonly #address: string | null;

  /**
   * @param id of this server, as it signs the calls that it writes
   * @param address where it is reached; null where it has none
   */
  constructor(database: Database, id: string, areShared: boolean, address: string | null) {
    this.#database = database;
    this.#id = id;
    this.areShared = areShared;
    this.#address = address;
  }

  async beat(): Promise<void> {
    await this.#database.run({
      sql: `insert into server_instances (id, seen_at, address) values ($1, ${now}, $2)
        on conflict (id) do update set seen_at = excluded.seen_at, address = excluded.address`,
      params: [this.#id, this.#address],
    });
  }

  async adopt(silentMs: number): Promise<readonly Call[]> {
    const isThere = this.areShared
      ? `exists (select 1 from server_instances other where other.id = calls.owner and other.seen_at >= ${now} - $2::bigint)`
      : '$2::bigint < 0';
    const rows = await this.#database.run({
      sql: `update calls set owner = $1::text where id in (
          select id from calls
          where ended_at is null and due_at is null and owner is distinct from $1::text and not ${isThere}
          for update skip locked
        ) returning errand, fold`,
      params: [this.#id, silentMs],
    });
    await this.#database.run({
      sql: `delete from server_instances where id <> $1 and seen_at < ${now} - $2::bigint`,
      params: [this.#id, 10 * silentMs],
    });
    return rows
      .map(([errand, fold]) => callOfJson(String(errand), String(fold)))
      .toSorted((one, other) => one.requestedAt - other.requestedAt);
  }

  async askToEnd(callId: string): Promise<boolean> {
    // A name that no `text` can hold is no call's.
    if (callId.includes('\0')) return false;
    const rows = await this.#database.run({
      sql: 'update calls set is_to_end = true where id = $1 and ended_at is null returning id',
      params: [callId],
    });
    return rows.length > 0;
  }

  async askedToEnd(): Promise<readonly string[]> {
    const rows = await this.#database.run({
      sql: 'select id from calls where ended_at is null and is_to_end',
      params: [],
    });
    return rows.map(([id]) => String(id));
  }

  async whereHeld(callId: string): Promise<string | null> {
    const [row] = await this.#database.run({
      sql: `select coalesce(other.address, other.id) from calls
        join server_instances other on other.id = calls.owner where calls.id = $1`,
      params: [callId],
    });
    return row === undefined ? null : String(row[0]);
  }

  async leave(): Promise<void> {
    await this.#database.run({ sql: 'delete from server_instances where id = $1', params: [this.#id] });
  }
}
