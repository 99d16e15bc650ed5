import { WebSocket } from 'ws';
import type { Chunk } from '../../lib/chunk.ts';
import type { Log } from '../../lib/log.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { MediaStream, MediaStreamListener } from '../carrier.ts';
import { MessageWriter, type FromTwilio } from './messages.ts';

/** Twilio sends 50 messages a second, silence included: when none comes for this long the socket is dead. */
const longestQuietMs = 10_000;
const quietCheckMs = 2_000;
/** About half an hour of audio that Twilio does not take: the far end is gone, and memory is not ours alone. */
const maxBacklogBytes = 16 * 1024 * 1024;

/** Text frames, or Twilio refuses them (31950). */
const asText = { binary: false, compress: false } as const;

/** One media stream from its `start` on: our words on one side, Twilio's messages on the other. */
export class TwilioMediaStream implements MediaStream {
  readonly streamId: string;
  readonly #socket: WebSocket;
  readonly #writer: MessageWriter;
  readonly #clock: Runtime['clock'];
  readonly #log: Log;
  #listener: MediaStreamListener | undefined;
  #isOver = false;
  #isClosing = false;
  #wasHeard = false;
  #quietMs = 0;
  #forgetCheck: () => void = () => {};
  #wasMalformed = false;

  constructor(socket: WebSocket, streamSid: string, { clock, log }: Pick<Runtime, 'clock' | 'log'>) {
    this.streamId = streamSid;
    this.#socket = socket;
    this.#writer = new MessageWriter(streamSid);
    this.#clock = clock;
    this.#log = log.child({ streamId: streamSid });
  }

  get backlogBytes(): number {
    return this.#socket.bufferedAmount;
  }

  play(chunk: Chunk): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > maxBacklogBytes) {
      this.#log.warn('media stream cut: Twilio takes no more audio', { backlogBytes: this.backlogBytes });
      this.#socket.terminate();
      return;
    }
    this.#socket.send(this.#writer.media(chunk), asText);
  }

  mark(name: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(this.#writer.mark(name), asText);
  }

  clear(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(this.#writer.clear(), asText);
  }

  close(): void {
    this.#isClosing = true;
    this.#socket.close(1000);
  }

  /** From here on the listener hears what the stream brings. */
  begin(listener: MediaStreamListener): void {
    this.#listener = listener;
    this.#checkLater();
  }

  /** Takes a message of the socket; those that come once the stream is closing are dropped. */
  receive(message: FromTwilio): void {
    if (this.#isOver || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#wasHeard = true;
    try {
      this.#deliver(message);
    } catch (err) {
      this.#log.error('media stream closed: its listener failed', { err });
      this.#socket.close(1011);
    }
  }

  /** Ends the stream for its listener, once. @param how `lost` unless we closed it or Twilio said `stop` */
  end(how: 'stopped' | 'lost' = this.#isClosing ? 'stopped' : 'lost'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forgetCheck();
    try {
      this.#listener?.closed(how);
    } catch (err) {
      this.#log.error('a media stream listener failed at the end', { err });
    }
  }

  #deliver(message: FromTwilio): void {
    const listener = this.#listener;
    switch (message.event) {
      case 'media':
        return listener?.audio(message.chunk, message.streamTimeMs);
      case 'mark':
        return listener?.markReached(message.name);
      case 'dtmf':
        return listener?.digit(message.digit);
      case 'stop':
        this.end('stopped');
        return this.#socket.close(1000);
      case 'malformed':
        if (!this.#wasMalformed) this.#log.warn('malformed Twilio message', { problem: message.problem });
        this.#wasMalformed = true;
        return;
      case 'unknown':
        return this.#log.debug('Twilio event ignored', { event: message.name });
      case 'connected':
      case 'start':
      case 'other-track':
        return;
    }
  }

  #checkLater(): void {
    this.#forgetCheck = this.#clock.after(quietCheckMs, () => {
      this.#quietMs = this.#wasHeard ? 0 : this.#quietMs + quietCheckMs;
      this.#wasHeard = false;
      if (this.#quietMs < longestQuietMs) return this.#checkLater();
      this.#log.warn('media stream lost: Twilio has gone quiet', { quietMs: this.#quietMs });
      this.#socket.terminate();
      this.end();
    });
  }
}
