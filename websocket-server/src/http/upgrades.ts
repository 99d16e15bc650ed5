import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { CarrierDoors } from '../carriers/carrier.ts';
import { probePath } from '../checkup/probe.ts';
import type { Probe } from '../checkup/probe.ts';
import { callIdIn } from '../control/audit-log.ts';
import type { Actor, Audit } from '../control/audit-log.ts';
import type { CallControl } from '../control/call-control.ts';
import type { Access, Scope } from '../lib/access.ts';
import type { Clock, Runtime } from '../lib/runtime.ts';
import { isPage } from './audit-hook.ts';
import { errorReply, refuseSocket } from './error-reply.ts';
import { closeUnlessItSpeaks } from './first-words.ts';
import { guardedRequest, requireScopes } from './guard.ts';
import type { Guard, Ways } from './guard.ts';
import { HttpRefusal } from './http-refusal.ts';
import type { LoginCookies } from './login-cookie.ts';
import type { McpDoor } from './mcp-door.ts';
import { listenIn } from './listen-socket.ts';
import { joinPhone } from './phone-socket.ts';
import type { RefusalCount } from './refusal-count.ts';
import { dropWhenSilent } from './silent-socket.ts';
import { followCalls, FrameTexts } from './watch-socket.ts';

export interface UpgradeRooms {
  readonly server: Server;
  readonly carrierDoors: CarrierDoors;
  readonly control: CallControl;
  readonly mcp: McpDoor;
  /** Where the simulated phone network takes phones; null in front of a real one. */
  readonly softphoneUrl: string | null;
  readonly probe: Probe;
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
  readonly guard: Guard;
  readonly logins: LoginCookies;
  readonly audit: Audit;
  readonly refusals: RefusalCount;
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void | Promise<void>;

interface Needs extends Ways {
  readonly scopes: readonly Scope[];
}

/**
 * Every WebSocket that this server takes, by path. Each is checked while it is still HTTP, so that who may not
 * enter sees a status and holds nothing of ours.
 *
 * @returns closes all sockets that were taken, as "going away"
 */
export function takeUpgrades(rooms: UpgradeRooms): () => void {
  const { server, carrierDoors, control, mcp, softphoneUrl, probe, runtime, guard, refusals } = rooms;
  const { logins, audit } = rooms;
  const { clock, log } = runtime;
  const mcpSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
    handleProtocols: (offered) => (offered.has('mcp') ? 'mcp' : false),
  });
  const watchSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 4096 });
  const phoneSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 8000 });
  const probeSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 4096 });

  const guarded =
    (
      sockets: WebSocketServer,
      needs: Needs,
      serve: (socket: WebSocket, access: Access, request: IncomingMessage) => void,
    ): Upgrade =>
    async (request, socket, head) => {
      const access = await guard.admit(guardedRequest(request), needs);
      requireScopes(access, needs.scopes);
      sockets.handleUpgrade(request, socket, head, (taken) => {
        closeOnExpiry(taken, access, clock);
        closeOnLogout(taken, access, logins);
        serve(taken, access, request);
      });
    };
  const texts = new FrameTexts();
  const upgrades = new Map<string, Upgrade>([
    [carrierDoors.mediaPath, (request, socket, head) => carrierDoors.upgrade(request, socket, head)],
    [
      '/mcp/ws',
      guarded(mcpSockets, { login: false, scopes: [] }, (socket, access) => {
        closeUnlessItSpeaks(socket, clock);
        mcp.acceptWebSocket(socket, access);
      }),
    ],
    [
      '/logs',
      guarded(watchSockets, { login: true, scopes: ['calls:read'] }, (socket, access, request) => {
        dropWhenSilent(socket, clock);
        const callId = callIdAt(request.url);
        audit.note(actorOf(access, request), { action: 'calls-followed', outcome: 'done', callId });
        followCalls(socket, request.socket, request.url ?? '', { control, texts, log });
      }),
    ],
    [
      '/phone/ws',
      guarded(phoneSockets, { login: true, scopes: ['calls:control'] }, (socket) => {
        dropWhenSilent(socket, clock);
        if (softphoneUrl === null) return socket.close(1008, realNetwork);
        return joinPhone(socket, softphoneUrl, log);
      }),
    ],
    [
      '/phone/listen',
      guarded(phoneSockets, { login: true, scopes: ['calls:control'] }, (socket, access, request) => {
        dropWhenSilent(socket, clock);
        const callId = callIdAt(request.url);
        const noted = (action: string) =>
          audit.note(actorOf(access, request), { action, outcome: 'done', callId });
        void listenIn(socket, request.url ?? '', control, { clock, log, noted });
      }),
    ],
    [probePath, (request, socket, head) => answerProbe(probe, probeSockets, request, socket, head)],
  ]);

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const take = upgrades.get(pathOf(request.url ?? ''));
    try {
      if (take === undefined) throw noSocketHere;
      await take(request, socket, head);
    } catch (error) {
      if (errorReply(error).status === 500) log.error('upgrade failed', { err: error });
      refusals.noteError('socket', error);
      const { code } = errorReply(error).body.error;
      const stranger = {
        access: null,
        door: 'api',
        address: guard.addressOf(guardedRequest(request)),
      } as const;
      audit.note(stranger, { action: 'door-refused', outcome: 'refused', detail: code });
      refuseSocket(socket, error);
    }
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A peer may vanish while it is still being checked, when nobody else listens for errors.
    socket.on('error', () => socket.destroy());
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return answerWithoutUpgrade(server, request, socket, head);
    }
    return void upgrade(request, socket, head);
  });

  return () => {
    for (const socket of [...mcpSockets.clients, ...watchSockets.clients, ...phoneSockets.clients]) {
      socket.close(1001, 'The server is shutting down.');
    }
  };
}

const realNetwork = 'The phone network is a real one: calls ring at real phones, and none rings here.';

/** Answers this process's own question and hangs up; a stranger's is not even upgraded. */
function answerProbe(
  probe: Probe,
  sockets: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const answer = probe.answerTo(searchParams.get('nonce') ?? '');
  if (answer === undefined) return refuseSocket(socket, noSocketHere);
  return sockets.handleUpgrade(request, socket, head, (taken) => {
    taken.on('error', () => taken.terminate());
    taken.send(answer);
    taken.close(1000);
  });
}

const noSocketHere = new HttpRefusal(404, 'not-found', 'No WebSocket is served at this address.');

/** `setTimeout` holds no longer time; a connection does not last as long. */
const longestTimerMs = 2 ** 31 - 1;

/** Nobody stays in a room longer than they might enter it. */
function closeOnExpiry(socket: WebSocket, { expiresAt }: Access, clock: Clock): void {
  if (expiresAt === null) return;
  const leftMs = Math.min(expiresAt - clock.now(), longestTimerMs);
  const cancel = clock.after(leftMs, () => socket.close(1008, 'The token has expired.'));
  socket.once('close', cancel);
}

/** A login that was given up is given up in every window. */
function closeOnLogout(socket: WebSocket, { loginId }: Access, logins: LoginCookies): void {
  if (loginId === undefined) return;
  socket.once(
    'close',
    logins.whenEnded(loginId, () => socket.close(1008, 'You have logged out.')),
  );
}

function actorOf(access: Access, { headers }: IncomingMessage): Actor {
  return { access, door: isPage(headers, access) ? 'page' : 'api', address: access.address ?? null };
}

function callIdAt(url = ''): string | null {
  return callIdIn(new URLSearchParams(url.split('?').slice(1).join('?')).get('callId'));
}

/** Without a slash at its end, as the routes take addresses. */
function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0]?.replace(/(?<=.)\/$/, '') ?? '';
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
