import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import { errorReply } from './error-reply.ts';

type Door = 'request' | 'socket' | 'connection' | 'webhook';

/** Counts what the doors turn away, by reason: the code that the refused are told. */
export class RefusalCount {
  readonly #counter: Counter<'door' | 'reason'>;

  constructor(registry: Registry) {
    this.#counter = new Counter({
      name: 'telephone_refused_total',
      help: 'Requests, sockets, connections and webhooks that were turned away, by reason',
      labelNames: ['door', 'reason'],
      registers: [registry],
    });
  }

  note(door: Door, reason: string): void {
    this.#counter.inc({ door, reason });
  }

  /** Counts an error that somebody is answered with, unless it is a fault of ours. */
  noteError(door: Door, error: unknown): void {
    const { status, body } = errorReply(error);
    if (status !== 500) this.note(door, body.error.code);
  }
}
