import type { FastifyInstance } from 'fastify';
import type { DoNotCallControl } from '../control/do-not-call.ts';
import { readBarBody, readBarredQuery } from './api-requests.ts';
import { HttpRefusal } from './http-refusal.ts';

/** The list of numbers that are never called again. */
export function mountDoNotCall(app: FastifyInstance, doNotCall: DoNotCallControl): void {
  app.get('/api/do-not-call', (request) => doNotCall.page(readBarredQuery(request.query)));

  app.post('/api/do-not-call', async (request, reply) => {
    const { number, note } = readBarBody(request.body);
    const { entry, wasAdded } = await doNotCall.add(number, note ?? null);
    return reply.code(wasAdded ? 201 : 200).send({ number: entry.number, wasAdded });
  });

  app.delete<{ Params: { number: string } }>('/api/do-not-call/:number', async (request) => {
    const wasRemoved = await doNotCall.remove(request.params.number);
    if (!wasRemoved) {
      throw new HttpRefusal(
        404,
        'not-found',
        'This number is not on the list. GET /api/do-not-call lists it.',
      );
    }
    return { wasRemoved };
  });
}
