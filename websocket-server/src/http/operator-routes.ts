import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

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
): Promise<void> {
  app.get('/healthz', async () => ({ status: 'ok', server: 'mcp-telephone' }));
  app.get('/readyz', async (_request, reply) => {
    const missing = await readiness();
    if (missing.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not-ready', missing });
  });
  app.get('/public-url', async () => ({ publicUrl: publicUrl() }));
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
