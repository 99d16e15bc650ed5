import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { chunkOfBase64, type Chunk } from '../src/lib/chunk.ts';
import { silentLog } from '../src/lib/log.ts';
import { Tally } from '../src/lib/tally.ts';
import type { Clock, Runtime } from '../src/lib/runtime.ts';
import type { VoiceEvent, VoiceListener, VoiceSettings } from '../src/voice-models/voice-model.ts';

export type Wire = Record<string, unknown>;

/** What a side of OpenAI's that behaves echoes: the settings it was given. */
export type Echo = (session: Wire) => Wire;

export interface OpenAiSideOptions {
  /** HTTP statuses that refuse the first upgrades, in order. */
  readonly refusals?: readonly number[];
  /** Run for each connection in place of `session.created`. */
  readonly greet?: (connection: OpenAiConnection) => void;
  /** The session that `session.updated` reports; null: no answer. */
  readonly echo?: Echo | null;
}

/** OpenAI's end of the Realtime wire on loopback, just enough to test the adapter against real sockets. */
export class OpenAiSide {
  readonly requests: IncomingMessage[] = [];
  readonly connections: OpenAiConnection[] = [];
  readonly #server: Server;
  readonly #arrivals = new EventEmitter();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(options: OpenAiSideOptions = {}): Promise<OpenAiSide> {
    const server = createServer();
    const side = new OpenAiSide(server);
    const sockets = new WebSocketServer({ noServer: true });
    const refusals = [...(options.refusals ?? [])];
    server.on('upgrade', (request, socket, head) => {
      side.requests.push(request);
      const status = refusals.shift();
      if (status !== undefined) {
        socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new OpenAiConnection(webSocket, options.echo);
        side.connections.push(connection);
        side.#arrivals.emit('connection');
        if (options.greet) options.greet(connection);
        else
          connection.send({ type: 'session.created', session: { id: 'sess_1', model: 'gpt-realtime-2.1' } });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return side;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** The latest connection; waits for the first. */
  async connected(): Promise<OpenAiConnection> {
    for (;;) {
      const latest = this.connections.at(-1);
      if (latest !== undefined) return latest;
      await once(this.#arrivals, 'connection');
    }
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

export class OpenAiConnection {
  readonly socket: WebSocket;
  readonly received: Wire[] = [];
  /** Messages as they came, text only. */
  readonly raw: string[] = [];
  readonly #arrivals = new EventEmitter();

  constructor(socket: WebSocket, echo: Echo | null = (session) => session) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      const text = data.toString();
      const message = JSON.parse(text) as Wire;
      this.raw.push(isBinary ? '(binary)' : text);
      this.received.push(message);
      if (message['type'] === 'session.update' && echo !== null) {
        this.send({ type: 'session.updated', session: echo(message['session'] as Wire) });
      }
      this.#arrivals.emit('arrival');
    });
  }

  send(message: Wire): void {
    this.socket.send(JSON.stringify(message));
  }

  async closed(): Promise<void> {
    if (this.socket.readyState !== WebSocket.CLOSED) await once(this.socket, 'close');
  }

  /** Waits until a message of this type has come `count` times and gives the last of them. */
  async receives(type: string, count = 1): Promise<Wire> {
    for (;;) {
      const matching = this.received.filter((message) => message['type'] === type);
      const last = matching[count - 1];
      if (last !== undefined) return last;
      await once(this.#arrivals, 'arrival');
    }
  }
}

/** A listener that remembers, and that can be waited on. */
export class Ears implements VoiceListener {
  readonly events: VoiceEvent[] = [];
  readonly sounds: { itemId: string; responseId: string; base64: string; ms: number }[] = [];
  readonly #arrivals = new EventEmitter();

  audio(itemId: string, responseId: string, chunk: Chunk): void {
    this.sounds.push({ itemId, responseId, base64: Buffer.from(chunk.base64).toString(), ms: chunk.ms });
    this.#arrivals.emit('arrival');
  }

  event(event: VoiceEvent): void {
    this.events.push(event);
    this.#arrivals.emit('arrival');
  }

  async hears(sounds: number): Promise<void> {
    while (this.sounds.length < sounds) await once(this.#arrivals, 'arrival');
  }

  async isTold<T extends VoiceEvent['type']>(
    type: T,
    itemId?: string,
  ): Promise<Extract<VoiceEvent, { type: T }>> {
    for (;;) {
      const found = this.events.find(
        (event) =>
          event.type === type && (itemId === undefined || ('itemId' in event && event.itemId === itemId)),
      );
      if (found !== undefined) return found as Extract<VoiceEvent, { type: T }>;
      await once(this.#arrivals, 'arrival');
    }
  }
}

/** Time that stands still until it is moved. */
export class HandClock implements Clock {
  #now = 0;
  #tasks: { at: number; task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const planned = { at: this.#now + ms, task };
    this.#tasks.push(planned);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== planned);
    };
  }

  get waiting(): number {
    return this.#tasks.length;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (;;) {
      const due = this.#tasks.find(({ at }) => at <= this.#now);
      if (due === undefined) return;
      this.#tasks = this.#tasks.filter((other) => other !== due);
      due.task();
    }
  }
}

export const realClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

export function runtimeWith(clock: Clock): Runtime {
  let ids = 0;
  return {
    clock,
    log: silentLog,
    tally: new Tally(),
    newId: (prefix) => `${prefix}${(ids += 1)}`,
    fetch: globalThis.fetch,
  };
}

export const reportOutcome = {
  name: 'report_outcome',
  description: 'Say what came of the call.',
  parameters: { type: 'object', properties: { summary: { type: 'string' } }, required: ['summary'] },
} as const;

export const settings: VoiceSettings = {
  instructions: 'You ring a restaurant and book a table.',
  voice: null,
  language: 'en-GB',
  tools: [reportOutcome],
};

export function chunkOf(bytes: Uint8Array): Chunk {
  return chunkOfBase64(Buffer.from(Buffer.from(bytes).toString('base64')));
}
