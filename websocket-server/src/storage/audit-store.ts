/** Where it is kept who did what. Nothing in it is ever changed; what is old enough is let go of. */
export interface AuditStore {
  add(entries: readonly AuditEntry[]): Promise<void>;
  /** Newest first. */
  page(query: AuditQuery): Promise<AuditPage>;
  /** @param at ms since 1970. @returns how many went */
  deleteBefore(at: number): Promise<number>;
}

export interface AuditEntry {
  /** ms since 1970. */
  readonly at: number;
  /** What was done, past tense, e.g. `call-placed`. */
  readonly action: string;
  readonly outcome: 'done' | 'refused';
  /** The code of a refusal, or which of several ways of acting, e.g. `transfer`. Never words of people or numbers. */
  readonly detail: string | null;
  /** What vouched for whoever did it; null for somebody unknown. */
  readonly by: string | null;
  /** Name of the token or subject of the login; null for somebody unknown. Never the token itself. */
  readonly name: string | null;
  readonly door: AuditDoor;
  /** Network address that it came from; null for none. */
  readonly address: string | null;
  readonly callId: string | null;
}

export const auditDoors = ['mcp', 'api', 'page', 'schedule'] as const;
export type AuditDoor = (typeof auditDoors)[number];

export interface AuditQuery {
  /** 1 to 500. */
  readonly limit: number;
  /** Cursor of an earlier page. */
  readonly before?: number | undefined;
  readonly action?: string | undefined;
  readonly outcome?: AuditEntry['outcome'] | undefined;
  readonly name?: string | undefined;
  readonly door?: AuditDoor | undefined;
  readonly callId?: string | undefined;
  /** ms since 1970, both. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Give it as `before` to go on; null at the end. */
  readonly nextCursor: number | null;
}
