import type { Duplex } from 'node:stream';
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

/** What watchers are told is the same for all of them: it is written down once. */
export class FrameTexts {
  readonly #texts = new WeakMap<object, Buffer>();

  /** @param told the event or hint that the frame is about */
  of(told: object, frame: WatchFrame): Buffer {
    const known = this.#texts.get(told);
    if (known !== undefined) return known;
    const text = Buffer.from(JSON.stringify(frame));
    this.#texts.set(told, text);
    return text;
  }
}

const asText = { binary: false };

/**
 * Tells a socket what happens to calls: history, then `caught-up`, then live, until it closes.
 *
 * Close codes: 1008 when the address makes no sense, 1013 when the watcher was too slow and may come back
 * with `?after=` the last position it saw.
 *
 * @param wire what the socket writes to
 * @param url path and query; `callId` narrows to one call, `after` is the position of the last event seen
 */
export function followCalls(
  socket: WebSocket,
  wire: Duplex,
  url: string,
  { control, texts, log }: { readonly control: CallControl; readonly texts: FrameTexts; readonly log: Log },
): void {
  const options = watchOptions(url);
  if (typeof options === 'string') return socket.close(1008, options);

  let isGathering = false;
  /** Frames of one moment leave in one write. */
  const send = (text: Buffer | string): void => {
    if (!isGathering) {
      isGathering = true;
      wire.cork();
      process.nextTick(() => {
        isGathering = false;
        wire.uncork();
      });
    }
    socket.send(text, asText);
  };
  try {
    const stop = control.watch(options, {
      event: (event, position) => send(texts.of(event, { type: 'event', position, event })),
      hint: (hint) => send(texts.of(hint, { type: 'hint', hint })),
      caughtUp: () => send('{"type":"caught-up"}'),
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
