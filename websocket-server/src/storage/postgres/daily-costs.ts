import type { Call } from '../../call/call.ts';
import { costMicrosOf } from './call-rows.ts';
import type { Statement } from './database.ts';

const msPerDay = 86_400_000;
/** A statement takes 65,535 values at most. */
const callsPerStatement = 1000;

/** The day that a call counts for: that of its request. */
export function dayOf(at: number): number {
  return Math.floor(at / msPerDay);
}

/**
 * Statements that bring the costs of the days in step with calls about to be saved: each adds what its calls cost
 * more, or less, than what is stored of them. A fold that is older than the stored one adds nothing.
 */
export function addDailyCosts(calls: readonly Call[]): readonly Statement[] {
  const costly = calls.filter((call) => call.cost.modelUsd !== 0 || call.cost.carrierUsd !== 0);
  const statements: Statement[] = [];
  for (let start = 0; start < costly.length; start += callsPerStatement) {
    statements.push(addCosts(costly.slice(start, start + callsPerStatement)));
  }
  return statements;
}

function addCosts(calls: readonly Call[]): Statement {
  const rows = calls.map((_, index) => {
    const first = index * 4;
    return `($${first + 1}::text, $${first + 2}::integer, $${first + 3}::bigint, $${first + 4}::integer)`;
  });
  return {
    sql: `insert into daily_costs (day, micros)
      select fold.day, sum(fold.micros - coalesce(stored.cost_micros, 0))
      from (values ${rows.join(', ')}) as fold (id, day, micros, sequence)
      left join calls as stored on stored.id = fold.id
      where stored.sequence is null or stored.sequence < fold.sequence
      group by fold.day
      having sum(fold.micros - coalesce(stored.cost_micros, 0)) <> 0
      order by fold.day
      on conflict (day) do update set micros = daily_costs.micros + excluded.micros`,
    params: calls.flatMap((call) => [
      call.callId,
      dayOf(call.requestedAt),
      costMicrosOf(call),
      call.sequence,
    ]),
  };
}
