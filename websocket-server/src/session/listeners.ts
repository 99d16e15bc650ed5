import type { Speaker } from '../call/call-event.ts';
import type { Chunk } from '../lib/chunk.ts';

/** Whoever listens in to a live call. */
export interface CallEar {
  /** @param chunk borrowed; the agent's come faster than they are heard */
  audio(from: Speaker, chunk: Chunk): void;
  /** What was sent of the agent and not heard yet is dropped. */
  cleared(): void;
  /** The agent talks again in place of whoever had taken over here. */
  gaveBack(): void;
}

/** Those who listen in to one call, and the one of them who talks in the agent's place. */
export class Listeners {
  readonly #ears = new Set<CallEar>();
  #holder: CallEar | undefined;

  get count(): number {
    return this.#ears.size;
  }

  /** Who talks in the agent's place. */
  get holder(): CallEar | undefined {
    return this.#holder;
  }

  add(ear: CallEar): void {
    this.#ears.add(ear);
  }

  remove(ear: CallEar): void {
    this.#ears.delete(ear);
    if (this.#holder === ear) this.#holder = undefined;
  }

  hold(ear: CallEar): void {
    this.#holder = ear;
  }

  gaveBack(): void {
    const ear = this.#holder;
    this.#holder = undefined;
    ear?.gaveBack();
  }

  /** @param but hears it already: it is the one who talks */
  hear(from: Speaker, chunk: Chunk, but?: CallEar): void {
    for (const ear of this.#ears) if (ear !== but) ear.audio(from, chunk);
  }

  cleared(): void {
    for (const ear of this.#ears) ear.cleared();
  }
}
