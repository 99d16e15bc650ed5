import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FrameSocket } from '../../lib/frames/frame-socket.ts';
import { acceptFrames, refuseUpgrade } from '../../lib/frames/handshake.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { SwitchBoard } from '../carrier.ts';
import { MediaLayout } from './media-layout.ts';
import { TwilioMediaStream } from './media-stream.ts';
import { parseMessage, type FromTwilio } from './messages.ts';
import type { SignatureCheck } from './signature.ts';

const startDeadlineMs = 5_000;
/** Sockets that have not sent `start`. Twilio's come in at most a few a second; more are not its. */
const maxWaiting = 200;
const maxMessageBytes = 1024 * 1024;

export interface MediaSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export interface MediaSocketsOptions {
  readonly check: SignatureCheck;
  readonly refused: (path: string) => void;
  readonly office: Pick<SwitchBoard, 'attached'>;
  readonly runtime: Pick<Runtime, 'clock' | 'log' | 'tally'>;
}

/** The door for media streams: signature first, then `start` with a claim, then whoever the office names. */
export function createMediaSockets({ check, refused, office, runtime }: MediaSocketsOptions): MediaSockets {
  const { clock, log, tally } = runtime;
  const sockets = new Set<FrameSocket>();
  let waiting = 0;
  let isClosed = false;

  function accept(socket: FrameSocket, head: Buffer): void {
    const layout = new MediaLayout();
    let stream: TwilioMediaStream | undefined;
    let isWaiting = true;
    const forgetDeadline = clock.after(startDeadlineMs, () => {
      tally.add('media-socket-refused', 'no-start');
      socket.close(1008, 'no start');
    });
    const stopWaiting = () => {
      if (!isWaiting) return;
      isWaiting = false;
      waiting -= 1;
      forgetDeadline();
    };
    sockets.add(socket);
    waiting += 1;
    socket.start(head, {
      message: (bytes, isText) => {
        if (!isText) return log.debug('binary media message ignored');
        const message = parseMessage(bytes, layout);
        if (stream !== undefined) return stream.receive(message);
        if (message.event !== 'start' || !socket.isOpen) return;
        stream = attach(socket, message);
        if (stream !== undefined) stopWaiting();
      },
      drained: () => stream?.drained(),
      closed: (_code, _reason, err) => {
        if (err !== undefined) log.warn('media socket failed', { err });
        sockets.delete(socket);
        stopWaiting();
        stream?.end();
      },
    });
  }

  function attach(
    socket: FrameSocket,
    start: FromTwilio & { event: 'start' },
  ): TwilioMediaStream | undefined {
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
      tally.add('media-socket-refused', 'bad-claim');
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
        tally.add('media-socket-refused', 'bad-signature');
        refused(url.split('?', 1)[0] ?? '');
        return refuseUpgrade(socket, 403);
      }
      if (isClosed || waiting >= maxWaiting) {
        tally.add('media-socket-refused', 'too-many');
        return refuseUpgrade(socket, 503);
      }
      const frames = acceptFrames(request, socket, { mostMessageBytes: maxMessageBytes, clock });
      if (frames !== undefined) accept(frames, head);
    },
    close() {
      isClosed = true;
      for (const socket of sockets) socket.close(1001);
    },
  };
}
