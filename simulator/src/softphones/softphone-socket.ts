import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { parseFromSoftphone } from './softphone-wire.ts';
import type { Softphones } from './softphones.ts';

export const softphonePath = '/softphone';

/** Audio that the page's socket does not take: beyond this, what comes is dropped. About 8 s. */
const mostBacklogBytes = 64 * 1024;
/** One second of audio in one frame; control is shorter. */
const longestFrameBytes = 8000;

/**
 * Takes softphones on a server's `/softphone`.
 *
 * @param isWelcome checks the upgrade request
 * @returns closes all sockets
 */
export function takeSoftphones(
  server: Server,
  softphones: Softphones,
  isWelcome: (request: IncomingMessage) => boolean,
): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: longestFrameBytes,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const isThere = (request.url ?? '').split('?', 1)[0] === softphonePath;
    if (!isThere || !isWelcome(request)) {
      socket.end(`HTTP/1.1 ${isThere ? '401 Unauthorized' : '404 Not Found'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (taken) => serve(taken, softphones));
  });
  return () => {
    for (const socket of sockets.clients) socket.close(1001);
  };
}

function serve(socket: WebSocket, softphones: Softphones): void {
  const phone = softphones.plugIn({
    send: (message) => socket.send(JSON.stringify(message)),
    sendAudio: (audio) => {
      if (socket.bufferedAmount < mostBacklogBytes) socket.send(audio);
    },
  });
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return phone.talks(new Uint8Array(data));
    const message = parseFromSoftphone(data.toString('utf8'));
    if (message !== undefined) phone.does(message);
    return undefined;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => phone.unplug());
}
