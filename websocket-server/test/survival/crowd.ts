import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Connections that lead nowhere. */
export interface Crowd {
  readonly count: number;
  /** How many of them the server has not hung up on yet. */
  readonly left: number;
  /** Resolves when the server has hung up on all of them. */
  readonly shed: Promise<unknown>;
  leave(): void;
}

const handshake =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/**
 * Opens connections that say nothing, half a request, or all of a handshake and then nothing.
 *
 * @param authToken the carrier's, so that the server takes the last kind for media streams
 */
export async function openCrowd(port: number, authToken: string, count: number): Promise<Crowd> {
  const host = `Host: 127.0.0.1:${port}\r\n`;
  const signature = createHmac('sha1', authToken).update(`ws://127.0.0.1:${port}/call`).digest('base64');
  const beginnings = [
    '',
    '',
    'GET /healthz HTT',
    `GET /api/calls HTTP/1.1\r\n${host}X-Slow: `,
    `GET /logs HTTP/1.1\r\n${host}${handshake}`,
    `GET /call HTTP/1.1\r\n${host}${handshake}\r\n`,
    `GET /call HTTP/1.1\r\n${host}${handshake}X-Twilio-Signature: ${signature}\r\n\r\n`,
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
  ];
  const sockets: Socket[] = [];
  const closings: Promise<void>[] = [];
  let left = count;
  // In parties, since a listening socket holds only so many that it has not looked at.
  while (sockets.length < count) {
    const party = Array.from({ length: Math.min(100, count - sockets.length) }, (_, index) => {
      const beginning = beginnings[(sockets.length + index) % beginnings.length] ?? '';
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      socket.resume();
      closings.push(
        new Promise((resolve) => {
          socket.once('close', () => {
            left -= 1;
            resolve();
          });
        }),
      );
      socket.once('connect', () => beginning !== '' && socket.write(beginning));
      return socket;
    });
    sockets.push(...party);
    await Promise.all(party.map((socket) => (socket.connecting ? once(socket, 'connect') : undefined)));
  }
  return {
    count,
    get left() {
      return left;
    },
    shed: Promise.all(closings),
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
