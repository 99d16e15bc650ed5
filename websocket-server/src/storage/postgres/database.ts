/**
 * What the call store asks of a PostgreSQL, embedded or on a server: statements in, rows of plain values out.
 * Statements are written to PostgreSQL 15.
 */
export interface Database {
  /** Runs one statement. */
  run(statement: Statement): Promise<readonly Row[]>;
  /** Runs statements in one transaction, all or nothing. */
  runTogether(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
  /**
   * Rewrites the tables so that nothing deleted is left in any file, where the files are ours. Nothing else is
   * answered meanwhile: some seconds for each 100 MB.
   */
  scrub(): Promise<void>;
  /** Waits for what is running, then lets go of everything. */
  close(): Promise<void>;
}

export interface Statement {
  readonly sql: string;
  /** Values of `$1`, `$2`, …: text, numbers, booleans, null. JSON is given as text. */
  readonly params: readonly unknown[];
}

/** Values in the order selected. JSON arrives as text, bigint as a number or as decimal text. */
export type Row = readonly unknown[];

/** The database refused or lost a statement. Its message holds no values of the statement. */
export class StatementFailed extends Error {
  /** SQLSTATE, e.g. `23505`; null when the database did not answer at all. */
  readonly sqlState: string | null;
  /** The constraint that was violated, if any. */
  readonly constraint: string | null;

  constructor(
    message: string,
    { sqlState = null, constraint = null }: { sqlState?: string | null; constraint?: string | null },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StatementFailed';
    this.sqlState = sqlState;
    this.constraint = constraint;
  }
}

/** A row refers to one that is not there. */
export function isReferenceViolation(error: unknown, constraint: string): boolean {
  return error instanceof StatementFailed && error.sqlState === '23503' && error.constraint === constraint;
}

export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return error instanceof StatementFailed && error.sqlState === '23505' && error.constraint === constraint;
}
