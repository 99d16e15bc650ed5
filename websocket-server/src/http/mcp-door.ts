import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { Access } from '../lib/access.ts';
import type { Log } from '../lib/log.ts';
import { errorReply } from './error-reply.ts';

/** The MCP server as this door hands requests to it. */
export interface McpDoor {
  /** Answers one Streamable HTTP request, whose body nobody has read yet, as far as `access` reaches. */
  handleHttp(request: IncomingMessage, response: ServerResponse, access: Access): Promise<void>;
  /** Speaks MCP on an accepted socket, one message per text frame, and owns it: its errors and its silence too. */
  acceptWebSocket(socket: WebSocket, access: Access): void;
}

/** Mounts `/mcp` in a scope that is guarded already. Requests reach the MCP server as they came in. */
export async function mountMcp(app: FastifyInstance, mcp: McpDoor, log: Log): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    exposeHeadRoute: false,
    // What a message may do is for the MCP server to see, which reads it.
    config: { scopes: [] },
    handler: async (request, reply) => {
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      try {
        await mcp.handleHttp(request.raw, reply.raw, request.access);
      } catch (error) {
        log.error('MCP request failed', { err: error });
        if (reply.raw.headersSent) return void reply.raw.destroy();
        const { status, body } = errorReply(error);
        reply.raw.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
        reply.raw.end(JSON.stringify(body));
      }
    },
  });
}
