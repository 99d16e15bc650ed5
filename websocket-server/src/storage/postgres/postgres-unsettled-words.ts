import type { CallEvent } from '../../call/call-event.ts';
import type { WordsSoFar } from '../../call/words-so-far.ts';
import type { CallWords, UnsettledWords } from '../unsettled-words.ts';
import type { Database, Statement } from './database.ts';

/** What is being said in open calls, in the database of the calls: a row for each, which changes in its place. */
export class PostgresUnsettledWords implements UnsettledWords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async keep(words: readonly CallWords[]): Promise<void> {
    if (words.length === 0) return;
    // The words are text inside one value, as in `save-events.ts`: they may spell out what `jsonb` refuses.
    const rows = words.map(({ callId, turns }) => ({ call_id: callId, turns: JSON.stringify(turns) }));
    await this.#database.run({ sql: keepSql, params: [JSON.stringify(rows)] });
  }

  async of(callId: string): Promise<readonly WordsSoFar[]> {
    const [row] = await this.#database.run({
      sql: 'select turns from unsettled_words where call_id = $1',
      params: [callId],
    });
    return row === undefined ? [] : (JSON.parse(String(row[0])) as readonly WordsSoFar[]);
  }
}

/** A row is made while its call goes on, and from then on only changed: words that come late leave none behind. */
const keepSql = `with said as materialized (
    select * from json_to_recordset($1::text::json) as said (call_id text, turns text)
  ), known as (
    update unsettled_words set turns = said.turns::json from said
    where unsettled_words.call_id = said.call_id
    returning unsettled_words.call_id
  )
  insert into unsettled_words (call_id, turns)
  select said.call_id, said.turns::json
  from said join calls on calls.id = said.call_id and calls.ended_at is null
  where said.call_id not in (select call_id from known)
  on conflict (call_id) do nothing`;

/** The words of an ended call are in its log; what was let go of it leaves nothing here either. */
export function forgetUnsettledWords(events: readonly CallEvent[]): readonly Statement[] {
  return events.flatMap(({ type, callId }) =>
    type === 'call-ended' || type === 'log-let-go'
      ? [{ sql: 'delete from unsettled_words where call_id = $1', params: [callId] }]
      : [],
  );
}
