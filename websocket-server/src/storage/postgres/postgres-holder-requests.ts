import type { HolderRequest, HolderRequests } from '../holder-requests.ts';
import type { Database } from './database.ts';

/** By the database's own clock: those of the servers may differ. */
const now = `(extract(epoch from clock_timestamp()) * 1000)::bigint`;
/** Whoever asked has given up by then, and may not have been able to take it back. */
const staleMs = 10_000;

/** Requests to the holders of calls, in the database of the calls: they hold words, and are gone once answered. */
export class PostgresHolderRequests implements HolderRequests {
  readonly #database: Database;
  readonly #owner: string;

  /** @param owner id of this server, as it signs the calls that it writes */
  constructor(database: Database, owner: string) {
    this.#database = database;
    this.#owner = owner;
  }

  async leave({ requestId, callId, order }: HolderRequest): Promise<void> {
    await this.#database.run({
      sql: `insert into holder_requests (id, call_id, asked_at, body) values ($1, $2, ${now}, $3)`,
      params: [requestId, callId, order],
    });
  }

  async take(): Promise<readonly HolderRequest[]> {
    const rows = await this.#database.run({
      sql: `with stale as (delete from holder_requests where asked_at < ${now} - $2::bigint)
        update holder_requests set is_taken = true from calls
        where calls.id = holder_requests.call_id and calls.owner = $1 and not is_taken
          and asked_at >= ${now} - $2::bigint
        returning holder_requests.id, call_id, body`,
      params: [this.#owner, staleMs],
    });
    return rows.map(([requestId, callId, order]) => ({
      requestId: String(requestId),
      callId: String(callId),
      order: String(order),
    }));
  }

  async reply(requestId: string, reply: string): Promise<void> {
    await this.#database.run({
      sql: 'update holder_requests set reply = $2 where id = $1',
      params: [requestId, reply],
    });
  }

  async replyTo(requestId: string): Promise<string | null> {
    const [row] = await this.#database.run({
      sql: 'select reply from holder_requests where id = $1',
      params: [requestId],
    });
    const reply = row?.[0] ?? null;
    return reply === null ? null : String(reply);
  }

  async drop(requestId: string): Promise<boolean> {
    const [row] = await this.#database.run({
      sql: 'delete from holder_requests where id = $1 returning is_taken',
      params: [requestId],
    });
    return row?.[0] === true;
  }
}
