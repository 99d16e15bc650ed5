import { createHash, randomBytes } from 'node:crypto';
import http, { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { FrameSocket } from './frame-socket.ts';
import type { FrameListener, FrameSocketOptions } from './frame-socket.ts';

const keyPattern = /^[+/0-9A-Za-z]{22}==$/;

/** The answer to a handshake's key (RFC 6455, 4.2.2). */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/**
 * Accepts an upgrade request as a WebSocket without extensions or subprotocol.
 *
 * @returns undefined when it asks for something else; it is refused then
 */
export function acceptFrames(
  request: IncomingMessage,
  socket: Duplex,
  options: Omit<FrameSocketOptions, 'role'>,
): FrameSocket | undefined {
  const { headers, method } = request;
  const key = headers['sec-websocket-key'];
  const isWebSocket = method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
  if (!isWebSocket || headers['sec-websocket-version'] !== '13' || !keyPattern.test(key ?? '')) {
    refuseUpgrade(socket, 400);
    return undefined;
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key as string)}\r\n\r\n`,
  );
  return new FrameSocket(socket, { ...options, role: 'server' });
}

/** Answers an upgrade request with an HTTP error, and hangs up. */
export function refuseUpgrade(socket: Duplex, status: 400 | 403 | 503): void {
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  const version = status === 400 ? 'Sec-WebSocket-Version: 13\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${version}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

/** A server answered the handshake with an HTTP status instead. */
export class UpgradeRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the server answered ${status}`);
    this.status = status;
  }
}

export interface ConnectOptions extends Omit<FrameSocketOptions, 'role'> {
  readonly headers: Readonly<Record<string, string>>;
  /** Gives up, also on an open connection. */
  readonly signal: AbortSignal;
  /** Keeps what TLS connections to one server have in common. */
  readonly tlsAgent: https.Agent;
}

/**
 * Connects to a WebSocket server.
 *
 * @param url `ws:` or `wss:`
 * @param open called with the open socket, within the event that opened it
 * @param failed called once instead: with `UpgradeRefused`, or the failure of the connection
 * @throws TypeError when the address or a header cannot be written down
 */
export function connectFrames(
  url: string,
  { headers, signal, tlsAgent, ...options }: ConnectOptions,
  open: (socket: FrameSocket, start: (listener: FrameListener) => void) => void,
  failed: (error: Error) => void,
): void {
  const key = randomBytes(16).toString('base64');
  const address = new URL(url.replace(/^ws/, 'http'));
  const isSecure = address.protocol === 'https:';
  const request = (isSecure ? https : http).request(address, {
    headers: {
      ...headers,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    },
    agent: isSecure ? tlsAgent : false,
    signal,
  });
  request.on('upgrade', (response, socket, head) => {
    const isAccepted =
      response.headers.upgrade?.toLowerCase() === 'websocket' &&
      response.headers['sec-websocket-accept'] === acceptOf(key) &&
      response.headers['sec-websocket-extensions'] === undefined &&
      response.headers['sec-websocket-protocol'] === undefined;
    if (!isAccepted) {
      socket.destroy();
      return failed(new Error('the server did not accept the WebSocket as it must'));
    }
    const frames = new FrameSocket(socket, { ...options, role: 'client' });
    open(frames, (listener) => frames.start(head, listener));
  });
  request.on('response', (response) => {
    response.resume();
    failed(new UpgradeRefused(response.statusCode ?? 0));
    request.destroy();
  });
  request.on('error', failed);
  request.end();
}
