import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { WebhookControl } from '../control/webhooks/webhook-desk.ts';

/** Puts how many events are still to be sent, and how many were given up, into a registry; asked at each scrape. */
export function countDeliveries(webhooks: Pick<WebhookControl, 'isOn' | 'counts'>, registry: Registry): void {
  if (!webhooks.isOn) return;
  const deliveries = new Gauge({
    name: 'telephone_webhook_outbox',
    help: 'Events for the operator’s address that wait to be sent, or are dead: no longer tried',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const { waiting, dead } = await webhooks.counts();
      this.set({ state: 'waiting' }, waiting);
      this.set({ state: 'dead' }, dead);
    },
  });
  for (const state of ['waiting', 'dead']) deliveries.set({ state }, 0);
}
