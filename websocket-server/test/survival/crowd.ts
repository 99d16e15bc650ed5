import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Connections that lead nowhere. */
export interface Crowd {
  /** Resolves when all have connected. */
  readonly arrived: Promise<void>;
  /** How many the server has yet to hang up on. */
  readonly left: number;
  leave(): void;
}

const partySize = 96;
const handshake =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/**
 * Opens connections that say nothing, half a request, or all of a handshake and then nothing.
 *
 * @param authToken the carrier's, so that the server takes the last kind for media streams
 */
export function openCrowd(port: number, authToken: string, count: number): Crowd {
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
  let left = count;

  async function join(beginning: string): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1' });
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => (left -= 1));
    socket.resume();
    await once(socket, 'connect');
    if (beginning !== '') socket.write(beginning);
  }

  /** In parties, since a listening socket holds only so many that it has not looked at. */
  async function arrive(): Promise<void> {
    while (sockets.length < count) {
      const party = Array.from({ length: Math.min(partySize, count - sockets.length) }, (_, nth) =>
        join(beginnings[nth % beginnings.length] ?? ''),
      );
      await Promise.all(party);
    }
  }

  return {
    arrived: arrive(),
    get left() {
      return left;
    },
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
