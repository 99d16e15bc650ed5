import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import type { Access } from '../../lib/access.ts';
import type { Log } from '../../lib/log.ts';
import type { Serve } from './http-leg.ts';

/**
 * Serves a POST by itself and answers it as plain JSON: `curl` with a `Content-Type` is client enough. The
 * `Accept` header that the specification asks of clients is taken as given.
 */
export function createBareLeg(factory: (access: Access) => McpServer, log: Log): Serve {
  return async ({ request, access }, body) => {
    const server = factory(access);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    transport.onerror = (err) => log.debug('mcp bare request refused', { err });
    try {
      await server.connect(transport);
      const lenient = new Request(request.url, { method: 'POST', headers: request.headers });
      lenient.headers.set('accept', 'application/json, text/event-stream');
      return await Promise.race([
        transport.handleRequest(lenient, { parsedBody: body }),
        clientLeaving(request.signal),
      ]);
    } finally {
      // Stops what the request still waits for, if the client has left.
      await server.close();
    }
  };
}

function clientLeaving(signal: AbortSignal): Promise<Response> {
  return new Promise((resolve) => {
    const leave = () => resolve(new Response(null, { status: 499 }));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
