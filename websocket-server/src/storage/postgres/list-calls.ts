import { and, desc, eq, ilike, inArray, like, or, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import { callStates } from '../../call/call.ts';
import type { CallState } from '../../call/call.ts';
import type { CallPage, CallQuery } from '../call-store.ts';
import { callOfRow } from './call-rows.ts';
import { readCursor, writeCursor } from './list-cursor.ts';
import type { ListCursor } from './list-cursor.ts';
import { calls } from './schema.ts';
import { settled } from './settled.ts';

/** How many calls one search looks at: some tens of ms, however many there are. */
export const searchedAtOnce = 20_000;

const inOrder = [desc(calls.requestedAt), desc(calls.id)] as const;

/** One page of calls, newest first. Reads a bounded number of rows, whatever is asked for. */
export async function listCalls(database: PgRemoteDatabase, query: CallQuery): Promise<CallPage> {
  if (query.states?.length === 0) return { calls: [], nextCursor: null };
  const cursor = query.before === undefined ? undefined : readCursor(query.before);
  const search = query.search?.trim() ?? '';
  return search === '' ? browse(database, query, cursor) : find(database, query, cursor, search);
}

async function browse(
  database: PgRemoteDatabase,
  { states, direction, limit }: CallQuery,
  cursor: ListCursor | undefined,
): Promise<CallPage> {
  const newest = (state?: CallState) =>
    database
      .select()
      .from(calls)
      .where(
        and(direction && eq(calls.direction, direction), state && eq(calls.state, state), isBefore(cursor)),
      )
      .orderBy(...inOrder)
      .limit(limit + 1);

  // One index scan per state, each of at most a page: an index cannot give several states in order of time.
  const wanted = states ?? (direction === undefined ? undefined : callStates);
  const [first = newest(), second, ...others] = [...new Set(wanted)].map(newest);
  const rows = await settled(
    second
      ? unionAll(first, second, ...others)
          .orderBy(...inOrder)
          .limit(limit + 1)
      : first,
  );
  const page = rows.slice(0, limit).map(callOfRow);
  const last = page.at(-1);
  return { calls: page, nextCursor: rows.length > limit && last ? writeCursor(last) : null };
}

async function find(
  database: PgRemoteDatabase,
  { states, direction, limit }: CallQuery,
  cursor: ListCursor | undefined,
  search: string,
): Promise<CallPage> {
  const words = likePattern(search);
  const digits = search.replaceAll(/[^\d+]/g, '');
  const isNumber = /^[\d+ ().-]+$/.test(search) && digits !== '';
  const window = database
    .select()
    .from(calls)
    .where(isBefore(cursor))
    .orderBy(...inOrder)
    .limit(searchedAtOnce)
    .as('looked_at');
  const [rows, [edge]] = await Promise.all([
    settled(
      database
        .select()
        .from(window)
        .where(
          and(
            or(
              ilike(window.goal, words),
              isNumber ? like(window.personNumber, likePattern(digits)) : undefined,
            ),
            direction && eq(window.direction, direction),
            states && inArray(window.state, [...states]),
          ),
        )
        .orderBy(desc(window.requestedAt), desc(window.id))
        .limit(limit + 1),
    ),
    settled(
      database
        .select({ requestedAt: calls.requestedAt, callId: calls.id })
        .from(calls)
        .where(isBefore(cursor))
        .orderBy(...inOrder)
        .offset(searchedAtOnce - 1)
        .limit(1),
    ),
  ]);
  const page = rows.slice(0, limit).map(callOfRow);
  const last = rows.length > limit ? page.at(-1) : edge;
  return { calls: page, nextCursor: last === undefined ? null : writeCursor(last) };
}

function isBefore(cursor: ListCursor | undefined) {
  return cursor && sql`(${calls.requestedAt}, ${calls.id}) < (${cursor.requestedAt}, ${cursor.callId})`;
}

/** Found anywhere, letter by letter. */
function likePattern(text: string): string {
  return `%${text.replaceAll('\0', '').replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
