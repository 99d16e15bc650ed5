import type { WebSocket } from 'ws';
import type { Clock } from '../lib/runtime.ts';

/**
 * Pings a socket and ends it when a whole interval passes without an answer: a peer that lost its network
 * never says goodbye.
 */
export function dropWhenSilent(socket: WebSocket, clock: Clock, intervalMs = 30_000): void {
  let isHeard = true;
  let stop = clock.after(intervalMs, check);

  function check(): void {
    if (!isHeard) return socket.terminate();
    isHeard = false;
    socket.ping();
    stop = clock.after(intervalMs, check);
  }

  const heard = (): void => {
    isHeard = true;
  };
  socket.on('pong', heard);
  socket.on('message', heard);
  socket.once('close', () => stop());
  // A broken frame or connection: `ws` closes the socket by itself, and 'close' tells whoever uses it.
  socket.on('error', () => {});
}
