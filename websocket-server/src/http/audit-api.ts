import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { auditDoors } from '../control/audit-log.ts';
import type { Audit } from '../control/audit-log.ts';
import { scopes } from '../lib/access.ts';
import { lookedUp, parsed } from './json-requests.ts';

const time = z.coerce.number().int().min(0);

/** Query of `GET /api/audit`. */
export const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.coerce.number().int().min(1).optional(),
  action: lookedUp.max(60).optional(),
  outcome: z.enum(['done', 'refused']).optional(),
  name: lookedUp.max(200).optional(),
  door: z.enum(auditDoors).optional(),
  callId: lookedUp.max(64).optional(),
  since: time.optional(),
  until: time.optional(),
});

/** Who did what, for whoever may do everything. */
export async function mountAudit(app: FastifyInstance, audit: Audit): Promise<void> {
  app.get('/api/audit', { config: { scopes } }, (request) => audit.page(parsed(auditQuery, request.query)));
}
