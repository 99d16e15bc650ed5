import type { Secrets } from '../agent/secrets.ts';
import type { Call } from '../call/call.ts';
import type { CallHappening, CallHint } from '../call/call-event.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallReading } from './call-control.ts';
import type { CallFeed } from './call-feed.ts';

/** The record of one open call and its timers, as the parts of the call share them. */
export class OpenRecord {
  readonly callId: string;
  readonly #feed: CallFeed;
  readonly #clock: Clock;
  readonly #secrets: Secrets;
  readonly #timers = new Map<string, () => void>();
  #isOver = false;

  /** The call must be begun in the feed. */
  constructor(callId: string, feed: CallFeed, clock: Clock, secrets: Secrets) {
    this.callId = callId;
    this.#feed = feed;
    this.#clock = clock;
    this.#secrets = secrets;
  }

  get reading(): CallReading {
    const reading = this.#feed.live(this.callId);
    if (reading === undefined) throw new TypeError(`call ${this.callId} is not live`);
    return reading;
  }

  get call(): Call {
    return this.reading.call;
  }

  /** The line is dead: only the last words and the end are still recorded. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** How long the call has been up, in ms. */
  get upMs(): number {
    const now = this.#clock.now();
    return now - (this.call.answeredAt ?? now);
  }

  /** The only way into the record of a live call: no secret passes, whoever said or wrote it. */
  add(happening: CallHappening): void {
    this.#feed.record(this.callId, this.#secrets.hiddenInAll(happening));
  }

  /** Words still being spoken, and how loud both are, for watchers. */
  hint(hint: CallHint): void {
    this.#feed.hint(this.#secrets.hiddenInAll(hint));
  }

  /** Runs `task` once after `ms`, unless the line is dead by then; replaces an earlier timer of that name. */
  startTimer(name: string, ms: number, task: () => void | Promise<void>): void {
    this.stopTimer(name);
    if (this.#isOver) return;
    this.#timers.set(
      name,
      this.#clock.after(ms, () => void task()),
    );
  }

  stopTimer(name: string): void {
    this.#timers.get(name)?.();
  }

  lineDied(): void {
    this.#isOver = true;
    for (const stop of this.#timers.values()) stop();
  }
}
