import { auditDoors } from '../audit-store.ts';
import type { AuditEntry, AuditPage, AuditQuery, AuditStore } from '../audit-store.ts';
import type { Database, Row } from './database.ts';

const columns = ['at', 'action', 'outcome', 'detail', 'by_what', 'name', 'door', 'address', 'call_id'];

/** The audit log in PostgreSQL, in the database of the calls. A trigger there refuses changes. */
export class PostgresAuditStore implements AuditStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const params = entries.flatMap((entry) => valuesOf(entry));
    const rows = entries.map((_entry, row) => {
      const places = columns.map((_column, at) => `$${row * columns.length + at + 1}`);
      return `(${places.join(', ')})`;
    });
    await this.#database.run({
      sql: `insert into audit_log (${columns.join(', ')}) values ${rows.join(', ')}`,
      params,
    });
  }

  async page(query: AuditQuery): Promise<AuditPage> {
    const wheres: string[] = [];
    const params: unknown[] = [];
    const where = (condition: string, value: unknown) => {
      if (value === undefined) return;
      params.push(value);
      wheres.push(condition.replace('?', `$${params.length}`));
    };
    where('position < ?::bigint', query.before);
    where('action = ?', query.action);
    where('outcome = ?', query.outcome);
    where('name = ?', query.name);
    where('door = ?', query.door);
    where('call_id = ?', query.callId);
    where('at >= ?::bigint', query.since);
    where('at < ?::bigint', query.until);
    params.push(query.limit + 1);
    const rows = await this.#database.run({
      sql: `select position, ${columns.join(', ')} from audit_log
        ${wheres.length === 0 ? '' : `where ${wheres.join(' and ')}`}
        order by position desc limit $${params.length}::bigint`,
      params,
    });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const isMore = rows.length > query.limit && last !== undefined;
    return { entries: page.map(entryOf), nextCursor: isMore ? Number(last[0]) : null };
  }

  async deleteBefore(at: number): Promise<number> {
    const sql = 'delete from audit_log where at < $1::bigint returning position';
    return (await this.#database.run({ sql, params: [at] })).length;
  }
}

function valuesOf({ at, action, outcome, detail, by, name, door, address, callId }: AuditEntry) {
  return [at, action, outcome, detail, by, name, door, address, callId].map((value) =>
    // PostgreSQL's text cannot hold U+0000.
    typeof value === 'string' ? value.replaceAll('\0', '') : value,
  );
}

function entryOf(row: Row): AuditEntry {
  const [, at, action, outcome, detail, by, name, door, address, callId] = row;
  return {
    at: Number(at),
    action: String(action),
    outcome: outcome === 'done' ? 'done' : 'refused',
    detail: textOrNull(detail),
    by: textOrNull(by),
    name: textOrNull(name),
    door: auditDoors.find((known) => known === door) ?? 'api',
    address: textOrNull(address),
    callId: textOrNull(callId),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
