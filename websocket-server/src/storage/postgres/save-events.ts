import type { CallEvent } from '../../call/call-event.ts';
import { rowOfEvent } from './call-rows.ts';
import type { Statement } from './database.ts';

/**
 * Stores events, in their order, and tells `call_id`, `sequence` and `position` of each. All of them are one value: a
 * statement with a value for each of their columns costs several times as much to write, to parse and to plan. A body
 * is text inside that value, so that U+0000 or half a character, which it may spell out, is nothing but its letters.
 */
export function saveEvents(events: readonly CallEvent[]): Statement {
  const rows = events.map((event) => {
    const { callId, sequence, at, type, body } = rowOfEvent(event);
    return { call_id: callId, sequence, at, type, body: JSON.stringify(body) };
  });
  return { sql: saveEventsSql, params: [JSON.stringify(rows)] };
}

const saveEventsSql = `insert into call_events (call_id, sequence, at, type, body)
  select call_id, sequence, at, type, body::json
  from json_to_recordset($1::text::json)
    as event (call_id text, sequence integer, at bigint, type text, body text)
  returning call_id, sequence, position`;
