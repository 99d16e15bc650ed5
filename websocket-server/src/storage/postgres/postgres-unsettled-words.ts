import type { CallEvent } from '../../call/call-event.ts';
import type { WordsSoFar } from '../../call/words-so-far.ts';
import type { CallWords, UnsettledWords } from '../unsettled-words.ts';
import type { Database, Statement } from './database.ts';

/**
 * What is being said in open calls, in the database of the calls: one row for each server, which takes a quarter of
 * what a row for each call took. It is text, since the words may spell out what `jsonb` refuses.
 */
export class PostgresUnsettledWords implements UnsettledWords {
  readonly #database: Database;
  readonly #owner: string;

  /** @param owner id of this server, as it signs the calls that it writes */
  constructor(database: Database, owner: string) {
    this.#database = database;
    this.#owner = owner;
  }

  async keep(words: readonly CallWords[]): Promise<void> {
    await this.#database.run(
      words.length === 0
        ? { sql: 'delete from unsettled_words where owner = $1', params: [this.#owner] }
        : {
            sql: `insert into unsettled_words (owner, words) values ($1, $2)
              on conflict (owner) do update set words = excluded.words`,
            params: [this.#owner, JSON.stringify(words)],
          },
    );
  }

  async of(callId: string): Promise<readonly WordsSoFar[]> {
    const rows = await this.#database.run({ sql: 'select words from unsettled_words', params: [] });
    const kept = rows.flatMap(([words]) => JSON.parse(String(words)) as readonly CallWords[]);
    return kept.find((call) => call.callId === callId)?.turns ?? [];
  }

  async forgetGone(): Promise<void> {
    await this.#database.run({
      sql: `delete from unsettled_words where owner <> $1 and not exists (
          select 1 from calls where calls.owner = unsettled_words.owner and calls.ended_at is null
        )`,
      params: [this.#owner],
    });
  }
}

/**
 * What is let go of a call leaves nothing in the row of a server that is gone; one that lives has written its own anew.
 *
 * @param owner the server that lets go
 */
export function forgetUnsettledWords(events: readonly CallEvent[], owner: string): readonly Statement[] {
  return events.flatMap(({ type, callId }) =>
    type === 'log-let-go'
      ? [
          {
            sql: 'delete from unsettled_words where owner <> $1 and position($2 in words) > 0',
            params: [owner, callId],
          },
        ]
      : [],
  );
}
