import { inTime } from '../../lib/patience.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { Delivery, DeliveryAttempt, WebhookOutbox } from '../../storage/webhook-outbox.ts';
import { postWebhook } from './post-webhook.ts';
import type { Answer, WebhookTarget } from './post-webhook.ts';
import { pauseBeforeRetry } from './retry-schedule.ts';

interface DispatcherParts {
  readonly target: WebhookTarget;
  readonly outbox: WebhookOutbox;
  readonly runtime: Pick<Runtime, 'clock' | 'log' | 'fetch' | 'tally'>;
}

/** So many are under way at a time, and no more are in memory, however many wait. */
const atOnce = 4;
/** How long a delivery that was taken up is left alone, by us after a crash and by others on the same database. */
const claimMs = 25_000;
const longestSleepMs = 60_000;
const afterFaultMs = 5000;
const closingMs = 2000;

/** Delivers what is in the outbox, at least once each. Neither calls nor the store's writers wait for it. */
export class WebhookDispatcher {
  readonly #parts: DispatcherParts;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #looking: Promise<void> = Promise.resolve();
  #stopTimer: () => void = () => {};
  #wakesAt = Infinity;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Something may be due: it is looked for soon. */
  wake(inMs = 0): void {
    const { clock } = this.#parts.runtime;
    const at = clock.now() + inMs;
    if (this.#stopping.signal.aborted || at >= this.#wakesAt) return;
    this.#stopTimer();
    this.#wakesAt = at;
    this.#stopTimer = clock.after(inMs, () => {
      this.#wakesAt = Infinity;
      this.#looking = this.#looking.then(() => this.#look());
    });
  }

  /** Gives what is under way a moment, then leaves it: it is delivered by the next run. */
  async stop(): Promise<void> {
    this.#stopTimer();
    this.#wakesAt = -Infinity;
    await this.#looking;
    const settled = Promise.all(this.#underWay);
    await inTime(settled, closingMs, this.#parts.runtime.clock);
    this.#stopping.abort();
    await settled;
  }

  async #look(): Promise<void> {
    const { outbox, runtime } = this.#parts;
    const { clock, log } = runtime;
    if (this.#stopping.signal.aborted) return;
    try {
      const free = atOnce - this.#underWay.size;
      // Whoever is done looks again.
      if (free === 0) return;
      const now = clock.now();
      const due = await outbox.claim(now, now + claimMs, free);
      for (const delivery of due) this.#start(delivery);
      const next = due.length === free ? undefined : await outbox.nextDueAt();
      const sleepMs = next === undefined ? longestSleepMs : next - clock.now();
      this.wake(Math.min(longestSleepMs, Math.max(0, sleepMs)));
    } catch (err) {
      log.warn('events to be sent could not be looked for; they are kept and looked for again', { err });
      this.wake(afterFaultMs);
    }
  }

  #start(delivery: Delivery): void {
    const { log } = this.#parts.runtime;
    const work = this.#deliver(delivery)
      .catch((err: unknown) => log.warn('a delivery could not be noted; it is sent again', { err }))
      .finally(() => {
        this.#underWay.delete(work);
        this.wake();
      });
    this.#underWay.add(work);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { target, outbox, runtime } = this.#parts;
    const answer = await postWebhook(target, delivery, runtime, this.#stopping.signal);
    if (this.#stopping.signal.aborted && !answer.isTaken) return;
    const attempt = attemptOf(delivery, answer, runtime.clock.now());
    runtime.tally.add('webhook-delivery', attempt.state);
    await outbox.note(delivery.id, attempt);
    if (attempt.state === 'dead') {
      runtime.log.warn('an event was not taken and is set aside; POST /api/webhooks/replay sends it again', {
        id: delivery.id,
        kind: delivery.kind,
        error: answer.error,
      });
    }
  }
}

function attemptOf({ id, attempts }: Delivery, answer: Answer, at: number): DeliveryAttempt {
  const { status, error } = answer;
  if (answer.isTaken) return { at, status, error, state: 'delivered', nextAt: null };
  const pauseMs = answer.isGone ? undefined : pauseBeforeRetry(id, attempts + 1, answer.retryAfterMs);
  if (pauseMs === undefined) return { at, status, error, state: 'dead', nextAt: null };
  return { at, status, error, state: 'waiting', nextAt: at + pauseMs };
}
