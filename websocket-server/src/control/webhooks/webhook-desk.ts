import { TelephoneError } from '../../lib/errors.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { Delivery, DeliveryQuery, WebhookOutbox } from '../../storage/webhook-outbox.ts';
import { postWebhook } from './post-webhook.ts';
import type { WebhookTarget } from './post-webhook.ts';
import { webhookBody } from './webhook-event.ts';

export { deliveryStates } from '../../storage/webhook-outbox.ts';

/** What the operator may ask of the events that are sent out. */
export interface WebhookControl {
  /** False when no address is set: nothing is put into the outbox then. */
  readonly isOn: boolean;
  page(query: DeliveryQuery): Promise<ToldPage>;
  counts(): Promise<{ readonly waiting: number; readonly dead: number }>;
  /** @throws DeliveryNotFound, WebhooksOff */
  replay(id: string): Promise<void>;
  /** Sends all that are dead again. @returns how many. @throws WebhooksOff */
  replayDead(): Promise<number>;
  /** Sends a message of no meaning, now and once. @throws WebhooksOff */
  ping(): Promise<PingReport>;
}

/** A delivery as it is told: its body is what its receiver gets. */
export type ToldDelivery = Omit<Delivery, 'body'> & { readonly payload: unknown };

export interface ToldPage {
  readonly deliveries: readonly ToldDelivery[];
  readonly nextCursor: string | null;
}

export interface PingReport {
  readonly delivered: boolean;
  /** HTTP status of the answer; null when there was none. */
  readonly status: number | null;
  readonly error: string | null;
  readonly tookMs: number;
}

export class DeliveryNotFound extends TelephoneError {
  constructor(id: string) {
    super(
      'delivery-not-found',
      `No delivery has the id "${id}". GET /api/webhooks/deliveries lists those there are.`,
      { id },
    );
  }
}

export class WebhooksOff extends TelephoneError {
  constructor() {
    super(
      'webhooks-off',
      'No events are sent out: set EVENTS_WEBHOOK_URL and EVENTS_WEBHOOK_SECRET, and start the server again.',
    );
  }
}

interface DeskParts {
  /** null when no address is set. */
  readonly target: WebhookTarget | null;
  readonly outbox: WebhookOutbox;
  readonly runtime: Pick<Runtime, 'clock' | 'fetch' | 'newId'>;
  /** Something is due. */
  readonly wake: () => void;
}

export class WebhookDesk implements WebhookControl {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  get isOn(): boolean {
    return this.#parts.target !== null;
  }

  async page(query: DeliveryQuery): Promise<ToldPage> {
    const { deliveries, nextCursor } = await this.#parts.outbox.page(query);
    return {
      deliveries: deliveries.map(({ body, ...rest }) => ({ ...rest, payload: JSON.parse(body) as unknown })),
      nextCursor,
    };
  }

  counts() {
    return this.#parts.outbox.counts();
  }

  async replay(id: string): Promise<void> {
    const { outbox, runtime, wake } = this.#parts;
    this.#target();
    // The database refuses U+0000, so nothing has such an id.
    const isThere = !id.includes('\0') && (await outbox.replay(id, runtime.clock.now()));
    if (!isThere) throw new DeliveryNotFound(id);
    wake();
  }

  async replayDead(): Promise<number> {
    const { outbox, runtime, wake } = this.#parts;
    this.#target();
    const count = await outbox.replayDead(runtime.clock.now());
    wake();
    return count;
  }

  async ping(): Promise<PingReport> {
    const { clock, newId } = this.#parts.runtime;
    const target = this.#target();
    const since = clock.elapsed();
    const message = { id: newId('ping'), body: webhookBody('ping', clock.now(), {}) };
    const { isTaken, status, error } = await postWebhook(target, message, this.#parts.runtime);
    return { delivered: isTaken, status, error, tookMs: Math.round(clock.elapsed() - since) };
  }

  #target(): WebhookTarget {
    if (this.#parts.target === null) throw new WebhooksOff();
    return this.#parts.target;
  }
}
