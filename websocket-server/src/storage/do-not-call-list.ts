/** Numbers that are never called again, kept for good. */
export interface DoNotCallList {
  /** @returns false when the number was on it already: nothing changes then */
  add(entry: DoNotCallEntry): Promise<boolean>;
  has(number: string): Promise<boolean>;
  /** @returns false when it was not on it */
  remove(number: string): Promise<boolean>;
  /** In the order of the numbers. @param after `nextCursor` of an earlier page */
  page(query: { readonly limit: number; readonly after?: string | undefined }): Promise<DoNotCallPage>;
}

export interface DoNotCallEntry {
  /** E.164. */
  readonly number: string;
  /** ms since 1970. */
  readonly addedAt: number;
  /** Who wanted it: the person on the phone, or whoever runs this. */
  readonly addedBy: 'person' | 'operator';
  /** The call in which the person asked. */
  readonly callId: string | null;
  readonly note: string | null;
}

export interface DoNotCallPage {
  readonly entries: readonly DoNotCallEntry[];
  /** Give it as `after` to go on; null at the end. */
  readonly nextCursor: string | null;
}
