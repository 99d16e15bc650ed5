import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Implementation, McpRequestContext, McpServer, Transport } from '@modelcontextprotocol/server';
import type { WebSocket } from 'ws';
import type { Audit } from '../control/audit-log.ts';
import type { CallControl } from '../control/call-control.ts';
import { machineAccess } from '../lib/access.ts';
import type { Access } from '../lib/access.ts';
import type { Runtime } from '../lib/runtime.ts';
import { askedStateCodec } from './asking/asked-state.ts';
import { NotedQuestions } from './asking/noted-questions.ts';
import { createBareLeg } from './legs/bare-leg.ts';
import { exchange, rpcError } from './legs/http-exchange.ts';
import { serveHttp } from './legs/http-leg.ts';
import { createModernLeg } from './legs/modern-leg.ts';
import { createSessionLeg } from './legs/session-leg.ts';
import { StdioTransport } from './legs/stdio-transport.ts';
import { WebSocketTransport } from './legs/websocket-transport.ts';
import { followCallUpdates } from './resources/call-updates.ts';
import { serveSubscriptions } from './resources/subscriptions.ts';
import { mcpActor } from './tool-audit.ts';
import { refusalOf } from './scope-check.ts';
import type { ScopeCheck } from './scope-check.ts';
import { createServerFactory, toolMayWait } from './server-factory.ts';
import type { ServerExtension } from './server-factory.ts';

export interface McpLegsOptions {
  readonly control: CallControl;
  readonly audit: Audit;
  readonly runtime: Pick<Runtime, 'clock' | 'log' | 'newId' | 'tally'>;
  readonly serverInfo: Implementation;
  /** How lists write tool names; `auto`: dots on the bare leg, underscores for clients that negotiate. */
  readonly toolNames: 'dots' | 'underscores' | 'auto';
  /** Address of a call's live page. */
  readonly pageUrlOf: (callId: string) => string;
  /** Signs what clients carry from one request to the next; the same in every process that serves the same clients. */
  readonly stateSecret: string;
  /** The page of the live call card, for hosts that show such; without it there is none. */
  readonly callCard?: string | undefined;
  /** Added to every server that a client meets; nothing otherwise. */
  readonly extension?: ServerExtension;
  /** Most sessions of 2025 clients at a time, half of them for each client; 500 otherwise. */
  readonly maxSessions?: number;
}

/**
 * Every way in which a client reaches the tools. Who may come in is not checked here: tokens, `Host` and
 * `Origin` are for whoever hands the requests over. What each may do is: an `Access` says it; on stdio
 * everything, since that client started the process.
 */
export interface McpLegs {
  /**
   * Serves any request to `/mcp`. Its body must not have been read. Resolves once the answer has been sent;
   * never rejects.
   */
  handleHttp(incoming: IncomingMessage, outgoing: ServerResponse, access: Access): Promise<void>;
  /**
   * Serves a socket opened on `/mcp/ws`, and owns it from then on.
   *
   * @param socket made with a `maxPayload` of `maxMessageBytes`; nothing may have been read from it
   */
  acceptWebSocket(socket: WebSocket, access: Access): void;
  /** Serves a pair of byte streams. Resolves when the client has ended the input. Nothing else may write to `output`. */
  serveStdio(input: Readable, output: Writable): Promise<void>;
  /** Ends all connections; requests that still wait are given up. The calls go on. */
  close(): Promise<void>;
}

export function createMcpLegs(options: McpLegsOptions): McpLegs {
  const { control, serverInfo, toolNames, pageUrlOf, maxSessions = 500 } = options;
  const { clock } = options.runtime;
  const log = options.runtime.log.child({ door: 'mcp' });
  const updates = followCallUpdates(control, clock, log);
  const { bus } = updates;
  const house = {
    control,
    clock,
    log,
    audit: options.audit,
    pageUrlOf,
    serverInfo,
    bus,
    extension: options.extension,
    callCard: options.callCard,
    askedStates: askedStateCodec(options.stateSecret),
    refusedQuestions: new NotedQuestions(),
    shownQuestions: new NotedQuestions(),
  };
  const negotiated = createServerFactory(house, toolNames === 'auto' ? 'underscores' : toolNames);
  const bare = createServerFactory(house, toolNames === 'auto' ? 'dots' : toolNames);

  /** For connections that last: their servers tell of updates themselves. */
  const lasting = (era: McpRequestContext['era'], access: Access): McpServer => {
    const server = negotiated(era === 'modern' ? 'all' : 'named', access);
    serveSubscriptions(server, era, { control, bus, log });
    return server;
  };
  const modernLeg = createModernLeg((access) => negotiated('all', access), bus, toolMayWait, log);
  const sessionLeg = createSessionLeg(
    (access) => lasting('legacy', access),
    options.runtime,
    log,
    maxSessions,
  );
  const check: ScopeCheck = (message, access) => {
    const refusal = refusalOf(message, access);
    if (refusal === undefined) return undefined;
    options.runtime.tally.add('mcp-refused', 'missing-scope');
    const note = { action: 'door-refused', outcome: 'refused', detail: 'missing-scope' } as const;
    options.audit.note(mcpActor(access), note);
    return refusal;
  };
  const ways = {
    check,
    modern: modernLeg.serve,
    sessions: sessionLeg,
    bare: createBareLeg((access) => bare('none', access), log),
  };
  const connections = new Set<{ close(): Promise<void> }>();
  let isClosed = false;

  /** Serves one connection that carries many requests; its first message says which revision it speaks. */
  function connect(transport: Transport, access: Access): void {
    const connection = serveStdio(({ era }) => lasting(era, access), {
      transport,
      onerror: (err) => log.debug('mcp connection', { err }),
    });
    connections.add(connection);
    const { onclose } = transport;
    transport.onclose = () => {
      connections.delete(connection);
      onclose?.();
    };
  }

  return {
    handleHttp: (incoming, outgoing, access) =>
      exchange(
        incoming,
        outgoing,
        access,
        async (exchanged) =>
          isClosed ? rpcError(503, -32000, 'The server is shutting down.') : serveHttp(exchanged, ways),
        log,
      ),

    acceptWebSocket: (socket, access) => {
      if (isClosed) socket.close(1001);
      else connect(new WebSocketTransport(socket, clock, access, check), access);
    },

    serveStdio: async (input, output) => {
      const transport = new StdioTransport(input, output, clock);
      connect(transport, machineAccess);
      await transport.closed;
    },

    close: async () => {
      isClosed = true;
      updates.stop();
      await Promise.all([modernLeg, sessionLeg, ...connections].map((part) => part.close()));
    },
  };
}
