import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { deliveryStates } from '../control/webhooks/webhook-desk.ts';
import type { WebhookControl } from '../control/webhooks/webhook-desk.ts';
import { lookedUp, parsed } from './json-requests.ts';

/** Query of `GET /api/webhooks/deliveries`. */
export const deliveriesQuery = z.strictObject({
  state: z.enum(deliveryStates).optional(),
  callId: lookedUp.min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().min(1).optional(),
});

/** The events that are sent to the operator's address: what waits, what died, and sending it again. */
export function mountWebhooks(app: FastifyInstance, webhooks: WebhookControl): void {
  app.get('/api/webhooks/deliveries', (request) => webhooks.page(parsed(deliveriesQuery, request.query)));

  app.post<{ Params: { deliveryId: string } }>(
    '/api/webhooks/deliveries/:deliveryId/replay',
    async (request) => {
      await webhooks.replay(request.params.deliveryId);
      return { replayed: 1 };
    },
  );

  app.post('/api/webhooks/replay', async () => ({ replayed: await webhooks.replayDead() }));

  app.post('/api/webhooks/ping', () => webhooks.ping());
}
