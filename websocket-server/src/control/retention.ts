import type { LetGo } from '../call/call.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { KeptCalls } from '../storage/kept-calls.ts';
import type { WebhookOutbox } from '../storage/webhook-outbox.ts';
import type { CallShelf } from './call-shelf.ts';
import type { Recordings } from './recordings.ts';

/** For how many days after a call's end what of it is kept; null: for good. */
export interface RetentionSettings {
  readonly transcriptDays: number | null;
  readonly eventDays: number | null;
  readonly callDays: number | null;
  /** Of deliveries that were made, or given up. */
  readonly webhookDays: number;
}

interface RetentionParts {
  readonly settings: RetentionSettings;
  readonly kept: KeptCalls;
  readonly shelf: CallShelf;
  readonly recordings: Pick<Recordings, 'remove'>;
  readonly outbox: Pick<WebhookOutbox, 'sweep'>;
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
}

const dayMs = 24 * 60 * 60_000;
const everyMs = 60_000;
/** So little at a time that the writes of a live call hardly wait, and with a breath between. */
const callsAtOnce = 10;
const deliveriesAtOnce = 200;
const breathMs = 20;

/** Lets go of calls when their time is over, a little at a time, once a minute. Several servers may do so at once. */
export class Retention {
  readonly #parts: RetentionParts;
  #stopTimer: () => void = () => {};
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Begins at once. */
  start(): void {
    const { clock, log } = this.#parts.runtime;
    this.#round = this.#letGo()
      .catch((err: unknown) =>
        log.warn('what is no longer to be kept could not be let go; it is tried again', { err }),
      )
      .finally(() => {
        if (!this.#isStopped) this.#stopTimer = clock.after(everyMs, () => this.start());
      });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopTimer();
    await this.#round;
  }

  async #letGo(): Promise<void> {
    const { settings, kept, shelf, outbox, runtime } = this.#parts;
    const { callDays, eventDays, transcriptDays, webhookDays } = settings;
    await this.#each(webhookDays, (before) => outbox.sweep(before, deliveriesAtOnce));
    const removed = await this.#each(callDays, (before) => this.#remove(before));
    const cut = await this.#each(eventDays, (before) => this.#thin('events', before));
    const silenced = await this.#each(transcriptDays, (before) => this.#thin('words', before));
    if (removed + cut + silenced > 0) {
      runtime.log.info('let go of what was kept long enough', { calls: removed, logs: cut, words: silenced });
    }
    const scrubDueAt = await kept.scrubDueAt();
    const isDue = scrubDueAt !== undefined && scrubDueAt <= runtime.clock.now();
    if (isDue && shelf.openCount === 0 && !this.#isStopped) await kept.scrub();
  }

  /** @param batch lets go of a few calls that ended before a time. @returns of how many; 0 when there are no more */
  async #each(days: number | null, batch: (endedBefore: number) => Promise<number>): Promise<number> {
    const { clock } = this.#parts.runtime;
    if (days === null) return 0;
    let all = 0;
    while (!this.#isStopped) {
      const count = await batch(clock.now() - days * dayMs);
      if (count === 0) break;
      all += count;
      await new Promise<void>((resolve) => clock.after(breathMs, resolve));
    }
    return all;
  }

  async #remove(endedBefore: number): Promise<number> {
    const { kept, shelf, recordings, runtime } = this.#parts;
    const calls = await kept.endedBefore(endedBefore, callsAtOnce);
    const callIds = calls.map(({ callId }) => callId);
    const removed = new Set(await kept.remove(callIds, runtime.clock.now() + dayMs));
    for (const call of calls) {
      if (!removed.has(call.callId)) continue;
      shelf.forget(call.callId);
      await recordings.remove(call);
    }
    return removed.size;
  }

  async #thin(what: LetGo, endedBefore: number): Promise<number> {
    const { kept, shelf } = this.#parts;
    let thinned = 0;
    for (const callId of await kept.toThin(what, endedBefore, callsAtOnce)) {
      if (await shelf.letGo(callId, what)) thinned++;
    }
    return thinned;
  }
}
