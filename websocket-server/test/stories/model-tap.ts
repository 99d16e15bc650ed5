import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** A message of the OpenAI Realtime wire, read. */
export interface TappedMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** One connection, as it was overheard. */
export interface TappedSession {
  readonly toModel: readonly TappedMessage[];
  readonly fromModel: readonly TappedMessage[];
}

export interface ModelTap {
  /** In place of the voice model's. */
  readonly baseUrl: string;
  /** The connection on which a session was created. @throws Error when there is none */
  session(id: string): TappedSession;
  close(): Promise<void>;
}

/** Stands between the server and the voice model, passes on every message as it is, and keeps a copy. */
export async function tapVoiceModel(modelBaseUrl: string): Promise<ModelTap> {
  const sessions: TappedSession[] = [];
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (ours, { url = '', headers }) => {
    const upstreamUrl = new URL(url, modelBaseUrl.replace(/^http/u, 'ws'));
    const upstream = new WebSocket(upstreamUrl, {
      headers: { authorization: headers.authorization ?? '' },
      perMessageDeflate: false,
    });
    const isUp = once(upstream, 'open');
    const session = { toModel: new Array<TappedMessage>(), fromModel: new Array<TappedMessage>() };
    sessions.push(session);
    ours.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      session.toModel.push(JSON.parse(text) as TappedMessage);
      if (upstream.readyState === WebSocket.OPEN) upstream.send(text);
      else void isUp.then(() => upstream.send(text));
    });
    upstream.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      session.fromModel.push(JSON.parse(text) as TappedMessage);
      ours.send(text);
    });
    ours.on('close', () => upstream.terminate());
    upstream.on('close', () => ours.terminate());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${new URL(modelBaseUrl).pathname}`,
    session: (id) => {
      const isCreated = ({ type, session }: TappedMessage) =>
        type === 'session.created' && (session as { readonly id?: unknown }).id === id;
      const found = sessions.find(({ fromModel }) => fromModel.some(isCreated));
      if (found === undefined) throw new Error(`no session ${id} came over the tap`);
      return found;
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
