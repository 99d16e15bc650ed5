import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { McpServer, RequestId } from '@modelcontextprotocol/server';
import type { Access } from '../../lib/access.ts';
import type { Log } from '../../lib/log.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { Exchange } from './http-exchange.ts';
import { rpcError } from './http-exchange.ts';
import type { HttpWays } from './http-leg.ts';

/** Clients hardly ever end their sessions themselves. */
export const sessionIdleMs = 30 * 60_000;

interface Session {
  readonly server: McpServer;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** Who opened it. An id alone lets nobody else in. */
  readonly owner: Access;
  /** Requests under way whose answer has a stream to itself. */
  readonly alone: Set<RequestId>;
  openExchanges: number;
  /** Monotonic ms of the last exchange's end; orders sessions by how long they have been idle. */
  idleSince: number;
  stopReaping(): void;
}

/**
 * Serves clients of the 2025 revisions that shake hands: one server each for as long as they come back. A
 * session that nobody uses is closed after a while, and earlier when room is needed for a new one. No client holds
 * more than half of them.
 */
export function createSessionLeg(
  factory: (access: Access) => McpServer,
  { clock, newId }: Pick<Runtime, 'clock' | 'newId'>,
  log: Log,
  maxSessions: number,
): HttpWays['sessions'] & { close(): Promise<void> } {
  const sessions = new Map<string, Session>();

  /** @returns false where as many of these as there may be are in use; else the one idle for longest goes if it must */
  function hasRoom(among: readonly Session[], most: number): boolean {
    if (among.length < most) return true;
    const idle = among.filter((session) => session.openExchanges === 0);
    const oldest = idle.reduce<Session | undefined>(
      (found, session) => (found === undefined || session.idleSince < found.idleSince ? session : found),
      undefined,
    );
    if (oldest === undefined) return false;
    close(oldest);
    return true;
  }

  /** @returns the answer for a client that may not open one more session now */
  function refusal(access: Access): Response | undefined {
    const own = [...sessions.values()].filter(({ owner }) => isSame(owner, access));
    // What is open only to programs on this machine needs no sharing out.
    const most = access.by === 'machine' ? Infinity : Math.ceil(maxSessions / 2);
    const headers = { 'retry-after': '60' };
    if (!hasRoom(own, most)) {
      const message = `"${access.name}" has ${own.length} sessions in use, as many as one client may. End some by DELETE with their Mcp-Session-Id, or try again later.`;
      return rpcError(429, -32000, message, headers);
    }
    if (hasRoom([...sessions.values()], maxSessions)) return undefined;
    return rpcError(503, -32000, 'Too many sessions are open. Try again later.', headers);
  }

  function close(session: Session): void {
    if (session.transport.sessionId !== undefined) sessions.delete(session.transport.sessionId);
    session.server.close().catch((err: unknown) => log.debug('mcp session not closed cleanly', { err }));
  }

  /** A session is in use until the answer has left in full; a stream that stays open keeps it alive. */
  async function use(session: Session, { closed }: Exchange): Promise<void> {
    session.stopReaping();
    session.openExchanges += 1;
    await closed;
    session.openExchanges -= 1;
    session.idleSince = clock.elapsed();
    if (session.openExchanges > 0 || !isOpen(session)) return;
    session.stopReaping = clock.after(sessionIdleMs, () => close(session));
  }

  function isOpen({ transport }: Session): boolean {
    return transport.sessionId !== undefined && sessions.has(transport.sessionId);
  }

  return {
    open: async (exchange, body) => {
      const refused = refusal(exchange.access);
      if (refused !== undefined) return refused;
      const server = factory(exchange.access);
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: () => newId('mcp_'),
        onsessioninitialized: (sessionId) => {
          sessions.set(sessionId, session);
        },
      });
      const session: Session = {
        server,
        transport,
        owner: exchange.access,
        alone: new Set(),
        openExchanges: 0,
        idleSince: clock.elapsed(),
        stopReaping: () => {},
      };
      server.server.onerror = (err) => log.debug('mcp session request refused', { err });
      const { onclose } = server.server;
      server.server.onclose = () => {
        onclose?.();
        session.stopReaping();
        if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
      };
      await server.connect(transport);
      const response = await transport.handleRequest(exchange.request, { parsedBody: body });
      if (isOpen(session)) void use(session, exchange);
      else await server.close();
      return response;
    },

    serve: async (exchange, body) => {
      const session = sessions.get(exchange.request.headers.get('mcp-session-id') ?? '');
      if (session === undefined || !isSame(session.owner, exchange.access)) {
        return rpcError(404, -32001, 'Session not found: send "initialize" to start a new one.');
      }
      void use(session, exchange);
      const { alone, transport } = session;
      if (isJSONRPCRequest(body)) {
        alone.add(body.id);
        void exchange.closed.then(() => alone.delete(body.id));
      }
      const response = await transport.handleRequest(exchange.request, { parsedBody: body });
      const takenBack = requestTakenBack(body);
      // It will not be answered (2025-11-25, basic/utilities/cancellation), and the SDK would keep its stream open.
      if (takenBack !== undefined && alone.has(takenBack)) transport.closeSSEStream(takenBack);
      return response;
    },

    close: async () => {
      await Promise.all([...sessions.values()].map((session) => session.server.close()));
    },
  };
}

function requestTakenBack(body: unknown): RequestId | undefined {
  if (!isJSONRPCNotification(body) || body.method !== 'notifications/cancelled') return undefined;
  const id = body.params?.['requestId'];
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

function isSame(one: Access, other: Access): boolean {
  return one.by === other.by && one.name === other.name;
}
