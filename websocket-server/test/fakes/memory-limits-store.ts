import type { LimitsStore, SavedLimits } from '../../src/storage/limits-store.ts';

/** Limits kept for as long as the object lives. */
export class MemoryLimitsStore implements LimitsStore {
  #saved: SavedLimits = {};

  async read(): Promise<SavedLimits> {
    return this.#saved;
  }

  async save(changes: SavedLimits): Promise<SavedLimits> {
    const before = this.#saved;
    this.#saved = Object.fromEntries(
      Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null),
    );
    return before;
  }
}
