import type { CallEvent } from '../../call/call-event.ts';
import type { DoNotCallEntry, DoNotCallList, DoNotCallPage } from '../do-not-call-list.ts';
import type { Database, Row, Statement } from './database.ts';

/** The do-not-call list in PostgreSQL, in the database of the calls. */
export class PostgresDoNotCallList implements DoNotCallList {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(entry: DoNotCallEntry): Promise<boolean> {
    return (await this.#database.run(insertion(entry))).length > 0;
  }

  async has(number: string): Promise<boolean> {
    const sql = 'select 1 from do_not_call where number = $1';
    return (await this.#database.run({ sql, params: [number] })).length > 0;
  }

  async remove(number: string): Promise<boolean> {
    const sql = 'delete from do_not_call where number = $1 returning number';
    return (await this.#database.run({ sql, params: [number] })).length > 0;
  }

  async page({ limit, after }: { limit: number; after?: string | undefined }): Promise<DoNotCallPage> {
    const rows = await this.#database.run({
      sql: `select number, added_at, added_by, call_id, note from do_not_call
        where number > $1 order by number limit $2::bigint`,
      params: [after ?? '', limit + 1],
    });
    const entries = rows.slice(0, limit).map(entryOf);
    return { entries, nextCursor: rows.length > limit ? (entries.at(-1)?.number ?? null) : null };
  }

  /** What the events of a transaction put on the list. */
  statementsFor(events: readonly CallEvent[]): readonly Statement[] {
    return events.flatMap((event) =>
      event.type === 'number-barred'
        ? [
            insertion({
              number: event.number,
              addedAt: event.at,
              addedBy: 'person',
              callId: event.callId,
              note: null,
            }),
          ]
        : [],
    );
  }
}

function insertion({ number, addedAt, addedBy, callId, note }: DoNotCallEntry): Statement {
  return {
    sql: `insert into do_not_call (number, added_at, added_by, call_id, note)
      values ($1, $2, $3, $4, $5) on conflict (number) do nothing returning number`,
    params: [number, addedAt, addedBy, callId, note],
  };
}

function entryOf([number, addedAt, addedBy, callId, note]: Row): DoNotCallEntry {
  return {
    number: String(number),
    addedAt: Number(addedAt),
    addedBy: addedBy === 'person' ? 'person' : 'operator',
    callId: callId === null ? null : String(callId),
    note: note === null ? null : String(note),
  };
}
