import type { Clock } from '../lib/runtime.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import { readSettings, storedSettings } from './settings-body.ts';
import { SettingsChanged } from './settings-errors.ts';
import { noSettings } from './settings.ts';
import type { Settings } from './settings.ts';

export interface SettingsPage {
  /** 0 before anything was saved. */
  readonly version: number;
  /** ms since 1970; null before anything was saved. */
  readonly savedAt: number | null;
  readonly settings: Settings;
}

/** The owner's settings: read from memory by every call, changed through here alone. */
export class SettingsBook {
  readonly #store: SettingsStore;
  readonly #clock: Clock;
  #page: SettingsPage = { version: 0, savedAt: null, settings: noSettings };

  private constructor(store: SettingsStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  static async open(store: SettingsStore, clock: Clock): Promise<SettingsBook> {
    const book = new SettingsBook(store, clock);
    await book.read();
    return book;
  }

  get current(): Settings {
    return this.#page.settings;
  }

  /** What is stored at this moment, also by another server on the same database. */
  async read(): Promise<SettingsPage> {
    const stored = await this.#store.read();
    if (stored !== undefined && stored.version !== this.#page.version) {
      const { version, savedAt, body } = stored;
      this.#page = { version, savedAt, settings: storedSettings(body) };
    }
    return this.#page;
  }

  /**
   * @param over version that the change was made from
   * @throws InvalidSettings; SettingsChanged when that is no longer the latest: nothing is saved then
   */
  async save(body: unknown, over: number): Promise<SettingsPage> {
    const settings = readSettings(body);
    const stored = await this.#store.save(settings, over, this.#clock.now());
    if (stored === undefined) throw new SettingsChanged((await this.read()).version);
    this.#page = { version: stored.version, savedAt: stored.savedAt, settings };
    return this.#page;
  }

  /** Changes some of the settings, whatever their version. */
  async change(part: Partial<Settings>): Promise<SettingsPage> {
    const { version, settings } = await this.read();
    return this.save({ ...settings, ...part }, version);
  }
}
