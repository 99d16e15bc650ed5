import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import type { Clock } from '../runtime.ts';
import { FrameBreach, FrameReader } from './frame-reader.ts';
import { FrameWriter, pingFrame, pongFrame } from './frame-writer.ts';

export interface FrameListener {
  /** @param bytes borrowed: copy what outlives the call */
  message(bytes: Buffer, isText: boolean): void;
  pong?(): void;
  /** Room again: what was sent has left. */
  drained?(): void;
  /**
   * Told once, when the connection is gone.
   *
   * @param code of the close frame; 1006 when there was none
   * @param error what broke the connection: a failed socket, or a `FrameBreach` of the peer
   */
  closed(code: number, reason: string, error: Error | undefined): void;
}

export interface FrameSocketOptions {
  /** Which end we are: clients mask. */
  readonly role: 'client' | 'server';
  readonly mostMessageBytes: number;
  readonly clock: Clock;
}

/** How long a peer has to answer our close before its connection is cut. */
const closePatienceMs = 2000;

/**
 * A WebSocket after its handshake, without extensions (RFC 6455). Calls' audio goes through these, some hundred
 * messages a second each: one read is parsed in place, one message is one write, and nothing is boxed on the way.
 */
export class FrameSocket {
  readonly #socket: Duplex;
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader;
  readonly #clock: Clock;
  #listener: FrameListener | undefined;
  #hasSentClose = false;
  /** The socket takes nothing more. Told to us or done by us, since asking it takes longer than making a frame. */
  #isDown = false;
  /** The system has taken all that was sent. False where that has to be asked. */
  #isTaken = false;
  #isDeaf = false;
  #closed: { readonly code: number; readonly reason: string } | undefined;
  #error: Error | undefined;
  #stopClosing: () => void = () => {};

  /** @param socket becomes ours, to its end */
  constructor(socket: Duplex, { role, mostMessageBytes, clock }: FrameSocketOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#writer = new FrameWriter(role === 'client');
    this.#reader = new FrameReader(
      { isMasked: role === 'server', mostMessageBytes },
      {
        message: (bytes, isText) => this.#listener?.message(bytes, isText),
        ping: (bytes) => this.#write(this.#writer.control(pongFrame, bytes)),
        pong: () => this.#listener?.pong?.(),
        close: (code, reason) => this.#peerCloses(code, reason),
      },
    );
  }

  /** @param head bytes that came with the handshake */
  start(head: Buffer, listener: FrameListener): void {
    this.#listener = listener;
    const socket = this.#socket;
    socket.on('data', (data: Buffer) => this.#read(data));
    if (socket instanceof Socket) {
      socket.setNoDelay(true);
      socket.setTimeout(0);
      readAtOnce(socket, (data) => this.#read(data));
    }
    socket.on('drain', () => this.#listener?.drained?.());
    // A peer that ends without a close frame will not say more.
    socket.on('end', () => this.#end());
    socket.on('error', (error) => {
      this.#error ??= error;
      this.terminate();
    });
    socket.on('close', () => this.#gone());
    if (head.length > 0) this.#read(head);
  }

  /** Another listener takes over, from the next message on. */
  handOver(listener: FrameListener): void {
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return !this.#hasSentClose && !this.#isDown;
  }

  /** Bytes sent that the system has not taken yet. */
  get backlogBytes(): number {
    return this.#isTaken ? 0 : this.#socket.writableLength;
  }

  send(text: string): void {
    this.#write(this.#writer.text(Buffer.from(text)));
  }

  /** Sends one text message put together of three pieces, which may be reused at once. */
  sendSpliced(head: Uint8Array, middle: Uint8Array, tail: Uint8Array): void {
    if (this.isOpen) this.#write(this.#writer.text(head, middle, tail, this.backlogBytes === 0));
  }

  /** The same with another text message right behind it, in one write. */
  sendSplicedAndNext(head: Uint8Array, middle: Uint8Array, tail: Uint8Array, next: Uint8Array): void {
    if (this.isOpen) this.#write(this.#writer.textAndNext(head, middle, tail, next));
  }

  ping(): void {
    this.#write(this.#writer.control(pingFrame));
  }

  /** Says goodbye, and hangs up when the peer has answered or takes too long. */
  close(code: number, reason = ''): void {
    if (this.#hasSentClose) return;
    this.#write(this.#writer.close(code, reason));
    this.#hasSentClose = true;
    this.#stopClosing = this.#clock.after(closePatienceMs, () => this.terminate());
  }

  /** Hangs up at once. */
  terminate(): void {
    this.#isDown = true;
    this.#socket.destroy();
  }

  #end(): void {
    this.#isDown = true;
    this.#socket.end();
  }

  #read(data: Buffer): void {
    if (this.#isDeaf) return;
    try {
      this.#reader.read(data);
    } catch (error) {
      if (!(error instanceof FrameBreach)) throw error;
      this.#isDeaf = true;
      this.#error = error;
      this.#closed = { code: error.closeCode, reason: error.message };
      this.close(error.closeCode);
      this.#end();
    }
  }

  #peerCloses(code: number, reason: string): void {
    this.#closed = { code, reason };
    this.close(code === 1005 ? 1000 : code);
    this.#end();
  }

  #write(frame: Buffer): void {
    if (!this.isOpen) return;
    this.#socket.write(frame);
    this.#isTaken = this.#socket.writableLength === 0;
  }

  #gone(): void {
    this.#stopClosing();
    this.#hasSentClose = true;
    const { code, reason } = this.#closed ?? { code: 1006, reason: '' };
    this.#listener?.closed(code, reason, this.#error);
    this.#listener = undefined;
  }
}

/**
 * Takes what a socket reads before its stream does. A stream that flows looks after each read, a tick later, whether
 * to read on; a socket reads on unasked, and that look takes a seventh of what a chunk of audio costs.
 */
function readAtOnce(socket: Socket, take: (data: Buffer) => void): void {
  const push = socket.push.bind(socket);
  socket.push = (data: unknown, encoding?: BufferEncoding) => {
    // What the stream has kept from before goes first; null is the end.
    if (!(data instanceof Buffer) || socket.readableLength > 0) return push(data, encoding);
    take(data);
    return true;
  };
}
