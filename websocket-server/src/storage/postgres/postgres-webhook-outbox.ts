import type { Call } from '../../call/call.ts';
import type { CallEvent } from '../../call/call-event.ts';
import { InvalidRequest } from '../../lib/errors.ts';
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryPage,
  DeliveryQuery,
  DeliveryState,
  WebhookOutbox,
  WebhookWriter,
} from '../webhook-outbox.ts';
import type { Database, Row, Statement } from './database.ts';

/** So many failures hold back what came after in the same call; then it may overtake. */
const failuresThatHold = 3;
const columns = `id, call_id, kind, body, state, created_at, attempts, next_at, last_at, last_status, last_error`;
const isNotHeld = `not exists (
  select 1 from webhook_deliveries earlier
  where earlier.call_id = delivery.call_id and earlier.place < delivery.place
    and earlier.state = 'waiting' and earlier.attempts < ${failuresThatHold})`;
const isOfNow = `attempts = 0, next_at = $1::bigint, state = 'waiting'`;

/** The outbox in PostgreSQL, in the database of the calls: what is put in with an event is as durable as that is. */
export class PostgresWebhookOutbox implements WebhookOutbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async claim(now: number, until: number, most: number): Promise<readonly Delivery[]> {
    const rows = await this.#database.run({
      sql: `update webhook_deliveries set next_at = $2::bigint where id in (
          select id from webhook_deliveries delivery
          where next_at <= $1::bigint and ${isNotHeld}
          order by place limit $3::bigint for update skip locked
        ) returning ${columns}, place`,
      params: [now, until, most],
    });
    return rows.toSorted((one, other) => Number(one.at(-1)) - Number(other.at(-1))).map(deliveryOf);
  }

  async nextDueAt(): Promise<number | undefined> {
    const [row] = await this.#database.run({
      sql: `select min(next_at) from webhook_deliveries delivery where next_at is not null and ${isNotHeld}`,
      params: [],
    });
    return row?.[0] === null || row?.[0] === undefined ? undefined : Number(row[0]);
  }

  async note(id: string, { at, status, error, state, nextAt }: DeliveryAttempt): Promise<void> {
    await this.#database.run({
      sql: `update webhook_deliveries set attempts = attempts + 1, last_at = $2::bigint, last_status = $3::integer,
        last_error = $4::text, state = $5::text, next_at = $6::bigint where id = $1`,
      params: [id, at, status, error?.replaceAll('\0', '') ?? null, state, nextAt],
    });
  }

  async page({ state, callId, limit, before }: DeliveryQuery): Promise<DeliveryPage> {
    const place = before === undefined ? Number.MAX_SAFE_INTEGER : Number(before);
    if (!Number.isSafeInteger(place)) {
      throw new InvalidRequest('"before" must be the "nextCursor" of an earlier page.');
    }
    const rows = await this.#database.run({
      sql: `select ${columns}, place from webhook_deliveries
        where place < $1::bigint and ($2::text is null or state = $2) and ($3::text is null or call_id = $3)
        order by place desc limit $4::bigint`,
      params: [place, state ?? null, callId ?? null, limit + 1],
    });
    const shown = rows.slice(0, limit);
    return {
      deliveries: shown.map(deliveryOf),
      nextCursor: rows.length > limit ? String(shown.at(-1)?.at(-1)) : null,
    };
  }

  async counts() {
    const rows = await this.#database.run({
      sql: `select state, count(*) from webhook_deliveries where state <> 'delivered' group by state`,
      params: [],
    });
    const count = (of: DeliveryState) => Number(rows.find(([state]) => state === of)?.[1] ?? 0);
    return { waiting: count('waiting'), dead: count('dead') };
  }

  async replay(id: string, now: number): Promise<boolean> {
    const sql = `update webhook_deliveries set ${isOfNow} where id = $2 returning id`;
    return (await this.#database.run({ sql, params: [now, id] })).length > 0;
  }

  async replayDead(now: number): Promise<number> {
    const sql = `update webhook_deliveries set ${isOfNow} where state = 'dead' returning id`;
    return (await this.#database.run({ sql, params: [now] })).length;
  }

  async sweep(before: number, most: number): Promise<number> {
    const sql = `delete from webhook_deliveries where id in (
      select id from webhook_deliveries where next_at is null and last_at < $1::bigint limit $2::bigint
    ) returning id`;
    return (await this.#database.run({ sql, params: [before, most] })).length;
  }
}

/** What the events of a transaction put into the outbox. */
export function outboxStatements(
  events: readonly CallEvent[],
  folds: readonly Call[],
  write: WebhookWriter,
): readonly Statement[] {
  return events.flatMap((event) => {
    const fold = folds.find(({ callId }) => callId === event.callId);
    const message = write(event, fold);
    if (message === undefined) return [];
    return [
      {
        sql: `insert into webhook_deliveries (id, call_id, kind, body, created_at, next_at)
          values ($1, $2, $3, $4, $5::bigint, $5::bigint)`,
        params: [`${event.callId}_${event.sequence}`, event.callId, message.kind, message.body, event.at],
      },
    ];
  });
}

function deliveryOf(row: Row): Delivery {
  const [id, callId, kind, body, state, createdAt, attempts, nextAt, lastAt, lastStatus, lastError] = row;
  return {
    id: String(id),
    callId: callId === null ? null : String(callId),
    kind: String(kind),
    body: String(body),
    state: state as DeliveryState,
    createdAt: Number(createdAt),
    attempts: Number(attempts),
    nextAt: nextAt === null ? null : Number(nextAt),
    lastAt: lastAt === null ? null : Number(lastAt),
    lastStatus: lastStatus === null ? null : Number(lastStatus),
    lastError: lastError === null ? null : String(lastError),
  };
}
