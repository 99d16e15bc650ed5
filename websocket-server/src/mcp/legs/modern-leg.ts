import { InMemoryServerEventBus, createMcpHandler } from '@modelcontextprotocol/server';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import type { Log } from '../../lib/log.ts';
import { acceptsEventStream } from './http-leg.ts';
import type { Serve } from './http-leg.ts';

/** Serves revision 2026-07-28 over HTTP, and answers for everything that claims to be of it. */
export function createModernLeg(
  factory: McpServerFactory,
  log: Log,
): { readonly serve: Serve; close(): Promise<void> } {
  const shared = {
    legacy: 'reject',
    bus: new InMemoryServerEventBus(),
    onerror: (err: Error) => log.debug('mcp request refused', { err }),
  } as const;
  // A tool may take long, and the headers of a stream leave before it is done; the rest is plain JSON.
  const streaming = createMcpHandler(factory, { ...shared, responseMode: 'sse' });
  const plain = createMcpHandler(factory, { ...shared, responseMode: 'auto' });
  return {
    serve: async ({ request }, body) => {
      const isToolCall = request.headers.get('mcp-method') === 'tools/call';
      const handler = isToolCall && acceptsEventStream(request) ? streaming : plain;
      return handler.fetch(request, { parsedBody: body });
    },
    close: async () => {
      await Promise.all([streaming.close(), plain.close()]);
    },
  };
}
