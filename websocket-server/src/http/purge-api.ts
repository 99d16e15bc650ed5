import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { PurgeControl } from '../control/purge.ts';
import { scopes } from '../lib/access.ts';
import { parsed } from './json-requests.ts';

/** Body of `POST /api/purge`. */
export const purgeBody = z.strictObject({
  number: z.string().describe('Of the person all of whose calls are removed: E.164, e.g. +14155550100'),
});

/** Removes all that is kept of calls, for good: for whoever may do everything. */
export function mountPurge(app: FastifyInstance, purge: PurgeControl): void {
  app.delete<{ Params: { callId: string } }>('/api/calls/:callId', { config: { scopes } }, async (request) =>
    purge.purgeCall(request.params.callId),
  );

  app.post('/api/purge', { config: { scopes } }, async (request) =>
    purge.purgeNumber(parsed(purgeBody, request.body).number),
  );
}
