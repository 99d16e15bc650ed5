import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/**
 * Fills the product's embedded database with calls that are over, three events each, a minute apart.
 *
 * @param dataFolder of a server that made it and has stopped
 */
export async function addPastCalls(dataFolder: string, calls: number): Promise<void> {
  const database = await PGlite.create(path.join(dataFolder, 'database'));
  try {
    await database.query(addCalls, [calls, Date.now()]);
    await database.query(addEvents, [calls, Date.now()]);
    await database.exec('analyze');
  } finally {
    await database.close();
  }
}

const addCalls = `insert into calls
  (id, state, direction, requested_at, to_number, dialed_at, ended_at, carrier, carrier_call_id, sequence,
   person_number, goal, errand, fold)
  select 'call_past' || n, 'completed', 'outbound', at, number, at, at + 30000, 'twilio', 'CApast' || n, 3,
    number, goal, json_build_object('goal', goal), json_build_object('callId', 'call_past' || n)
  from (select n, $2::bigint - n * 60000::bigint as at, '+1415666' || lpad((n % 10000)::text, 4, '0') as number,
    'Book a table for two at half past seven.' as goal from generate_series(1, $1::integer) as n) as past`;

const addEvents = `insert into call_events (call_id, sequence, at, type, body)
  select 'call_past' || n, sequence, $2::bigint - n * 60000::bigint, 'call-ringing', '{}'::json
  from generate_series(1, $1::integer) as n, generate_series(1, 3) as sequence`;
