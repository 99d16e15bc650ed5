import type { CallStore, EventFit, StoredEvent } from '../storage/call-store.ts';

/** Read at once: what is dropped young costs the collector little. */
const page: EventFit = { mostEvents: 200, mostBytes: 64 * 1024 };

type LogStore = Pick<CallStore, 'eventsAfter' | 'positionBefore'>;

/**
 * Reads the log for those who follow it. Who asks for what is just being read gets the same: pages that all come back
 * after a restart are one reader to the database, and what is made of an event for one of them serves the others.
 */
export class EventPages {
  readonly #store: LogStore;
  readonly #underway = new Map<string, Promise<readonly StoredEvent[]>>();

  constructor(store: LogStore) {
    this.#store = store;
  }

  /** The position from which the last `count` events of all calls follow. */
  positionBefore(count: number): Promise<number> {
    return this.#store.positionBefore(count);
  }

  /** The next events behind a position, of one call or of all; none when there was none at the time of asking. */
  async after(position: number, callId?: string): Promise<readonly StoredEvent[]> {
    const asked = `${position} ${callId ?? ''}`;
    // What was read before the asking tells what there is, and not that there is nothing more.
    const underway = this.#underway.get(asked);
    const shared = underway === undefined ? [] : await underway;
    if (shared.length > 0) return shared;
    const reading = this.#store.eventsAfter(position, { ...page, callId });
    this.#underway.set(asked, reading);
    try {
      return await reading;
    } finally {
      if (this.#underway.get(asked) === reading) this.#underway.delete(asked);
    }
  }
}
