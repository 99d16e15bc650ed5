import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { Row, Statement } from '../postgres/database.ts';

/** Runs statements, several in one transaction, and gives their rows. */
export async function runStatements(
  pglite: PGlite,
  statements: readonly Statement[],
): Promise<readonly (readonly Row[])[]> {
  const [only, ...others] = statements;
  if (only !== undefined && others.length === 0) return [await rowsOf(pglite, only)];
  return pglite.transaction(async (transaction) => {
    const results: (readonly Row[])[] = [];
    for (const statement of statements) results.push(await rowsOf(transaction, statement));
    return results;
  });
}

async function rowsOf(on: PGlite | Transaction, { sql, params }: Statement): Promise<readonly Row[]> {
  const { rows } = await on.query<Row>(sql, [...params], { rowMode: 'array' });
  return rows;
}
