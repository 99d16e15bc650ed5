import type { TurnGrowing } from '../call/call-event.ts';
import type { Clock } from '../lib/runtime.ts';

/** Faster than this nobody reads along. */
const gatherMs = 100;

/**
 * Words that grow, some twenty times a second in each call, on their way to watchers. A hint has all the words of its
 * turn so far: the latest one stands for those before it.
 */
export class GatheredHints {
  readonly #clock: Clock;
  readonly #tell: (hint: TurnGrowing) => void;
  readonly #latest = new Map<string, TurnGrowing>();
  #isGathering = false;

  constructor(clock: Clock, tell: (hint: TurnGrowing) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(hint: TurnGrowing): void {
    this.#latest.set(keyOf(hint), hint);
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#clock.after(gatherMs, () => this.#tellAll());
  }

  /** A turn's words are settled: a hint of it would be late. */
  settled(turn: Pick<TurnGrowing, 'callId' | 'turnId'>): void {
    this.#latest.delete(keyOf(turn));
  }

  #tellAll(): void {
    this.#isGathering = false;
    const hints = [...this.#latest.values()];
    this.#latest.clear();
    for (const hint of hints) this.#tell(hint);
  }
}

function keyOf({ callId, turnId }: Pick<TurnGrowing, 'callId' | 'turnId'>): string {
  return `${callId} ${turnId}`;
}
