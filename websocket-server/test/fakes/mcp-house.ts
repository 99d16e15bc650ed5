import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { silentAudit } from '../../src/control/audit-log.ts';
import { machineAccess, scopes } from '../../src/lib/access.ts';
import type { Access } from '../../src/lib/access.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Tally } from '../../src/lib/tally.ts';
import type { Clock } from '../../src/lib/runtime.ts';
import { maxMessageBytes } from '../../src/mcp/legs/http-exchange.ts';
import { createMcpLegs } from '../../src/mcp/mcp-legs.ts';
import type { McpLegsOptions } from '../../src/mcp/mcp-legs.ts';
import { FakeCallControl, fakeStart } from './fake-call-control.ts';
import { ManualClock } from './manual-clock.ts';

export interface McpHouse {
  readonly control: FakeCallControl;
  readonly clock: ManualClock;
  /** Of `/mcp`. */
  readonly url: URL;
  readonly webSocketUrl: URL;
  close(): Promise<void>;
}

/** The legs on a bare HTTP server on loopback, over fake calls and a clock that stands still. */
export async function openMcpHouse(options: Partial<McpLegsOptions> = {}): Promise<McpHouse> {
  const control = new FakeCallControl();
  const clock = new ManualClock(fakeStart);
  const legs = createMcpLegs(mcpLegsOptions(control, clock, options));
  const server = createServer(
    (incoming, outgoing) => void legs.handleHttp(incoming, outgoing, accessOf(incoming)),
  );
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (opened) => legs.acceptWebSocket(opened, accessOf(request)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    control,
    clock,
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    webSocketUrl: new URL(`ws://127.0.0.1:${port}/mcp/ws`),
    close: async () => {
      await legs.close();
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Everything, unless a test's own header says which scopes the client has, and whether an issuer gave them. */
function accessOf({ headers }: IncomingMessage): Access {
  const told = headers['test-scopes'];
  if (told === undefined) return machineAccess;
  return {
    by: 'token',
    name: String(headers['test-name'] ?? 'tester'),
    scopes: scopes.filter((scope) => String(told).includes(scope)),
    expiresAt: null,
    ...(headers['test-metadata'] !== undefined && { metadataUrl: String(headers['test-metadata']) }),
  };
}

export function mcpLegsOptions(
  control: FakeCallControl,
  clock: Clock,
  options: Partial<McpLegsOptions> = {},
): McpLegsOptions {
  let ids = 0;
  return {
    control,
    audit: silentAudit,
    runtime: { clock, log: silentLog, tally: new Tally(), newId: (prefix) => `${prefix}${(ids += 1)}` },
    serverInfo: { name: 'mcp-telephone', version: '0.0.0' },
    toolNames: 'auto',
    stateSecret: 'of no use to anybody',
    pageUrlOf: (callId) => `http://localhost:8081/calls/${callId}`,
    ...options,
  };
}
