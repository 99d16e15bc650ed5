import { letGos } from '../../call/call.ts';
import type { Call, LetGo } from '../../call/call.ts';
import type { CallEvent } from '../../call/call-event.ts';
import { knownUsd, noCost, withCarrierCost } from '../../call/cost.ts';
import type { StoredEvent } from '../call-store.ts';
import type { Row } from './database.ts';
import type { callEvents, calls } from './schema.ts';

export function rowOfCall({ errand, ...fold }: Call): typeof calls.$inferInsert {
  return {
    id: fold.callId,
    state: fold.state,
    direction: fold.direction,
    requestedAt: fold.requestedAt,
    toNumber: fold.to,
    dialedAt: fold.dialedAt,
    dueAt: fold.state === 'queued' ? fold.scheduledAt : null,
    endedAt: fold.endedAt,
    carrier: fold.carrier,
    carrierCallId: fold.carrierCallId,
    idempotencyKey: fold.idempotencyKey,
    costMicros: costMicrosOf(fold),
    isPriceDue: isPriceDue(fold),
    letGo: fold.letGo === undefined ? 0 : levelOf(fold.letGo.what),
    sequence: fold.sequence,
    personNumber: asText(fold.direction === 'outbound' ? fold.to : fold.from),
    goal: asText(errand.goal),
    errand,
    fold,
  };
}

/** How much is gone of a call of which so much was let go. */
export function levelOf(what: LetGo): number {
  return letGos.indexOf(what) + 1;
}

/** Facts that folds of earlier versions do not have. */
const addedLater = {
  answeredBy: null,
  isMessageLeft: false,
  resumes: null,
  recording: null,
  callee: 'business',
  scheduledAt: null,
  warnings: [],
  maxCostUsd: null,
  cost: withCarrierCost(noCost, null, true),
} satisfies Partial<Call>;

/** PostgreSQL's `text` holds whole characters, and not U+0000. */
function asText(words: string): string {
  return words.replaceAll(/\0|\p{Surrogate}/gu, ' ');
}

/** @param errand, fold columns as their text */
export function callOfJson(errand: string, fold: string): Call {
  return {
    ...addedLater,
    ...(JSON.parse(fold) as Omit<Call, 'errand'>),
    errand: JSON.parse(errand) as Call['errand'],
  };
}

export function callOfRow(row: typeof calls.$inferSelect): Call {
  return { ...addedLater, ...row.fold, errand: row.errand };
}

/** What is known of a call's cost, in whole millionths of a dollar: sums of these are exact. */
export function costMicrosOf({ cost }: Pick<Call, 'cost'>): number {
  return Math.round(knownUsd(cost) * 1_000_000);
}

/** The line is dead and the carrier has still to tell its price. */
function isPriceDue({ endedAt, carrierCallId, cost }: Omit<Call, 'errand'>): boolean {
  return endedAt !== null && carrierCallId !== null && cost.isEstimate;
}

export function rowOfEvent({
  callId,
  sequence,
  at,
  type,
  ...body
}: CallEvent): typeof callEvents.$inferInsert {
  return { callId, sequence, at, type, body };
}

export function storedEventOfRow(row: typeof callEvents.$inferSelect): StoredEvent {
  const { position, callId, sequence, at, type, body } = row;
  // The only writer of `body` is `rowOfEvent`, with the fields that belong to `type`.
  return { position, event: { type, callId, sequence, at, ...body } as CallEvent };
}

/** @param row the columns in the order of `StoredEvent` and its event: position, call, sequence, time, type, body */
export function storedEventOfValues([position, callId, sequence, at, type, body]: Row): StoredEvent {
  const rest = JSON.parse(String(body)) as object;
  const event = { type, callId, sequence: Number(sequence), at: Number(at), ...rest } as CallEvent;
  return { position: Number(position), event };
}
