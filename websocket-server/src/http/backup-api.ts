import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { scopes } from '../lib/access.ts';

/** A backup of everything that is kept, as a file: for whoever may do everything. */
export function mountBackup(app: FastifyInstance, backUp: () => Promise<Readable>): void {
  app.get('/api/backup', { config: { scopes }, exposeHeadRoute: false }, async (_request, reply) => {
    const archive = await backUp();
    return reply
      .type('application/gzip')
      .header('content-disposition', 'attachment; filename="mcp-telephone-backup.tar.gz"')
      .send(archive);
  });
}
