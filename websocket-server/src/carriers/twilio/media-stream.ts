import type { Chunk } from '../../lib/chunk.ts';
import type { FrameSocket } from '../../lib/frames/frame-socket.ts';
import type { Log } from '../../lib/log.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { MediaStream, MediaStreamListener } from '../carrier.ts';
import { MessageWriter, type FromTwilio } from './messages.ts';
import { WaitingAudio } from './waiting-audio.ts';

/** Twilio sends 50 messages a second, silence included: when none comes, or none leaves, for this long the socket is dead. */
const longestQuietMs = 10_000;
const checkMs = 2_000;
/** Some 25 s of audio are left to the socket; what comes on top waits here, where what is old can be dropped. */
const mostInSocketBytes = 256 * 1024;
/** Four letters of base64 are three bytes, and 8 bytes a ms. */
const msPerBase64Byte = 3 / 4 / 8;

/** One media stream from its `start` on: our words on one side, Twilio's messages on the other. */
export class TwilioMediaStream implements MediaStream {
  readonly streamId: string;
  readonly #socket: FrameSocket;
  readonly #writer: MessageWriter;
  readonly #clock: Runtime['clock'];
  readonly #log: Log;
  readonly #tally: Runtime['tally'];
  #listener: MediaStreamListener | undefined;
  #isOver = false;
  #isClosing = false;
  #wasHeard = false;
  #quietMs = 0;
  readonly #waiting = new WaitingAudio();
  #wasDrained = false;
  #stuckMs = 0;
  #forgetCheck: () => void = () => {};
  #wasMalformed = false;

  constructor(
    socket: FrameSocket,
    streamSid: string,
    { clock, log, tally }: Pick<Runtime, 'clock' | 'log' | 'tally'>,
  ) {
    this.streamId = streamSid;
    this.#socket = socket;
    this.#writer = new MessageWriter(streamSid);
    this.#clock = clock;
    this.#log = log.child({ streamId: streamSid });
    this.#tally = tally;
  }

  get backlogBytes(): number {
    return this.#socket.backlogBytes + this.#waiting.bytes;
  }

  play(chunk: Chunk, markName: string): void {
    if (!this.#socket.isOpen) return;
    if (this.#waiting.isEmpty && this.#socket.backlogBytes < mostInSocketBytes) {
      return this.#send(chunk.base64, markName);
    }
    const dropped = this.#waiting.keep(chunk.base64, markName);
    if (dropped > 0) this.#tally.add('audio-dropped', 'to-person', dropped * msPerBase64Byte);
  }

  clear(): void {
    this.#waiting.clear();
    this.#socket.send(this.#writer.clear);
  }

  /** The socket has taken what it was given. */
  drained(): void {
    this.#wasDrained = true;
    while (this.#socket.backlogBytes < mostInSocketBytes) {
      const next = this.#waiting.take();
      if (next === undefined) return;
      this.#send(next.base64, next.markName);
    }
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
    if (this.#isOver || !this.#socket.isOpen) return;
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

  #send(base64: Uint8Array, markName: string): void {
    const { audioHead, audioTail } = this.#writer;
    const mark = Buffer.from(this.#writer.mark(markName));
    this.#socket.sendSplicedAndNext(audioHead, base64, audioTail, mark);
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
    this.#forgetCheck = this.#clock.after(checkMs, () => {
      this.#quietMs = this.#wasHeard ? 0 : this.#quietMs + checkMs;
      this.#wasHeard = false;
      this.#stuckMs = this.#wasDrained || this.#waiting.isEmpty ? 0 : this.#stuckMs + checkMs;
      this.#wasDrained = false;
      if (this.#quietMs >= longestQuietMs) return this.#lose('Twilio has gone quiet');
      if (this.#stuckMs >= longestQuietMs) return this.#lose('Twilio takes no more audio');
      this.#checkLater();
    });
  }

  #lose(why: string): void {
    this.#log.warn('media stream lost', { why, backlogBytes: this.backlogBytes });
    this.#socket.terminate();
    this.end();
  }
}
