import type { Call } from '../../call/call.ts';
import type { CallEvent, CallHappening } from '../../call/call-event.ts';
import { withoutQuotes } from '../../call/outcome.ts';
import type { Outcome } from '../../call/outcome.ts';
import type { Statement } from './database.ts';

/** The events in which there are words of a call; of its outcome only the quotes are. */
const wordy = [
  'turn-started',
  'turn-ended',
  'barge-in',
  'loudness-noted',
  'reply-timed',
  'digits-pressed',
  'tool-called',
  'tool-answered',
  'tool-refused',
  'question-asked',
  'question-answered',
  'call-steered',
] as const satisfies readonly CallHappening['type'][];

/** From which a reader of the log still learns that there was a call, and what came of it. */
const record = [
  'call-requested',
  'call-arrived',
  'call-answered',
  'outcome-reported',
  'call-ended',
] as const satisfies readonly CallHappening['type'][];

/** Bytes of what was let go may lie in the files for so long. */
const scrubWithinMs = 24 * 60 * 60_000;

/**
 * What the events of a transaction let go.
 *
 * @param folds of the calls, after these events
 */
export function letGoStatements(events: readonly CallEvent[], folds: readonly Call[]): readonly Statement[] {
  return events.flatMap((event) => {
    if (event.type !== 'log-let-go') return [];
    const types = event.what === 'words' ? wordy : record;
    const isOneOf = `type ${event.what === 'words' ? '' : 'not '}in (${types.map((type) => `'${type}'`).join(', ')})`;
    return [
      {
        sql: `delete from call_events where call_id = $1 and sequence < $2 and ${isOneOf}`,
        params: [event.callId, event.sequence],
      },
      {
        sql: `update call_events set body = $2 where call_id = $1 and type = 'outcome-reported'`,
        params: [event.callId, JSON.stringify({ outcome: outcomeOf(event.callId, folds) })],
      },
      orderScrub(event.at + scrubWithinMs),
    ];
  });
}

/** Without quotes, as a call has it of which words were let go. */
function outcomeOf(callId: string, folds: readonly Call[]): Outcome | null {
  const outcome = folds.find((fold) => fold.callId === callId)?.outcome ?? null;
  return outcome && withoutQuotes(outcome);
}

/** Has what is removed leave the files, too, by a time in ms since 1970; an order for earlier stands. */
export function orderScrub(dueAt: number): Statement {
  return {
    sql: `insert into scrub_orders (id, due_at) values (1, $1)
      on conflict (id) do update set due_at = least(scrub_orders.due_at, excluded.due_at)`,
    params: [dueAt],
  };
}
