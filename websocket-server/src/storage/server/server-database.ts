import postgres from 'postgres';
import type { Log } from '../../lib/log.ts';
import { StatementFailed } from '../postgres/database.ts';
import type { Database, Row, Statement } from '../postgres/database.ts';
import { DatabaseUnavailable } from '../storage-errors.ts';

/** What still runs may take this long when we go, in s. */
const closingSeconds = 2;
/** A server that stays silent for this long is treated as lost: TCP alone may take a quarter of an hour. */
const answerWithinMs = 15_000;

/**
 * Connects to a PostgreSQL server.
 *
 * @param url e.g. `postgres://user:password@host:5432/name?sslmode=require`
 * @throws DatabaseUnavailable when it cannot be reached or refuses us
 */
export async function openServerDatabase(url: string, log: Log): Promise<Database> {
  const database = new ServerDatabase(() => connect(url, log), log);
  try {
    await database.run({ sql: 'select 1', params: [] });
    return database;
  } catch (error) {
    await database.close();
    throw new DatabaseUnavailable(
      `The PostgreSQL server of DATABASE_URL cannot be used: ${reasonOf(error)}. Check the address, the user, the password and that the server runs.`,
      { cause: error },
    );
  }
}

function connect(url: string, log: Log): postgres.Sql {
  return postgres(url, {
    max: 4,
    connect_timeout: 10,
    idle_timeout: 60,
    // Seconds before the next attempt. The default grows to 20 s, in which every append would wait.
    backoff: (retries) => Math.min(0.1 * 2 ** retries, 2),
    // Poolers such as PgBouncer hand each transaction another session, where a prepared statement is unknown.
    prepare: false,
    fetch_types: false,
    connection: { application_name: 'mcp-telephone' },
    types: {
      json: { to: 114, from: [114, 3802], serialize: (text: string) => text, parse: (text: string) => text },
    },
    onnotice: (notice) => log.debug('postgres notice', { code: notice['code'] }),
  });
}

class ServerDatabase implements Database {
  readonly #connect: () => postgres.Sql;
  readonly #log: Log;
  #sql: postgres.Sql;

  constructor(open: () => postgres.Sql, log: Log) {
    this.#connect = open;
    this.#log = log;
    this.#sql = open();
  }

  run(statement: Statement): Promise<readonly Row[]> {
    return this.#answer((sql) => rowsOf(sql, statement));
  }

  runTogether(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return this.#answer(async (sql) => {
      // Sent in one go: after a failure the server refuses the rest, and the first failure is the one reported.
      const results = await sql.begin((transaction) =>
        Promise.all(statements.map((statement) => rowsOf(transaction, statement))),
      );
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the driver's own type says less
      return results as readonly (readonly Row[])[];
    });
  }

  /** Its files, their copies and their logs are the business of whoever runs that server. */
  async scrub(): Promise<void> {}

  async close(): Promise<void> {
    await this.#sql.end({ timeout: closingSeconds });
  }

  async #answer<T>(ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
    const sql = this.#sql;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new StatementFailed(`PostgreSQL has not answered for ${answerWithinMs / 1000} s`, {}));
        this.#reconnect(sql);
      }, answerWithinMs);
    });
    try {
      return await Promise.race([ask(sql), silence]);
    } catch (error) {
      throw asStatementFailed(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Drops the connections of a silent server, and with them what still waits on them. */
  #reconnect(silent: postgres.Sql): void {
    if (this.#sql !== silent) return;
    this.#log.error('PostgreSQL does not answer; reconnecting');
    this.#sql = this.#connect();
    void silent.end({ timeout: 0 });
  }
}

async function rowsOf(
  sql: postgres.Sql | postgres.TransactionSql,
  { sql: text, params }: Statement,
): Promise<readonly Row[]> {
  return sql.unsafe(text, params as postgres.ParameterOrJSON<never>[]).values();
}

function asStatementFailed(error: unknown): StatementFailed {
  if (error instanceof StatementFailed) return error;
  if (error instanceof postgres.PostgresError) {
    const { code, constraint_name } = error;
    return new StatementFailed(
      error.message,
      { sqlState: code, constraint: constraint_name ?? null },
      { cause: error },
    );
  }
  return new StatementFailed(`PostgreSQL did not answer: ${reasonOf(error)}`, {}, { cause: error });
}

/** Connection errors of Node may have an empty message and a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
