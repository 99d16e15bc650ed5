import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pg-proxy';
import type { PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import type { Call, CallState } from '../../call/call.ts';
import type { CallEvent } from '../../call/call-event.ts';
import { InvalidRequest } from '../../lib/errors.ts';
import type {
  CallPage,
  CallQuery,
  CallStore,
  DayCost,
  DialTally,
  DialTallyQuery,
  EventFit,
  StopOrder,
  StoredEvent,
} from '../call-store.ts';
import type { WebhookWriter } from '../webhook-outbox.ts';
import { CallsGone, EventsAlreadyStored, IdempotencyKeyTaken } from '../storage-errors.ts';
import { callOfRow, rowOfCall, storedEventOfRow, storedEventOfValues } from './call-rows.ts';
import { isReferenceViolation, isUniqueViolation } from './database.ts';
import type { Database, Statement } from './database.ts';
import { addDailyCosts } from './daily-costs.ts';
import { listCalls } from './list-calls.ts';
import { letGoStatements } from './let-go.ts';
import { PostgresDoNotCallList } from './postgres-do-not-call-list.ts';
import { forgetUnsettledWords } from './postgres-unsettled-words.ts';
import { outboxStatements } from './postgres-webhook-outbox.ts';
import { saveEvents } from './save-events.ts';
import { callEvents, calls, dailyCosts, stopOrders } from './schema.ts';
import { settled } from './settled.ts';

/** A statement takes 65,535 values at most; a row has up to twenty. */
const rowsPerStatement = 1000;

/** Each count stops at its cap: what it costs does not grow with the calls of the past. */
const dialTallySql = `select
  (select count(*) from (select 1 from calls where dialed_at > $2::bigint limit $3::bigint) as an_hour),
  (select count(*) from (select 1 from calls where dialed_at > $4::bigint limit $5::bigint) as a_day),
  (select count(*) from (select 1 from calls
    where to_number = $1::text and dialed_at > $6::bigint limit $7::bigint) as a_day_to_number),
  exists (select 1 from do_not_call where number = $1::text)`;

/** An event of one call is behind another by its position as by its sequence, which has the index. */
const eventsOfCallThatFit = thoseThatFit('call_id = $4::text and position > $1::bigint', 'sequence');
const eventsThatFit = thoseThatFit('position > $1::bigint', 'position');

/** Each comes with the bytes of those before it: the database, not who asks, holds what does not fit. */
function thoseThatFit(are: string, order: string): string {
  return `select position, call_id, sequence, at, type, body from (
    select *, sum(octet_length(body::text)) over (order by ${order} rows unbounded preceding) - octet_length(body::text) as bytes_before
      from (select * from call_events where ${are} order by ${order} limit $2::int) as next
  ) as counted where bytes_before < $3::bigint order by ${order}`;
}

interface StoreOptions {
  /** What of each event is put into the outbox; nothing unless given. */
  readonly webhookWriter?: WebhookWriter | undefined;
  /** The server that the calls go on at of which something is written. */
  readonly owner?: string | undefined | null;
}

/** Calls in PostgreSQL. The database has to be migrated; it is closed with the store. */
export class PostgresCallStore implements CallStore {
  readonly doNotCall: PostgresDoNotCallList;
  readonly #database: Database;
  readonly #query: PgRemoteDatabase;
  readonly #webhookWriter: WebhookWriter;
  readonly #owner: string | null;

  constructor(database: Database, { webhookWriter = () => undefined, owner = null }: StoreOptions = {}) {
    this.#owner = owner;
    this.#database = database;
    this.#webhookWriter = webhookWriter;
    this.doNotCall = new PostgresDoNotCallList(database);
    this.#query = drizzle(async (text, params) => ({
      rows: [...(await database.run({ sql: text, params }))],
    }));
  }

  async append(events: readonly CallEvent[], folds: readonly Call[]): Promise<readonly StoredEvent[]> {
    if (events.length === 0) return [];
    refuseUnstorableKeys(events);
    const latest = latestOfEach(folds);
    // Before the calls: it looks up what each of them had cost until now.
    const begun = new Set(events.filter(({ sequence }) => sequence === 1).map(({ callId }) => callId));
    const isBegun = ({ callId }: Call) => begun.has(callId);
    const saveCalls = [
      ...addDailyCosts(latest),
      ...chunksOf(latest.filter(isBegun)).map((chunk) => this.#insertCalls(chunk)),
      // A call that was removed meanwhile does not come back by what is said of it later.
      ...latest.filter((call) => !isBegun(call)).map((call) => this.#updateCall(call)),
    ];
    const saving = saveEvents(events);
    const further = [
      ...this.doNotCall.statementsFor(events),
      ...letGoStatements(events, latest),
      ...forgetUnsettledWords(events, this.#owner ?? ''),
      ...outboxStatements(events, latest, this.#webhookWriter),
    ];
    try {
      const results = await this.#database.runTogether([...saveCalls, saving, ...further]);
      const positions = new Map(
        results[saveCalls.length]?.map(([callId, sequence, position]) => [
          `${sequence} ${callId}`,
          Number(position),
        ]),
      );
      return events.map((event) => ({
        position: positions.get(`${event.sequence} ${event.callId}`) ?? 0,
        event,
      }));
    } catch (error) {
      if (isUniqueViolation(error, 'calls_idempotency_key_unique')) {
        throw new IdempotencyKeyTaken(await this.#takenKey(events));
      }
      if (isUniqueViolation(error, 'call_events_pkey')) throw new EventsAlreadyStored({ cause: error });
      if (isReferenceViolation(error, 'call_events_call_id_fkey')) {
        throw new CallsGone(await this.#missing(events), { cause: error });
      }
      throw error;
    }
  }

  async call(callId: string): Promise<Call | undefined> {
    if (!isStorable(callId)) return undefined;
    const rows = await settled(this.#query.select().from(calls).where(eq(calls.id, callId)));
    return rows.map(callOfRow)[0];
  }

  async callByCarrierId(carrier: string, carrierCallId: string): Promise<Call | undefined> {
    if (!isStorable(carrier) || !isStorable(carrierCallId)) return undefined;
    const rows = await settled(
      this.#query
        .select()
        .from(calls)
        .where(and(eq(calls.carrier, carrier), eq(calls.carrierCallId, carrierCallId)))
        .orderBy(desc(calls.requestedAt))
        .limit(1),
    );
    return rows.map(callOfRow)[0];
  }

  async lastDialed(to: string, since: number): Promise<Call | undefined> {
    if (!isStorable(to)) return undefined;
    const rows = await settled(
      this.#query
        .select()
        .from(calls)
        .where(and(eq(calls.toNumber, to), gt(calls.dialedAt, since)))
        .orderBy(desc(calls.dialedAt))
        .limit(1),
    );
    return rows.map(callOfRow)[0];
  }

  async callByIdempotencyKey(key: string): Promise<Call | undefined> {
    if (!isStorable(key)) return undefined;
    const rows = await settled(this.#query.select().from(calls).where(eq(calls.idempotencyKey, key)));
    return rows.map(callOfRow)[0];
  }

  async openCalls(): Promise<readonly Call[]> {
    const rows = await settled(
      this.#query.select().from(calls).where(isNull(calls.endedAt)).orderBy(asc(calls.requestedAt)),
    );
    return rows.map(callOfRow);
  }

  async countOpen(): Promise<ReadonlyMap<CallState, number>> {
    const rows = await settled(
      this.#query
        .select({ state: calls.state, count: count() })
        .from(calls)
        .where(isNull(calls.endedAt))
        .groupBy(calls.state),
    );
    return new Map(rows.map((row) => [row.state, row.count]));
  }

  list(query: CallQuery): Promise<CallPage> {
    return listCalls(this.#query, query);
  }

  async eventsOf(callId: string, afterSequence = 0): Promise<readonly StoredEvent[]> {
    if (!isStorable(callId)) return [];
    const rows = await settled(
      this.#query
        .select()
        .from(callEvents)
        .where(and(eq(callEvents.callId, callId), gt(callEvents.sequence, afterSequence)))
        .orderBy(asc(callEvents.sequence)),
    );
    return rows.map(storedEventOfRow);
  }

  async eventsAfter(position: number, fit: EventFit): Promise<readonly StoredEvent[]> {
    const { callId, mostEvents, mostBytes } = fit;
    if (callId === undefined) {
      const params = [position, mostEvents, mostBytes];
      return (await this.#database.run({ sql: eventsThatFit, params })).map(storedEventOfValues);
    }
    if (!isStorable(callId)) return [];
    const params = [position, mostEvents, mostBytes, callId];
    return (await this.#database.run({ sql: eventsOfCallThatFit, params })).map(storedEventOfValues);
  }

  async positionBefore(count: number): Promise<number> {
    const rows = await settled(
      this.#query
        .select({ position: callEvents.position })
        .from(callEvents)
        .orderBy(desc(callEvents.position))
        .limit(1)
        .offset(count),
    );
    return rows[0]?.position ?? 0;
  }

  async claimDue(now: number, until: number, most: number): Promise<readonly Call[]> {
    const due = this.#query
      .select({ id: calls.id })
      .from(calls)
      .where(lte(calls.dueAt, now))
      .orderBy(asc(calls.dueAt))
      .limit(most)
      .for('update', { skipLocked: true });
    const rows = await settled(
      this.#query.update(calls).set({ dueAt: until }).where(inArray(calls.id, due)).returning(),
    );
    return rows.map(callOfRow).sort((one, other) => (one.scheduledAt ?? 0) - (other.scheduledAt ?? 0));
  }

  async postpone(callId: string, until: number): Promise<void> {
    const isWaiting = and(eq(calls.id, callId), isNotNull(calls.dueAt));
    await settled(this.#query.update(calls).set({ dueAt: until }).where(isWaiting));
  }

  async nextDueAt(): Promise<number | undefined> {
    const rows = await settled(
      this.#query
        .select({ dueAt: calls.dueAt })
        .from(calls)
        .where(isNotNull(calls.dueAt))
        .orderBy(asc(calls.dueAt))
        .limit(1),
    );
    return rows[0]?.dueAt ?? undefined;
  }

  async dialTally({ to, hour, day, dayToNumber }: DialTallyQuery): Promise<DialTally> {
    if (!isStorable(to)) return { lastHour: 0, lastDay: 0, lastDayToNumber: 0, isOnDoNotCallList: false };
    const [row = []] = await this.#database.run({
      sql: dialTallySql,
      params: [
        to,
        ...[hour, day, dayToNumber].flatMap(({ since, most }) => [since, most === Infinity ? 0 : most]),
      ],
    });
    const [lastHour, lastDay, lastDayToNumber, isOnDoNotCallList] = row;
    return {
      lastHour: Number(lastHour),
      lastDay: Number(lastDay),
      lastDayToNumber: Number(lastDayToNumber),
      isOnDoNotCallList: isOnDoNotCallList === true,
    };
  }

  async costsSince(day: number): Promise<readonly DayCost[]> {
    const rows = await settled(this.#query.select().from(dailyCosts).where(gte(dailyCosts.day, day)));
    return rows.map((row) => ({ day: row.day, usd: row.micros / 1_000_000 }));
  }

  async callsToPrice(endedAfter: number, limit: number): Promise<readonly Call[]> {
    const rows = await settled(
      this.#query
        .select()
        .from(calls)
        .where(and(eq(calls.isPriceDue, true), gt(calls.endedAt, endedAfter)))
        .orderBy(desc(calls.endedAt))
        .limit(limit),
    );
    return rows.map(callOfRow);
  }

  async stopOrder(): Promise<StopOrder | null> {
    const rows = await settled(this.#query.select().from(stopOrders));
    return rows.map(({ since, reason }) => ({ since, reason }))[0] ?? null;
  }

  async keepStopOrder(order: StopOrder | null): Promise<void> {
    if (order === null) {
      await settled(this.#query.delete(stopOrders));
      return;
    }
    const row = { ...order, reason: order.reason?.replaceAll('\0', '') ?? null };
    await settled(
      this.#query
        .insert(stopOrders)
        .values({ id: 1, ...row })
        .onConflictDoUpdate({ target: stopOrders.id, set: row }),
    );
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #insertCalls(folds: readonly Call[]): Statement {
    const rows = folds.map((fold) => ({ ...rowOfCall(fold), owner: this.#owner }));
    return this.#query.insert(calls).values(rows).onConflictDoNothing({ target: calls.id }).toSQL();
  }

  #updateCall(fold: Call): Statement {
    const {
      id,
      errand: _errand,
      goal: _goal,
      personNumber: _number,
      toNumber: _to,
      ...row
    } = rowOfCall(fold);
    return this.#query
      .update(calls)
      .set({ ...row, owner: this.#owner })
      .where(and(eq(calls.id, id), lt(calls.sequence, row.sequence)))
      .toSQL();
  }

  /** The calls of these events that are not there. */
  async #missing(events: readonly CallEvent[]): Promise<readonly string[]> {
    const named = [...new Set(events.map(({ callId }) => callId))];
    const rows = await settled(
      this.#query.select({ id: calls.id }).from(calls).where(inArray(calls.id, named)),
    );
    const there = new Set(rows.map(({ id }) => id));
    return named.filter((callId) => !there.has(callId));
  }

  /** Which of the keys asked for is taken; the first one when they take it from each other. */
  async #takenKey(events: readonly CallEvent[]): Promise<string> {
    const keys = keysIn(events);
    for (const [key, callId] of keys) {
      const owner = await this.callByIdempotencyKey(key);
      if (owner !== undefined && owner.callId !== callId) return key;
    }
    return keys[0]?.[0] ?? '';
  }
}

/** Idempotency keys with the calls that ask for them. */
function keysIn(events: readonly CallEvent[]): readonly (readonly [key: string, callId: string])[] {
  return events.flatMap((event) =>
    event.type === 'call-requested' && event.idempotencyKey !== null
      ? [[event.idempotencyKey, event.callId] as const]
      : [],
  );
}

function refuseUnstorableKeys(events: readonly CallEvent[]): void {
  if (keysIn(events).some(([key]) => !isStorable(key))) {
    throw new InvalidRequest('An idempotency key cannot contain the character U+0000.');
  }
}

/** PostgreSQL's `text` holds every character but U+0000, so nothing is stored under a name that has one. */
function isStorable(name: string): boolean {
  return !name.includes('\0');
}

/** In the order of their ids, so that two writers never wait for each other in a circle. */
function latestOfEach(folds: readonly Call[]): readonly Call[] {
  const latest = new Map<string, Call>();
  for (const fold of folds) {
    const known = latest.get(fold.callId);
    if (known === undefined || known.sequence <= fold.sequence) latest.set(fold.callId, fold);
  }
  return [...latest.values()].sort((one, other) => (one.callId < other.callId ? -1 : 1));
}

function chunksOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / rowsPerStatement) }, (_, index) =>
    items.slice(index * rowsPerStatement, (index + 1) * rowsPerStatement),
  );
}
