/** Where the owner's settings are kept: one document, each change of which has a version. */
export interface SettingsStore {
  /** @returns undefined when none were ever saved */
  read(): Promise<StoredSettings | undefined>;
  /**
   * Saves a document over the version that it was made from.
   *
   * @param over version that the change was made from; 0 when there was none
   * @returns undefined when another change came first: nothing is written then
   */
  save(body: unknown, over: number, savedAt: number): Promise<StoredSettings | undefined>;
  /** Writes something that nobody reads, to find out whether writing works. */
  tryWrite(at: number): Promise<void>;
}

export interface StoredSettings {
  /** From 1, one more with each change. */
  readonly version: number;
  readonly body: unknown;
  /** ms since 1970. */
  readonly savedAt: number;
}
