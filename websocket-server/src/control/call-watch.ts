import type { CallHint } from '../call/call-event.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { StoredEvent } from '../storage/call-store.ts';
import type { WatchOptions, Watcher } from './call-control.ts';
import type { CallFeed } from './call-feed.ts';
import type { EventPages } from './event-pages.ts';

const historyEvents = 500;
const slowPauseMs = 100;
const longestSlowMs = 30_000;

/**
 * One watcher following calls. The store is its queue: a watcher that cannot keep up is simply told later, from
 * the position where it stands, so a slow one costs no memory and misses nothing.
 */
export class CallWatch {
  readonly #pages: EventPages;
  readonly #feed: CallFeed;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #options: WatchOptions;
  readonly #watcher: Watcher;
  readonly #unlisten: () => void;
  #position = 0;
  #isLive = false;
  #isOver = false;
  /** Something that it is to be told was stored while history was being read. */
  #hasMissed = false;

  constructor(
    options: WatchOptions,
    watcher: Watcher,
    parts: {
      readonly pages: EventPages;
      readonly feed: CallFeed;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {
    this.#options = options;
    this.#watcher = watcher;
    this.#pages = parts.pages;
    this.#feed = parts.feed;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#unlisten = parts.feed.listen({
      isPatient: options.isPatient === true,
      stored: (events) => this.#stored(events),
      hint: (hint) => this.#hint(hint),
    });
    if (options.isFromNow === true) this.#isLive = true;
    else void this.#follow();
  }

  /** It is told later than things happen. */
  get isBehind(): boolean {
    return !this.#isLive && !this.#isOver;
  }

  stop(): void {
    this.#isOver = true;
    this.#unlisten();
  }

  #stored(events: readonly StoredEvent[]): void {
    if (!this.#isLive) {
      const { callId } = this.#options;
      this.#hasMissed ||= callId === undefined || events.some(({ event }) => event.callId === callId);
      return;
    }
    for (const stored of events) this.#tell(stored);
    if (this.#watcher.isSlow()) {
      this.#isLive = false;
      void this.#catchUp();
    }
  }

  #hint(hint: CallHint): void {
    const { callId } = this.#options;
    // How loud a call is, twice a second, is for those who look at it alone.
    const isWanted = callId === hint.callId || (callId === undefined && hint.type !== 'loudness-heard');
    if (this.#isLive && isWanted && !this.#watcher.isSlow()) this.#watcher.hint(hint);
  }

  #tell({ event, position }: StoredEvent): void {
    if (this.#isOver || position <= this.#position) return;
    this.#position = position;
    const { callId } = this.#options;
    if (callId === undefined || callId === event.callId) this.#watcher.event(event, position);
  }

  async #follow(): Promise<void> {
    const { afterPosition, callId } = this.#options;
    try {
      // One call is told from its beginning; all calls from a little while ago.
      const start = callId === undefined ? await this.#pages.positionBefore(historyEvents) : 0;
      this.#position = afterPosition ?? start;
    } catch (err) {
      return this.#drop(err);
    }
    await this.#catchUp();
    if (this.#isOver) return;
    this.#watcher.caughtUp();
    if (callId !== undefined) for (const hint of this.#feed.growing(callId)) this.#hint(hint);
  }

  /** Reads on from where the watcher stands until it is level with the log, then goes live. */
  async #catchUp(): Promise<void> {
    let slowSince: number | undefined;
    while (!this.#isOver) {
      if (this.#watcher.isSlow()) {
        slowSince ??= this.#clock.elapsed();
        if (this.#clock.elapsed() - slowSince > longestSlowMs) return this.#drop();
        await new Promise<void>((resolve) => this.#clock.after(slowPauseMs, resolve));
        continue;
      }
      slowSince = undefined;
      this.#hasMissed = false;
      const told = await this.#tellNext();
      if (told === undefined) return;
      if (told === 0 && !this.#hasMissed) {
        this.#isLive = true;
        return;
      }
    }
  }

  /** @returns how many there were to tell; undefined when they could not be read, and the watcher is dropped */
  async #tellNext(): Promise<number | undefined> {
    const { callId } = this.#options;
    try {
      const events = await this.#pages.after(this.#position, callId);
      for (const stored of events) this.#tell(stored);
      return events.length;
    } catch (err) {
      this.#drop(err);
      return undefined;
    }
  }

  #drop(err?: unknown): void {
    if (this.#isOver) return;
    this.stop();
    this.#log.warn('a watcher was dropped', { err });
    this.#watcher.onDropped();
  }
}
