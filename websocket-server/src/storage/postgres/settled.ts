import { DrizzleQueryError } from 'drizzle-orm';

/** Drizzle puts a statement's values, which are people's words and numbers, into its errors: they stay out. */
export async function settled<T>(query: PromiseLike<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw error instanceof DrizzleQueryError ? error.cause : error;
  }
}
