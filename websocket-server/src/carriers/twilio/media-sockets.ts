import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import type { Runtime } from '../../lib/runtime.ts';
import type { SwitchBoard } from '../carrier.ts';
import { TwilioMediaStream } from './media-stream.ts';
import { parseMessage, type FromTwilio } from './messages.ts';
import type { SignatureCheck } from './signature.ts';

const startDeadlineMs = 5_000;
/** Sockets that have not sent `start`. Twilio's come in at most a few a second; more are not its. */
const maxWaiting = 200;
const maxMessageBytes = 1024 * 1024;
/** How long a peer has to answer our close before its connection is cut. `@types/ws` lacks the option. */
const closeTimeoutMs = 2_000;

export interface MediaSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export interface MediaSocketsOptions {
  readonly check: SignatureCheck;
  readonly refused: (path: string) => void;
  readonly office: Pick<SwitchBoard, 'attached'>;
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
}

/** The door for media streams: signature first, then `start` with a claim, then whoever the office names. */
export function createMediaSockets({ check, refused, office, runtime }: MediaSocketsOptions): MediaSockets {
  const { clock, log } = runtime;
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    // One odd message is to be ignored; checked, it would close the call's stream.
    skipUTF8Validation: true,
    closeTimeout: closeTimeoutMs,
  };
  const server = new WebSocketServer(options);
  const sockets = new Set<WebSocket>();
  let waiting = 0;
  let isClosed = false;

  function accept(socket: WebSocket): void {
    let stream: TwilioMediaStream | undefined;
    let isWaiting = true;
    const forgetDeadline = clock.after(startDeadlineMs, () => socket.close(1008, 'no start'));
    const stopWaiting = () => {
      if (!isWaiting) return;
      isWaiting = false;
      waiting -= 1;
      forgetDeadline();
    };
    sockets.add(socket);
    waiting += 1;
    socket.on('message', (data, isBinary) => {
      // `binaryType` is left at its default, so that every message is one Buffer.
      if (isBinary) return log.debug('binary media message ignored');
      const message = parseMessage(data as Buffer);
      if (stream !== undefined) return stream.receive(message);
      if (message.event !== 'start' || socket.readyState !== socket.OPEN) return;
      stream = attach(socket, message);
      if (stream !== undefined) stopWaiting();
    });
    socket.on('error', (err) => log.warn('media socket failed', { err }));
    socket.on('close', () => {
      sockets.delete(socket);
      stopWaiting();
      stream?.end();
    });
  }

  function attach(socket: WebSocket, start: FromTwilio & { event: 'start' }): TwilioMediaStream | undefined {
    const { call: callId, token: streamToken, callSid, streamSid } = start;
    const stream = new TwilioMediaStream(socket, streamSid, runtime);
    try {
      const listener =
        callId === undefined || streamToken === undefined
          ? undefined
          : office.attached({ callId, streamToken }, callSid, stream);
      if (listener !== undefined) {
        stream.begin(listener);
        return stream;
      }
      log.warn('media stream refused: its claim is not valid', { carrierCallId: callSid });
      socket.close(1008, 'claim not valid');
    } catch (err) {
      log.error('a media stream could not be attached', { carrierCallId: callSid, err });
      socket.close(1011);
    }
    return undefined;
  }

  return {
    upgrade(request, socket, head) {
      const url = request.url ?? '';
      if (!check.upgrade({ url, headers: request.headers })) {
        refused(url.split('?', 1)[0] ?? '');
        return refuse(socket, 403);
      }
      if (isClosed || waiting >= maxWaiting) return refuse(socket, 503);
      server.handleUpgrade(request, socket, head, accept);
    },
    close() {
      isClosed = true;
      for (const socket of sockets) socket.close(1001);
    },
  };
}

function refuse(socket: Duplex, status: 403 | 503): void {
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
