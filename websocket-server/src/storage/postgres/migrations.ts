export interface Migration {
  /** Never changes once published: it is how a database remembers what it has. */
  readonly name: string;
  readonly statements: readonly string[];
}

/** The way from an empty database to the tables of `schema.ts`, in order. Text, so that a bundle carries it. */
export const migrations: readonly Migration[] = [
  {
    name: '0001-calls',
    statements: [
      `create table calls (
        id text primary key,
        state text not null,
        direction text not null,
        requested_at bigint not null,
        ended_at bigint,
        carrier text,
        carrier_call_id text,
        idempotency_key text constraint calls_idempotency_key_unique unique,
        sequence integer not null,
        errand json not null,
        fold json not null
      ) with (fillfactor = 70)`,
      `create index calls_open on calls (requested_at) where ended_at is null`,
      `create index calls_newest on calls (requested_at desc, id desc)`,
      `create index calls_newest_by_state on calls (state, requested_at desc, id desc)`,
      `create index calls_carrier_call_id on calls (carrier, carrier_call_id)`,
      `create table call_events (
        call_id text not null references calls (id) on delete cascade,
        sequence integer not null,
        at bigint not null,
        type text not null,
        body json not null,
        position bigint not null generated always as identity constraint call_events_position_unique unique,
        constraint call_events_pkey primary key (call_id, sequence)
      )`,
    ],
  },
  {
    name: '0002-policy',
    statements: [
      `alter table calls
        add column to_number text not null default '',
        add column dialed_at bigint`,
      // JSON that spells out U+0000 or half a character cannot be read into text: such a call counts for no cap.
      `update calls set to_number = fold->>'to', dialed_at = (fold->>'dialedAt')::bigint
       where fold::text !~* '\\\\u(0000|d[89a-f])'`,
      `create index calls_dialed on calls (dialed_at) where dialed_at is not null`,
      `create index calls_dialed_to on calls (to_number, dialed_at) where dialed_at is not null`,
      `create table do_not_call (
        number text constraint do_not_call_pkey primary key,
        added_at bigint not null,
        added_by text not null,
        call_id text,
        note text
      )`,
    ],
  },
  {
    name: '0003-costs',
    statements: [
      `alter table calls
        add column cost_micros bigint not null default 0,
        add column is_price_due boolean not null default false`,
      `create index calls_price_due on calls (ended_at desc) where is_price_due`,
      `create table daily_costs (
        day integer primary key,
        micros bigint not null
      )`,
      `create table stop_orders (
        id integer primary key,
        since bigint not null,
        reason text
      )`,
    ],
  },
  {
    name: '0004-settings',
    statements: [
      `create table settings (
        id integer primary key check (id = 1),
        version integer not null default 0,
        body json not null default '{}',
        saved_at bigint not null default 0,
        tried_at bigint
      )`,
    ],
  },
  {
    name: '0005-scheduled-calls',
    statements: [
      `alter table calls add column due_at bigint`,
      `create index calls_due on calls (due_at) where due_at is not null`,
    ],
  },
  {
    name: '0006-call-search',
    statements: [
      `alter table calls add column person_number text not null default ''`,
      `alter table calls add column goal text not null default ''`,
      // JSON that spells out U+0000 or half a character cannot be read into text: such a call stays unfound.
      `update calls set
        person_number = case direction when 'outbound' then fold ->> 'to' else fold ->> 'from' end,
        goal = errand ->> 'goal'
      where concat(fold, errand) !~* '\\\\u(0000|d[89a-f])'`,
      `create index calls_newest_by_direction on calls (direction, state, requested_at desc, id desc)`,
    ],
  },
  {
    name: '0007-kept-calls',
    statements: [
      `alter table calls add column let_go integer not null default 0`,
      `create index calls_ended on calls (ended_at) where ended_at is not null`,
      `create index calls_to_thin on calls (ended_at, let_go) where let_go < 2`,
      `create index calls_person on calls (person_number)`,
      `create table scrub_orders (
        id integer primary key,
        due_at bigint not null
      )`,
    ],
  },
  {
    name: '0008-webhooks',
    statements: [
      `create table webhook_deliveries (
        id text primary key,
        call_id text,
        kind text not null,
        body text not null,
        state text not null default 'waiting',
        created_at bigint not null,
        attempts integer not null default 0,
        next_at bigint,
        last_at bigint,
        last_status integer,
        last_error text,
        place bigint not null generated always as identity constraint webhook_deliveries_place_unique unique
      )`,
      `create index webhook_deliveries_due on webhook_deliveries (next_at) where next_at is not null`,
      `create index webhook_deliveries_waiting on webhook_deliveries (call_id, place) where state = 'waiting'`,
      `create index webhook_deliveries_dead on webhook_deliveries (place desc) where state = 'dead'`,
      `create index webhook_deliveries_of_call on webhook_deliveries (call_id)`,
    ],
  },
  {
    name: '0009-audit',
    statements: [
      `create table audit_log (
        position bigint generated always as identity constraint audit_log_pkey primary key,
        at bigint not null,
        action text not null,
        outcome text not null,
        detail text,
        by_what text,
        name text,
        door text not null,
        address text,
        call_id text
      )`,
      `create index audit_log_at on audit_log (at)`,
      `create index audit_log_call on audit_log (call_id, position desc) where call_id is not null`,
      `create function audit_log_refuse_change() returns trigger language plpgsql as
       $$ begin raise exception 'the audit log is never changed'; end $$`,
      `create trigger audit_log_append_only before update or truncate on audit_log
       for each statement execute function audit_log_refuse_change()`,
    ],
  },
  {
    name: '0010-server-instances',
    statements: [
      `create table server_instances (
        id text primary key,
        seen_at bigint not null
      )`,
      `alter table calls add column owner text`,
    ],
  },
  {
    name: '0011-limits',
    statements: [
      `create table limits (
        variable text primary key,
        value json not null,
        saved_at bigint not null
      )`,
    ],
  },
  {
    name: '0012-unsettled-words',
    statements: [
      // Room on each page for rows that change once a second.
      `create table unsettled_words (
        call_id text primary key references calls (id) on delete cascade,
        turns json not null
      ) with (fillfactor = 50)`,
    ],
  },
  {
    name: '0013-calls-to-end',
    statements: ['alter table calls add column is_to_end boolean not null default false'],
  },
  {
    name: '0014-unsettled-words-of-a-server',
    statements: [
      'drop table unsettled_words',
      // Too short-lived for compressing it to pay.
      `create table unsettled_words (
        owner text primary key,
        words text not null
      )`,
      'alter table unsettled_words alter column words set storage external',
    ],
  },
  {
    name: '0015-holder-requests',
    statements: [
      `create table holder_requests (
        id text primary key,
        call_id text not null references calls (id) on delete cascade,
        asked_at bigint not null,
        body text not null,
        is_taken boolean not null default false,
        reply text
      )`,
      'create index holder_requests_call on holder_requests (call_id)',
      'alter table server_instances add column address text',
    ],
  },
];
