import { and, asc, eq, gt, gte, inArray, isNotNull, lt, or } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pg-proxy';
import type { PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import type { Call, LetGo } from '../../call/call.ts';
import type { KeptCalls, WalkQuery } from '../kept-calls.ts';
import { callOfRow, levelOf } from './call-rows.ts';
import type { Database } from './database.ts';
import { orderScrub } from './let-go.ts';
import { calls, scrubOrders } from './schema.ts';
import { settled } from './settled.ts';

/** Calls that are over, in PostgreSQL, in the database of the calls. */
export class PostgresKeptCalls implements KeptCalls {
  readonly #database: Database;
  readonly #query: PgRemoteDatabase;

  constructor(database: Database) {
    this.#database = database;
    this.#query = drizzle(async (text, params) => ({
      rows: [...(await database.run({ sql: text, params }))],
    }));
  }

  async toThin(what: LetGo, endedBefore: number, most: number): Promise<readonly string[]> {
    const rows = await settled(
      this.#query
        .select({ id: calls.id })
        .from(calls)
        .where(and(lt(calls.endedAt, endedBefore), lt(calls.letGo, levelOf(what))))
        .orderBy(asc(calls.endedAt))
        .limit(most),
    );
    return rows.map(({ id }) => id);
  }

  async endedBefore(endedBefore: number, most: number): Promise<readonly Call[]> {
    const rows = await settled(
      this.#query
        .select()
        .from(calls)
        .where(lt(calls.endedAt, endedBefore))
        .orderBy(asc(calls.endedAt))
        .limit(most),
    );
    return rows.map(callOfRow);
  }

  async ofPerson(number: string): Promise<readonly Call[]> {
    const rows = await settled(
      this.#query.select().from(calls).where(eq(calls.personNumber, number)).orderBy(asc(calls.requestedAt)),
    );
    return rows.map(callOfRow);
  }

  async walk({ person, since, after, limit }: WalkQuery): Promise<readonly Call[]> {
    const isLater =
      after &&
      or(
        gt(calls.requestedAt, after.requestedAt),
        and(eq(calls.requestedAt, after.requestedAt), gt(calls.id, after.callId)),
      );
    const isPersons = person === undefined ? undefined : eq(calls.personNumber, person);
    const isSince = since === undefined ? undefined : gte(calls.requestedAt, since);
    const rows = await settled(
      this.#query
        .select()
        .from(calls)
        .where(and(isPersons, isSince, isLater))
        .orderBy(asc(calls.requestedAt), asc(calls.id))
        .limit(limit),
    );
    return rows.map(callOfRow);
  }

  async remove(callIds: readonly string[], scrubBy: number): Promise<readonly string[]> {
    if (callIds.length === 0) return [];
    const these = [...callIds];
    const removal = this.#query
      .delete(calls)
      .where(and(inArray(calls.id, these), isNotNull(calls.endedAt)))
      .returning({ id: calls.id })
      .toSQL();
    const places = these.map((_, index) => `$${index + 1}`).join(', ');
    const [rows = []] = await this.#database.runTogether([
      removal,
      {
        sql: `update do_not_call set call_id = null where call_id in (${places})
          and not exists (select 1 from calls where calls.id = do_not_call.call_id)`,
        params: these,
      },
      {
        sql: `delete from webhook_deliveries where call_id in (${places})
          and not exists (select 1 from calls where calls.id = webhook_deliveries.call_id)`,
        params: these,
      },
      orderScrub(scrubBy),
    ]);
    return rows.map(([id]) => String(id));
  }

  async scrubDueAt(): Promise<number | undefined> {
    const rows = await settled(this.#query.select().from(scrubOrders));
    return rows[0]?.dueAt;
  }

  async scrub(): Promise<void> {
    const dueAt = await this.scrubDueAt();
    await this.#database.scrub();
    // What is removed meanwhile, or a process that ends meanwhile, leaves the order.
    if (dueAt !== undefined)
      await settled(this.#query.delete(scrubOrders).where(eq(scrubOrders.dueAt, dueAt)));
  }
}
