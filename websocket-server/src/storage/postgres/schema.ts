import { desc, eq, isNotNull, isNull, lt } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import type { Call, CallState, Direction, Errand } from '../../call/call.ts';
import type { CallHappening } from '../../call/call-event.ts';

/**
 * The tables, as `migrations.ts` makes them.
 *
 * Bodies are `json`, not `jsonb`: `json` keeps the text that it is given, while `jsonb` refuses U+0000 and
 * lone surrogates and reorders keys. What was spoken, and what a client put into a context, may hold all three.
 * Times are ms since 1970.
 */
export const calls = pgTable(
  'calls',
  {
    id: text('id').primaryKey(),
    state: text('state').$type<CallState>().notNull(),
    direction: text('direction').$type<Direction>().notNull(),
    requestedAt: bigint('requested_at', { mode: 'number' }).notNull(),
    toNumber: text('to_number').notNull(),
    /** Outbound calls only. */
    dialedAt: bigint('dialed_at', { mode: 'number' }),
    /** When a scheduled call is to be taken up; null once it is dialed or over. */
    dueAt: bigint('due_at', { mode: 'number' }),
    endedAt: bigint('ended_at', { mode: 'number' }),
    carrier: text('carrier'),
    carrierCallId: text('carrier_call_id'),
    idempotencyKey: text('idempotency_key'),
    /** Millionths of a US dollar, as far as known. */
    costMicros: bigint('cost_micros', { mode: 'number' }).notNull(),
    isPriceDue: boolean('is_price_due').notNull(),
    /** How much is no longer kept: 0 nothing, 1 its words, 2 its log. */
    letGo: integer('let_go').notNull().default(0),
    /** The server that the call goes on at, while it does. */
    owner: text('owner'),
    /** Its owner wants it to end, and said so at a server that does not hold it. */
    isToEnd: boolean('is_to_end').notNull().default(false),
    sequence: integer('sequence').notNull(),
    /** To search in; empty where they hold what `text` cannot. */
    personNumber: text('person_number').notNull().default(''),
    goal: text('goal').notNull().default(''),
    /** Apart from the fold, because it may be long and never changes: an update leaves it where it lies. */
    errand: json('errand').$type<Errand>().notNull(),
    fold: json('fold').$type<Omit<Call, 'errand'>>().notNull(),
  },
  (table) => [
    unique('calls_idempotency_key_unique').on(table.idempotencyKey),
    index('calls_open').on(table.requestedAt).where(isNull(table.endedAt)),
    index('calls_newest').on(desc(table.requestedAt), desc(table.id)),
    index('calls_newest_by_state').on(table.state, desc(table.requestedAt), desc(table.id)),
    index('calls_due').on(table.dueAt).where(isNotNull(table.dueAt)),
    index('calls_dialed').on(table.dialedAt).where(isNotNull(table.dialedAt)),
    index('calls_dialed_to').on(table.toNumber, table.dialedAt).where(isNotNull(table.dialedAt)),
    index('calls_newest_by_direction').on(
      table.direction,
      table.state,
      desc(table.requestedAt),
      desc(table.id),
    ),
    index('calls_carrier_call_id').on(table.carrier, table.carrierCallId),
    index('calls_ended').on(table.endedAt).where(isNotNull(table.endedAt)),
    index('calls_to_thin').on(table.endedAt, table.letGo).where(lt(table.letGo, 2)),
    index('calls_person').on(table.personNumber),
    index('calls_price_due').on(desc(table.endedAt)).where(eq(table.isPriceDue, true)),
  ],
);

/** What all calls requested on a day have cost: kept in step with `calls`, so that no sum walks over past calls. */
export const dailyCosts = pgTable('daily_costs', {
  /** Whole days since 1970, UTC. */
  day: integer('day').primaryKey(),
  micros: bigint('micros', { mode: 'number' }).notNull(),
});

/** The operator's order to place no more calls; one row while it stands. */
export const stopOrders = pgTable('stop_orders', {
  id: integer('id').primaryKey(),
  since: bigint('since', { mode: 'number' }).notNull(),
  reason: text('reason'),
});

/** When the bytes of what was removed are to leave the files; one row while they are to. */
export const scrubOrders = pgTable('scrub_orders', {
  id: integer('id').primaryKey(),
  dueAt: bigint('due_at', { mode: 'number' }).notNull(),
});

export const callEvents = pgTable(
  'call_events',
  {
    callId: text('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    sequence: integer('sequence').notNull(),
    at: bigint('at', { mode: 'number' }).notNull(),
    type: text('type').$type<CallHappening['type']>().notNull(),
    /** The event without the four columns before. */
    body: json('body').$type<Readonly<Record<string, unknown>>>().notNull(),
    /**
     * Numbered when written, visible when committed: with several writers a reader can see a position before
     * a lower one. With one writer, as here, positions appear in order.
     */
    position: bigint('position', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  },
  (table) => [
    primaryKey({ name: 'call_events_pkey', columns: [table.callId, table.sequence] }),
    unique('call_events_position_unique').on(table.position),
  ],
);
