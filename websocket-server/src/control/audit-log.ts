import type { Access } from '../lib/access.ts';
import type { Log } from '../lib/log.ts';
import { inTime } from '../lib/patience.ts';
import type { Clock } from '../lib/runtime.ts';
import type { AuditDoor, AuditEntry, AuditPage, AuditQuery, AuditStore } from '../storage/audit-store.ts';

export { auditDoors } from '../storage/audit-store.ts';

/** Who acts, and from where. */
export interface Actor {
  /** null for somebody whom no door knows. */
  readonly access: Pick<Access, 'by' | 'name'> | null;
  readonly door: AuditDoor;
  readonly address: string | null;
}

export type AuditNote = Pick<AuditEntry, 'action' | 'outcome'> &
  Partial<Pick<AuditEntry, 'detail' | 'callId'>>;

/** What the doors note down. */
export interface Audit {
  /** Returns at once and never throws: what is noted is written a moment later. */
  note(actor: Actor, note: AuditNote): void;
  /** Newest first, with all that was noted before. */
  page(query: AuditQuery): Promise<AuditPage>;
}

/** Keeps nothing, for tests. */
export const silentAudit: Audit = {
  note() {},
  page: async () => ({ entries: [], nextCursor: null }),
};

/** What somebody does over and over, such as looking at a call or being refused, is noted once in this time. */
const sameAgainMs = 60_000;
const mostRemembered = 5000;
const gatherMs = 250;
const retryMs = 5000;
/** As many as wait for a store that is away; beyond this the oldest are lost, and the log says so. */
const mostWaiting = 10_000;
const entriesPerWrite = 200;
const sweepEveryMs = 6 * 3_600_000;
const dayMs = 86_400_000;
const patienceMs = 2000;
const longestText = 200;

/** Acts that are worth one entry each, however many there are. */
const eachCounts = /^(?:call-(?:placed|canceled|steered|taken-over)|question-answered|limits-changed)$/u;

/** The one writer of the audit log. Nobody ever waits for it but who reads it. */
export class AuditLog implements Audit {
  readonly #store: AuditStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #keptDays: number;
  #waiting: AuditEntry[] = [];
  #lost = 0;
  #writing: Promise<void> | undefined;
  #stopTimer: () => void = () => {};
  #stopSweeping: () => void = () => {};
  /** When something was noted last, ms since 1970. */
  readonly #lately = new Map<string, number>();

  constructor(
    store: AuditStore,
    keptDays: number,
    { clock, log }: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#store = store;
    this.#keptDays = keptDays;
    this.#clock = clock;
    this.#log = log;
  }

  note(actor: Actor, { action, outcome, detail = null, callId = null }: AuditNote): void {
    const entry: AuditEntry = {
      at: this.#clock.now(),
      action,
      outcome,
      detail: shortened(detail),
      by: actor.access?.by ?? null,
      name: shortened(actor.access?.name ?? null),
      door: actor.door,
      address: shortened(actor.address),
      callId: shortened(callId),
    };
    if (this.#isToldAgain(entry)) return;
    this.#waiting.push(entry);
    if (this.#waiting.length > mostWaiting) {
      this.#waiting.shift();
      this.#lost += 1;
    }
    if (this.#writing === undefined) {
      this.#stopTimer();
      this.#stopTimer = this.#clock.after(gatherMs, () => void this.#write());
    }
  }

  async page(query: AuditQuery): Promise<AuditPage> {
    await inTime(this.#write(), patienceMs, this.#clock);
    return this.#store.page(query);
  }

  /** Lets go of what is older than the setting says, now and every few hours. */
  sweep(): void {
    this.#stopSweeping = this.#clock.after(sweepEveryMs, () => this.sweep());
    this.#store.deleteBefore(this.#clock.now() - this.#keptDays * dayMs).then(
      (deleted) => deleted > 0 && this.#log.info('old audit entries deleted', { deleted }),
      (err: unknown) => this.#log.warn('old audit entries could not be deleted', { err }),
    );
  }

  /** Writes what waits, unless the store is away. */
  async stop(): Promise<void> {
    this.#stopTimer();
    this.#stopSweeping();
    await inTime(this.#write(), patienceMs, this.#clock);
    this.#stopTimer();
  }

  #write(): Promise<void> {
    this.#stopTimer();
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  /** Resolves when nothing waits, or the store fails: then it is tried again later. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, entriesPerWrite);
      try {
        await this.#store.add(batch);
      } catch (err) {
        this.#log.error('audit entries could not be stored; they are kept and tried again', {
          err,
          waiting: this.#waiting.length,
          lost: this.#lost,
        });
        this.#stopTimer = this.#clock.after(retryMs, () => void this.#write());
        return;
      }
      const written = new Set(batch);
      this.#waiting = this.#waiting.filter((entry) => !written.has(entry));
    }
  }

  #isToldAgain(entry: AuditEntry): boolean {
    const { at, ...what } = entry;
    if (entry.outcome === 'done' && eachCounts.test(entry.action)) return false;
    // Whoever may not enter can make up as many names and calls as they like.
    const key = JSON.stringify(entry.by === null ? [entry.action, entry.door, entry.address] : what);
    const last = this.#lately.get(key);
    if (last !== undefined && at - last < sameAgainMs) return true;
    this.#lately.delete(key);
    this.#lately.set(key, at);
    const [oldest] = this.#lately.keys();
    if (this.#lately.size > mostRemembered && oldest !== undefined) this.#lately.delete(oldest);
    return false;
  }
}

function shortened(text: string | null): string | null {
  return text === null ? null : text.slice(0, longestText);
}

/** @returns null for what is no id of a call: people write numbers and words where ids belong */
export function callIdIn(value: unknown): string | null {
  return typeof value === 'string' && /^call_[\w-]{1,60}$/u.test(value) ? value : null;
}
