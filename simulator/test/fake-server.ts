import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** A request that the network made. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}

/** What Twilio sends on a stream, loosely: the tests compare. */
export interface FromTwilio {
  readonly event: string;
  readonly sequenceNumber?: string;
  readonly streamSid?: string;
  readonly start?: {
    readonly streamSid: string;
    readonly callSid: string;
    readonly customParameters: Record<string, string>;
  };
  readonly media?: { readonly chunk: string; readonly timestamp: string; readonly payload: string };
  readonly mark?: { readonly name: string };
  readonly dtmf?: { readonly digit: string };
  readonly [field: string]: unknown;
}

export interface AcceptedStream {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly socket: WebSocket;
  readonly messages: FromTwilio[];
  /** When each message came, in ms of the monotonic clock. */
  readonly times: number[];
  readonly streamSid: string;
  send(message: object): void;
  /** Sends audio in one piece. */
  play(audio: Uint8Array): void;
  mark(name: string): void;
  clear(): void;
}

/** The other end of the network: a server that answers webhooks and takes media streams. */
export interface FakeServer {
  readonly url: string;
  readonly streamUrl: string;
  readonly requests: SeenRequest[];
  readonly streams: AcceptedStream[];
  /** Documents by path; `/twiml` connects a stream unless it is changed. */
  readonly documents: Map<string, string>;
  until<T>(check: () => T | undefined, what: string): Promise<T>;
  stream(index?: number): Promise<AcceptedStream>;
  close(): Promise<void>;
}

export async function startFakeServer(): Promise<FakeServer> {
  const requests: SeenRequest[] = [];
  const streams: AcceptedStream[] = [];
  const documents = new Map<string, string>();
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of waiting) look();
  };

  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(pieces).toString('utf8')));
      const path = request.url ?? '/';
      requests.push({ method: request.method ?? '', path, headers: request.headers, form });
      const document = documents.get(path);
      response.writeHead(document === undefined ? 204 : 200, { 'content-type': 'text/xml' });
      response.end(document ?? '');
      changed();
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    const messages: FromTwilio[] = [];
    const times: number[] = [];
    const send = (message: object) => socket.send(JSON.stringify(message));
    let streamSid = '';
    const stream: AcceptedStream = {
      headers: request.headers,
      path: request.url ?? '/',
      socket,
      messages,
      times,
      get streamSid() {
        return streamSid;
      },
      send,
      play(audio) {
        const payload = Buffer.from(audio).toString('base64');
        send({ event: 'media', streamSid: this.streamSid, media: { payload } });
      },
      mark(name) {
        send({ event: 'mark', streamSid: this.streamSid, mark: { name } });
      },
      clear() {
        send({ event: 'clear', streamSid: this.streamSid });
      },
    };
    streams.push(stream);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as FromTwilio;
      messages.push(message);
      if (message.event === 'start') streamSid = message.streamSid ?? '';
      times.push(performance.now());
      changed();
    });
    socket.on('close', changed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const streamUrl = `ws://127.0.0.1:${port}/call`;
  documents.set('/twiml', connectTo(streamUrl));

  const until = <T>(check: () => T | undefined, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`waited in vain for ${what}`));
      }, 10_000);
      const look = () => {
        const found = check();
        if (found === undefined) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });

  return {
    url: `http://127.0.0.1:${port}`,
    streamUrl,
    requests,
    streams,
    documents,
    until,
    stream: (index = 0) =>
      until(() => (streams[index]?.streamSid ? streams[index] : undefined), `the media stream ${index}`),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A document that connects a stream and goes on with whatever is given. */
export function connectTo(streamUrl: string, after = '<Hangup/>', attributes = ''): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="${streamUrl}"${attributes}>` +
    `<Parameter name="callId" value="call-1"/></Stream></Connect>${after}</Response>`
  );
}
