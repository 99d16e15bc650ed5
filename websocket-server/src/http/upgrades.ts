import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { CarrierDoors } from '../carriers/carrier.ts';
import type { CallControl } from '../control/call-control.ts';
import type { Runtime } from '../lib/runtime.ts';
import { refuseSocket } from './error-reply.ts';
import { guardedRequest, refusalOf } from './guard.ts';
import type { GuardRules } from './guard.ts';
import { HttpRefusal } from './http-refusal.ts';
import type { McpDoor } from './mcp-door.ts';
import { dropWhenSilent } from './silent-socket.ts';
import { followCalls } from './watch-socket.ts';

export interface UpgradeRooms {
  readonly server: Server;
  readonly carrierDoors: CarrierDoors;
  readonly control: CallControl;
  readonly mcp: McpDoor;
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
  readonly guardRules: () => GuardRules;
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Every WebSocket that this server takes, by path. Each is checked while it is still HTTP, so that who may not
 * enter sees a status and holds nothing of ours.
 *
 * @returns closes all sockets that were taken, as "going away"
 */
export function takeUpgrades(rooms: UpgradeRooms): () => void {
  const { server, carrierDoors, control, mcp, runtime } = rooms;
  const { clock, log } = runtime;
  const mcpSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
    handleProtocols: (offered) => (offered.has('mcp') ? 'mcp' : false),
  });
  const watchSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 4096 });
  mcpSockets.on('connection', (socket, request) => mcp.acceptWebSocket(socket, request));
  watchSockets.on('connection', (socket, request) => {
    dropWhenSilent(socket, clock);
    followCalls(socket, request.url ?? '', control, log);
  });

  const guarded =
    (sockets: WebSocketServer): Upgrade =>
    (request, socket, head) => {
      const refusal = refusalOf(guardedRequest(request), rooms.guardRules());
      if (refusal !== undefined) return refuseSocket(socket, refusal);
      return sockets.handleUpgrade(request, socket, head, (taken) =>
        sockets.emit('connection', taken, request),
      );
    };
  const upgrades = new Map<string, Upgrade>([
    [carrierDoors.mediaPath, (request, socket, head) => carrierDoors.upgrade(request, socket, head)],
    ['/mcp/ws', guarded(mcpSockets)],
    ['/logs', guarded(watchSockets)],
  ]);

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A peer may vanish while it is still being checked, when nobody else listens for errors.
    socket.on('error', () => socket.destroy());
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return answerWithoutUpgrade(server, request, socket, head);
    }
    const upgrade = upgrades.get(pathOf(request.url ?? ''));
    if (upgrade === undefined) return refuseSocket(socket, noSocketHere);
    try {
      return upgrade(request, socket, head);
    } catch (error) {
      log.error('upgrade failed', { err: error });
      return refuseSocket(socket, error);
    }
  });

  return () => {
    for (const socket of [...mcpSockets.clients, ...watchSockets.clients]) {
      socket.close(1001, 'The server is shutting down.');
    }
  };
}

const noSocketHere = new HttpRefusal(404, 'not-found', 'No WebSocket is served at this address.');

function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? '';
}

/**
 * Some clients (Java's, curl with `--http2`) offer `Upgrade: h2c` on plain requests. A server may take such
 * a request as if nothing had been offered (RFC 9110, section 7.8), yet Node hands over the bare socket: the
 * request is given to the server once more, without the offer, as the last one of its connection: Node leaves
 * its listeners on a socket that it handed over.
 */
function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/1.1`, 'Connection: close'];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? '';
    if (/^(connection|upgrade|http2-settings)$/i.test(name)) continue;
    lines.push(`${name}: ${request.rawHeaders[at + 1]}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
