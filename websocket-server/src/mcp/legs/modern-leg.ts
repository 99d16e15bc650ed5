import { createMcpHandler } from '@modelcontextprotocol/server';
import type { AuthInfo, McpServer, ServerEventBus } from '@modelcontextprotocol/server';
import { machineAccess } from '../../lib/access.ts';
import type { Access } from '../../lib/access.ts';
import type { Log } from '../../lib/log.ts';
import { acceptsEventStream } from './http-leg.ts';
import type { Serve } from './http-leg.ts';

/** For a server that nobody has asked for. */
const nobody: Access = { ...machineAccess, name: 'nobody', scopes: [] };

/**
 * Serves revision 2026-07-28 over HTTP, and answers for everything that claims to be of it.
 *
 * @param mayWait whether a tool may take longer than a client waits for the first byte
 * @param bus where the streams of `subscriptions/listen` hear of changes
 */
export function createModernLeg(
  factory: (access: Access) => McpServer,
  bus: ServerEventBus,
  mayWait: (toolName: string) => boolean,
  log: Log,
): { readonly serve: Serve; close(): Promise<void> } {
  const shared = {
    legacy: 'reject',
    bus,
    onerror: (err: Error) => log.debug('mcp request refused', { err }),
  } as const;
  const accesses = new WeakMap<AuthInfo, Access>();
  const serverFor = ({ authInfo }: { readonly authInfo?: AuthInfo }) =>
    factory((authInfo && accesses.get(authInfo)) ?? nobody);
  // The headers of a stream leave before the tool is done. The rest is plain JSON, whose status can tell an error.
  const streaming = createMcpHandler(serverFor, { ...shared, responseMode: 'sse' });
  const plain = createMcpHandler(serverFor, { ...shared, responseMode: 'auto' });
  return {
    serve: async ({ request, access }, body) => {
      const tool =
        request.headers.get('mcp-method') === 'tools/call' ? request.headers.get('mcp-name') : null;
      const isSlow = tool !== null && mayWait(tool.trim()) && acceptsEventStream(request);
      const handler = isSlow ? streaming : plain;
      const clientId = `${access.by} ${access.name}`;
      const authInfo: AuthInfo = { token: '', clientId, scopes: [...access.scopes] };
      accesses.set(authInfo, access);
      return handler.fetch(request, { parsedBody: body, authInfo });
    },
    close: async () => {
      await Promise.all([streaming.close(), plain.close()]);
    },
  };
}
