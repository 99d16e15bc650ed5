import type { FastifyInstance } from 'fastify';
import { isLocalOrigin } from './same-machine.ts';
import { HttpRefusal } from './http-refusal.ts';

const answeringHeaders = 'mcp-session-id, mcp-protocol-version, www-authenticate, location';

/**
 * Lets pages of this machine call us from another port, and answers their preflights, which carry no token.
 * Pages from elsewhere get no such headers, so that their browser keeps our answers from them.
 */
export function allowLocalPages(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined) return undefined;
    reply.header('vary', 'origin');
    const isPreflight =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    if (!isLocalOrigin(origin)) {
      if (isPreflight)
        throw new HttpRefusal(403, 'foreign-origin', 'Pages of other sites may not use this server.');
      return undefined;
    }
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-allow-credentials', 'true');
    reply.header('access-control-expose-headers', answeringHeaders);
    if (!isPreflight) return undefined;
    const asked = request.headers['access-control-request-headers'];
    reply.header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
    reply.header('access-control-max-age', '600');
    if (asked !== undefined) reply.header('access-control-allow-headers', asked);
    return reply.code(204).send();
  });
}
