import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { probePath } from '../checkup/probe.ts';
import type { Probe } from '../checkup/probe.ts';
import { answerError } from './error-reply.ts';

/** Something that a call would need and that is not there. */
export interface MissingPart {
  /** e.g. `storage`, `public-url`. */
  readonly part: string;
  /** What is wrong and what to do, safe to show to anyone. */
  readonly message: string;
}

/** Asks whether calls could be placed this moment; empty when they could. */
export type Readiness = () => Promise<readonly MissingPart[]>;

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
    if (missing.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not-ready', missing });
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
