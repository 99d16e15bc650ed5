import type { Faults } from './faults.ts';

export type StatusEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

/** Tells one call's progress, in order, or with the faults that the call is to have. */
export class StatusCallbacks {
  readonly #post: (form: Readonly<Record<string, string>>) => Promise<void>;
  readonly #events: readonly string[];
  readonly #faults: Faults['callbacks'];
  readonly #held: Readonly<Record<string, string>>[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #sequence = 0;
  #queue: Promise<void> = Promise.resolve();

  /** @param events which are wanted; Twilio tells only `completed` if nobody says */
  constructor(
    post: (form: Readonly<Record<string, string>>) => Promise<void>,
    events: readonly string[] = ['completed'],
    faults: Faults['callbacks'] = {},
  ) {
    this.#post = post;
    this.#events = events;
    this.#faults = faults;
  }

  /** Every event has a number, told or not; the form gets it with the time. */
  tell(event: StatusEvent, form: Readonly<Record<string, string>>): void {
    const numbered = {
      ...form,
      Timestamp: new Date().toUTCString().replace('GMT', '+0000'),
      SequenceNumber: String(this.#sequence++),
      CallbackSource: 'call-progress-events',
    };
    if (!this.#events.includes(event) || this.#faults?.missing?.includes(event)) return;
    if (!this.#faults?.isReversed) return this.#send(numbered);
    this.#held.unshift(numbered);
    if (event === 'completed') for (const held of this.#held.splice(0)) this.#send(held);
  }

  /** Forgets what is late still. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #send(form: Readonly<Record<string, string>>): void {
    const { lateByMs = 0, isDoubled = false } = this.#faults ?? {};
    const post = () => {
      for (let times = isDoubled ? 2 : 1; times > 0; times--)
        this.#queue = this.#queue.then(() => this.#post(form));
    };
    if (lateByMs === 0) return post();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      post();
    }, lateByMs);
    this.#timers.add(timer);
  }
}
