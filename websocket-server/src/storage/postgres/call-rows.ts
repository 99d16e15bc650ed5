import type { Call } from '../../call/call.ts';
import type { CallEvent } from '../../call/call-event.ts';
import type { StoredEvent } from '../call-store.ts';
import type { callEvents, calls } from './schema.ts';

export function rowOfCall({ errand, ...fold }: Call): typeof calls.$inferInsert {
  return {
    id: fold.callId,
    state: fold.state,
    direction: fold.direction,
    requestedAt: fold.requestedAt,
    toNumber: fold.to,
    dialedAt: fold.dialedAt,
    endedAt: fold.endedAt,
    carrier: fold.carrier,
    carrierCallId: fold.carrierCallId,
    idempotencyKey: fold.idempotencyKey,
    sequence: fold.sequence,
    errand,
    fold,
  };
}

/** Facts that folds of earlier versions do not have. */
const addedLater = {
  answeredBy: null,
  isMessageLeft: false,
  callee: 'business',
  scheduledAt: null,
  warnings: [],
} satisfies Partial<Call>;

export function callOfRow(row: typeof calls.$inferSelect): Call {
  return { ...addedLater, ...row.fold, errand: row.errand };
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
