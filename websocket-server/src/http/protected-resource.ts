import type { FastifyInstance } from 'fastify';
import type { AccessTokens } from './access-tokens.ts';

/**
 * Mounts what tells clients which authorization server to ask (RFC 9728): for the MCP door at its own address,
 * and at the root for clients that look only there. Anybody may read it.
 */
export async function mountProtectedResource(
  app: FastifyInstance,
  accessTokens: AccessTokens,
): Promise<void> {
  const path = '/.well-known/oauth-protected-resource';
  for (const url of [path, `${path}/mcp`]) {
    app.get(url, async (_request, reply) =>
      reply.header('access-control-allow-origin', '*').send(accessTokens.metadata()),
    );
  }
}
