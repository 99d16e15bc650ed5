import type { WordsSoFar } from '../call/words-so-far.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallWords, UnsettledWords } from '../storage/unsettled-words.ts';

interface WordsKeeperParts {
  readonly words: UnsettledWords;
  /** The calls that go on, with what is being said in them. */
  readonly calls: () => readonly { readonly callId: string; readonly wordsSoFar: readonly WordsSoFar[] }[];
  readonly clock: Clock;
  readonly log: Log;
}

const roundMs = 1000;

/**
 * Has what is being said in all calls kept about once a second, in one statement. It asks for the words when it is
 * time, so that nothing is done for them while they are spoken; a round that fails is made up for by the next.
 */
export class WordsKeeper {
  readonly #parts: WordsKeeperParts;
  /** What was kept last of each call. */
  #kept = new Map<string, string>();
  #stopTimer: () => void = () => {};
  #isStopped = false;

  constructor(parts: WordsKeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#stopTimer = this.#parts.clock.after(roundMs, () => {
      void this.#keep()
        .catch((err: unknown) =>
          this.#parts.log.warn('words that are being spoken could not be kept', { err }),
        )
        .finally(() => this.start());
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
  }

  async #keep(): Promise<void> {
    const said = new Map<string, string>();
    const changed: CallWords[] = [];
    for (const { callId, wordsSoFar } of this.#parts.calls()) {
      if (wordsSoFar.length === 0) continue;
      const spelled = wordsSoFar.map(({ turnId, text }) => `${turnId} ${text}`).join('\n');
      said.set(callId, spelled);
      if (spelled !== this.#kept.get(callId)) changed.push({ callId, turns: wordsSoFar });
    }
    if (changed.length > 0) await this.#parts.words.keep(changed);
    this.#kept = said;
  }
}
