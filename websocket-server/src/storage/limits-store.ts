/** Where the limits on calls are kept that the operator sets in the page: one value for each, by its variable. */
export interface LimitsStore {
  read(): Promise<SavedLimits>;
  /**
   * Saves some limits, all or none; the others stay.
   *
   * @param changes null takes a limit away
   * @param savedAt ms since 1970
   * @returns what was saved before
   */
  save(changes: SavedLimits, savedAt: number): Promise<SavedLimits>;
}

/** JSON values, by the environment variable of the limit, e.g. `CALLS_PER_HOUR`. */
export type SavedLimits = Readonly<Record<string, unknown>>;
