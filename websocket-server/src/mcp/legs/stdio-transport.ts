import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { isJSONRPCRequest, isJSONRPCResponse } from '@modelcontextprotocol/server';
import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/server';
import type { Clock } from '../../lib/runtime.ts';
import { maxMessageBytes } from './http-exchange.ts';
import { Batches } from './batches.ts';
import { readText } from './message-text.ts';

/** How long requests are still answered after the input has ended. */
const graceMs = 3000;

/**
 * MCP over a pair of byte streams: each line is one JSON-RPC message or a batch. When the input ends, what was asked is
 * still answered for a moment, so that a request piped in by a shell is not lost.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  /** Resolves when the connection has ended, whichever side ended it. */
  readonly closed: Promise<void>;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #clock: Clock;
  readonly #decoder = new StringDecoder('utf8');
  readonly #unanswered = new Set<RequestId>();
  readonly #batches = new Batches(
    (text) => this.#write(text),
    (error) => this.onerror?.(error),
  );
  #line = '';
  #inputEnded = false;
  #isClosed = false;
  #stopGrace = () => {};
  #tellClosed = () => {};

  constructor(input: Readable, output: Writable, clock: Clock) {
    this.#input = input;
    this.#output = output;
    this.#clock = clock;
    this.closed = new Promise((resolve) => {
      this.#tellClosed = resolve;
    });
  }

  start(): Promise<void> {
    this.#input.on('data', this.#receive);
    this.#input.once('end', this.#endInput);
    this.#input.once('close', this.#endInput);
    this.#input.once('error', this.#endInput);
    // Stays attached for good: a client that is gone makes late writes fail, and nobody else would listen.
    this.#output.on('error', (error) => {
      this.onerror?.(error);
      void this.close();
    });
    return Promise.resolve();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await (this.#batches.answered(message) ?? this.#write(JSON.stringify(message)));
    if (!isJSONRPCResponse(message) || message.id === undefined) return;
    this.#unanswered.delete(message.id);
    this.#closeWhenDone();
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    this.#stopGrace();
    this.#input.off('data', this.#receive);
    this.#input.pause();
    this.onclose?.();
    this.#tellClosed();
    return Promise.resolve();
  }

  readonly #receive = (bytes: Buffer): void => {
    const lines = (this.#line + this.#decoder.write(bytes)).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
    if (this.#line.length > maxMessageBytes) {
      this.onerror?.(new Error(`a message is longer than ${maxMessageBytes} bytes`));
      void this.close();
    }
  };

  readonly #endInput = (): void => {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    this.#readLine(this.#line);
    this.#stopGrace = this.#clock.after(graceMs, () => void this.close());
    this.#closeWhenDone();
  };

  #readLine(line: string): void {
    if (line.trim() === '') return;
    const read = readText(line);
    if ('refusal' in read) {
      this.#write(read.refusal).catch((error: Error) => this.onerror?.(error));
      return;
    }
    for (const message of 'batch' in read ? this.#batches.open(read.batch) : [read.message]) {
      this.#batches.noted(message);
      if (isJSONRPCRequest(message)) this.#unanswered.add(message.id);
      this.onmessage?.(message);
    }
  }

  #closeWhenDone(): void {
    if (this.#inputEnded && this.#unanswered.size === 0) void this.close();
  }

  #write(text: string): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('the connection is closed'));
    return new Promise((resolve, reject) => {
      this.#output.write(`${text}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }
}
