import type { WebSocket } from 'ws';
import type { Clock } from '../lib/runtime.ts';

/** A client that starts early may leave its user time to begin. */
const firstWordsMs = 5 * 60_000;

/** Closes a socket on which nobody says anything at all, though it answers pings. */
export function closeUnlessItSpeaks(socket: WebSocket, clock: Clock): void {
  const cancel = clock.after(firstWordsMs, () => socket.close(1008, 'Nothing was said.'));
  socket.once('message', cancel);
  socket.once('close', cancel);
}
