import type { PGlite } from '@electric-sql/pglite';
import type { Statement } from '../postgres/database.ts';

/** How much is written, in characters of parameters, before it is looked what there is to do. */
const charsPerRound = 1_000_000;
/** A statement changes indexes and rows beyond its parameters. */
const charsPerStatement = 200;
const mostLogBytes = 32 * 1024 * 1024;
/** As many rows that were replaced or removed are left in a table, or in what it keeps apart of long values. */
const mostDeadRows = 1000;

const logBytesSql = `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) > ${mostLogBytes}
  from pg_control_checkpoint()`;

const untidyTablesSql = `select quote_ident(tables.relname)
  from pg_stat_user_tables as tables
  join pg_class as relation on relation.oid = tables.relid
  left join pg_stat_all_tables as long_values on long_values.relid = relation.reltoastrelid
  where greatest(tables.n_dead_tup, long_values.n_dead_tup) > ${mostDeadRows}`;

/**
 * What PostgreSQL has processes of its own for, which PGlite has not: a checkpoint, without which its log of writes
 * grows for as long as the server runs, and vacuum, without which each value that is replaced leaves its place empty.
 * It takes some 5 ms a round and a quarter of a second at a checkpoint, of the database's thread.
 */
export class Upkeep {
  readonly #pglite: PGlite;
  #chars = 0;
  #isRunning = false;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  /** To be told of all that has been run. */
  async ran(statements: readonly Statement[]): Promise<void> {
    for (const { params } of statements) {
      this.#chars += charsPerStatement;
      for (const value of params) if (typeof value === 'string') this.#chars += value.length;
    }
    if (this.#chars < charsPerRound || this.#isRunning) return;
    this.#chars = 0;
    this.#isRunning = true;
    try {
      await this.#round();
    } catch {
      // A full disk, or a database that is being closed: the next round comes.
    } finally {
      this.#isRunning = false;
    }
  }

  async #round(): Promise<void> {
    const [isLogLong] = await this.#column(logBytesSql);
    if (isLogLong === true) await this.#pglite.query('checkpoint');
    for (const table of await this.#column(untidyTablesSql))
      await this.#pglite.query(`vacuum ${String(table)}`);
  }

  async #column(sql: string): Promise<readonly unknown[]> {
    const { rows } = await this.#pglite.query<readonly unknown[]>(sql, [], { rowMode: 'array' });
    return rows.map(([value]) => value);
  }
}
