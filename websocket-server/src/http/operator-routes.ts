import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { probePath } from '../checkup/probe.ts';
import type { Probe } from '../checkup/probe.ts';
import { readinessReport } from '../checkup/readiness.ts';
import type { Readiness } from '../checkup/readiness.ts';
import { answerError } from './error-reply.ts';

/** Probes and the public address: they tell nothing of calls, so anybody may ask. */
export async function mountOpenRoutes(
  app: FastifyInstance,
  readiness: Readiness,
  publicUrl: () => string | null,
  probe: Probe,
): Promise<void> {
  app.get('/healthz', async () => ({ status: 'ok', server: 'mcp-telephone' }));
  app.get('/readyz', async (_request, reply) => {
    const missing = await readiness();
    return reply.code(missing.length === 0 ? 200 : 503).send(readinessReport(missing));
  });
  app.get('/public-url', async () => ({ publicUrl: publicUrl() }));
  app.get<{ Querystring: { nonce?: unknown } }>(probePath, async (request, reply) => {
    const answer = probe.answerTo(String(request.query.nonce));
    return answer === undefined
      ? answerError(reply, { statusCode: 404 })
      : reply.type('text/plain').send(answer);
  });
}

/** What operators and the tools page read; mounted in a guarded scope. */
export async function mountInnerRoutes(
  app: FastifyInstance,
  agentTools: readonly unknown[],
  registry: Registry,
): Promise<void> {
  app.get('/tools', async () => agentTools);
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
