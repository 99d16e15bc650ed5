import type { WebSocket } from 'ws';
import type { CallControl, WatchOptions } from '../control/call-control.ts';
import type { Log } from '../lib/log.ts';

/** Unread bytes above which a watcher counts as slow. */
const slowBytes = 1_000_000;

/** What a watcher is told, one JSON text frame each. `position` resumes, as `?after=`. */
export type WatchFrame =
  | { readonly type: 'event'; readonly position: number; readonly event: unknown }
  | { readonly type: 'hint'; readonly hint: unknown }
  | { readonly type: 'caught-up' };

/**
 * Tells a socket what happens to calls: history, then `caught-up`, then live, until it closes.
 *
 * Close codes: 1008 when the address makes no sense, 1013 when the watcher was too slow and may come back
 * with `?after=` the last position it saw.
 *
 * @param url path and query; `callId` narrows to one call, `after` is the position of the last event seen
 */
export function followCalls(socket: WebSocket, url: string, control: CallControl, log: Log): void {
  const options = watchOptions(url);
  if (typeof options === 'string') return socket.close(1008, options);

  const send = (frame: WatchFrame): void => socket.send(JSON.stringify(frame));
  try {
    const stop = control.watch(options, {
      event: (event, position) => send({ type: 'event', position, event }),
      hint: (hint) => send({ type: 'hint', hint }),
      caughtUp: () => send({ type: 'caught-up' }),
      isSlow: () => socket.bufferedAmount > slowBytes,
      onDropped: () => socket.close(1013, 'Too slow: come back with ?after= the last position seen.'),
    });
    socket.once('close', stop);
  } catch (error) {
    log.error('watching calls failed', { err: error });
    socket.close(1011, 'The server failed.');
  }
}

/** @returns a sentence when the query cannot be read; short, since a close frame holds 123 bytes */
function watchOptions(url: string): WatchOptions | string {
  const query = new URLSearchParams(url.split('?').slice(1).join('?'));
  const after = query.get('after') ?? '';
  if (after !== '' && !/^\d{1,15}$/.test(after))
    return 'The cursor "after" must be the position of an event.';
  return {
    ...(query.get('callId') && { callId: query.get('callId') ?? undefined }),
    ...(after !== '' && { afterPosition: Number(after) }),
  };
}
