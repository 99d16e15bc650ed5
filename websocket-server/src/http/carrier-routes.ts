import type { FastifyInstance } from 'fastify';
import type { CarrierRoute } from '../carriers/carrier.ts';
import type { RefusalCount } from './refusal-count.ts';

/** Webhook bodies are short forms; anything longer is not from a carrier. */
const maxBodyBytes = 64 * 1024;

/**
 * Mounts the carrier's webhooks. Their bodies are handed on as text, untouched: signatures are computed over
 * them. The carrier's own check is the only one here, since its servers hold no token of ours.
 */
export async function mountCarrierRoutes(
  app: FastifyInstance,
  routes: readonly CarrierRoute[],
  refusals: RefusalCount,
): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: maxBodyBytes }, (_request, body, done) =>
    done(null, body),
  );
  for (const route of routes) {
    app.route({
      method: [...route.methods],
      url: route.path,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const response = await route.handle({
          method: request.method,
          url: request.raw.url ?? request.url,
          headers: request.headers,
          body: typeof request.body === 'string' ? request.body : '',
        });
        if (response.status === 403) refusals.note('webhook', 'not-signed');
        return reply.code(response.status).type(response.contentType).send(response.body);
      },
    });
  }
}
