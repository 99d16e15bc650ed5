import type { SettingsStore, StoredSettings } from '../../src/storage/settings-store.ts';

/** Settings in memory. */
export class MemorySettingsStore implements SettingsStore {
  #stored: StoredSettings | undefined;

  async read() {
    return this.#stored;
  }

  async save(body: unknown, over: number, savedAt: number) {
    if (over !== (this.#stored?.version ?? 0)) return undefined;
    this.#stored = { version: over + 1, body, savedAt };
    return this.#stored;
  }

  async tryWrite() {}
}
