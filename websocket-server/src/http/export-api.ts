import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { ExportControl } from '../control/export.ts';
import { parsed } from './json-requests.ts';

/** Query of `GET /api/export`. */
export const exportQuery = z.strictObject({
  callId: z.string().min(1).optional(),
  number: z.string().optional(),
  since: z.string().optional(),
  recordings: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});

/** All that is held, a line of JSON at a time. The last line is of kind `end`: without it something is missing. */
export function mountExport(app: FastifyInstance, exporter: ExportControl): void {
  app.get('/api/export', async (request, reply) => {
    const lines = await exporter.export(parsed(exportQuery, request.query));
    return reply.type('application/x-ndjson').send(Readable.from(lines, { objectMode: true }));
  });
}
