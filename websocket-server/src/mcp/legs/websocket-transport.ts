import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import type { RawData, WebSocket } from 'ws';
import type { Access } from '../../lib/access.ts';
import type { Clock } from '../../lib/runtime.ts';
import type { ScopeCheck } from '../scope-check.ts';
import { Batches } from './batches.ts';
import { readText } from './message-text.ts';

const pingEveryMs = 30_000;
/** A client that leaves this many bytes unread is not coming back for them. */
const maxUnreadBytes = 16_777_216;

/** MCP over one WebSocket: each text frame is one JSON-RPC message or a batch. Owns the socket. */
export class WebSocketTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #access: Access;
  readonly #check: ScopeCheck;
  readonly #batches = new Batches(
    (text) => this.#write(text),
    (error) => this.onerror?.(error),
  );
  #stopPinging = () => {};

  /** @param socket open; nothing may have been read from it */
  constructor(socket: WebSocket, clock: Clock, access: Access, check: ScopeCheck) {
    this.#socket = socket;
    this.#clock = clock;
    this.#access = access;
    this.#check = check;
  }

  start(): Promise<void> {
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('error', (error) => this.onerror?.(error));
    this.#socket.once('close', () => {
      this.#stopPinging();
      this.onclose?.();
    });
    this.#ping();
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.#tell(message);
  }

  close(): Promise<void> {
    this.#socket.close(1001);
    return Promise.resolve();
  }

  #receive(data: RawData, isBinary: boolean): void {
    const isText = !isBinary && Buffer.isBuffer(data);
    const read = readText(isText ? data.toString() : '');
    if ('refusal' in read) return this.#answer(read.refusal);
    for (const message of 'batch' in read ? this.#batches.open(read.batch) : [read.message]) {
      this.#batches.noted(message);
      this.#serve(message);
    }
  }

  #serve(message: JSONRPCMessage): void {
    const refused = this.#check(message, this.#access);
    if (refused === undefined) this.onmessage?.(message);
    else if (refused.answer !== null) {
      this.#tell(refused.answer).catch((error: Error) => this.onerror?.(error));
    }
  }

  /** By itself, or in the answer to its batch. */
  #tell(message: unknown): Promise<void> {
    return this.#batches.answered(message) ?? this.#write(JSON.stringify(message));
  }

  #answer(text: string): void {
    this.#write(text).catch((error: Error) => this.onerror?.(error));
  }

  #write(text: string): Promise<void> {
    if (this.#socket.bufferedAmount > maxUnreadBytes) {
      this.#socket.terminate();
      return Promise.reject(new Error('the client does not read what it is sent'));
    }
    return new Promise((resolve, reject) => {
      this.#socket.send(text, (error) => (error instanceof Error ? reject(error) : resolve()));
    });
  }

  /** Finds out about a client that vanished without a word: it misses one pong, and is cut off. */
  #ping(): void {
    let isAlive = true;
    this.#socket.on('pong', () => {
      isAlive = true;
    });
    const tick = () => {
      if (!isAlive) {
        this.#socket.terminate();
        return;
      }
      isAlive = false;
      this.#socket.ping();
      this.#stopPinging = this.#clock.after(pingEveryMs, tick);
    };
    this.#stopPinging = this.#clock.after(pingEveryMs, tick);
  }
}
