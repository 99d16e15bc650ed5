import type { WordsSoFar } from '../call/words-so-far.ts';
import type { Log } from '../lib/log.ts';
import { inTime } from '../lib/patience.ts';
import type { Clock } from '../lib/runtime.ts';
import type { UnsettledWords } from '../storage/unsettled-words.ts';

interface WordsKeeperParts {
  readonly words: UnsettledWords;
  /** The calls that go on, with what is being said in them. */
  readonly calls: () => readonly { readonly callId: string; readonly wordsSoFar: readonly WordsSoFar[] }[];
  /** Resolves when all events that were recorded so far are durable. */
  readonly recorded: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const roundMs = 1000;
/** For the last round: a database that stalls does not keep a server from going. */
const leavingMs = 1000;

/**
 * Has what is being said in all calls kept about once a second, in one statement. It asks for the words when it is
 * time, so that nothing is done for them while they are spoken; a round that fails is made up for by the next.
 */
export class WordsKeeper {
  readonly #parts: WordsKeeperParts;
  /** What was kept last. */
  #kept = '[]';
  #round: Promise<void> = Promise.resolve();
  #stopTimer: () => void = () => {};
  #isStopped = false;

  constructor(parts: WordsKeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#stopTimer = this.#parts.clock.after(roundMs, () => {
      this.#round = this.#keep().finally(() => this.start());
    });
  }

  /** Keeps what is being said by then, which is nothing once all calls have ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopTimer();
    const last = this.#round.then(() => this.#keep());
    await inTime(last, leavingMs, this.#parts.clock);
  }

  async #keep(): Promise<void> {
    const { calls, words, recorded, log } = this.#parts;
    const said = calls().flatMap(({ callId, wordsSoFar: turns }) =>
      turns.length > 0 ? [{ callId, turns }] : [],
    );
    const spelled = JSON.stringify(said);
    if (spelled === this.#kept) return;
    try {
      // What is no longer being said is dropped here: it has to be on record by then.
      await recorded();
      await words.keep(said);
      this.#kept = spelled;
    } catch (err) {
      log.warn('words that are being spoken could not be kept', { err });
    }
  }
}
