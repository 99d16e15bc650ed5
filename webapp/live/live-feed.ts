import { parseFeedFrame } from './feed-frame.ts';
import type { FeedFrame } from './feed-frame.ts';
import { socketAddress } from './server-address.ts';

/** `reconnecting` from the moment a socket is lost, or could not be had, until history is told again. */
export type FeedState = 'connecting' | 'live' | 'reconnecting';

export interface FeedListener {
  frame(frame: FeedFrame): void;
  state(state: FeedState): void;
}

export interface LiveFeed {
  /** Drops the socket and asks for everything from `position` on, after the usual pause. */
  restart(position: number): void;
  close(): void;
}

const firstPauseMs = 400;
const longestPauseMs = 10_000;

/**
 * Follows the server's `/logs`, and reconnects for as long as it is open: from the position of the last event
 * told, so that the server leaves no gap and repeats nothing.
 *
 * @param callId follow this call only
 * @param after position to start behind; 0 for all history, undefined for as much as the server thinks fit
 */
export function openLiveFeed(
  { callId, after }: { readonly callId?: string; readonly after?: number },
  listener: FeedListener,
): LiveFeed {
  let position = after;
  let failures = 0;
  let socket: WebSocket | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    clearTimeout(pause);
    pause = undefined;
    const query = new URLSearchParams();
    if (callId !== undefined) query.set('callId', callId);
    if (position !== undefined) query.set('after', String(position));
    const current = new WebSocket(socketAddress(`/logs?${query}`));
    socket = current;
    current.addEventListener('message', ({ data }) => {
      if (socket === current) take(parseFeedFrame(data));
    });
    current.addEventListener('close', () => {
      if (socket === current) retry();
    });
  }

  function take(frame: FeedFrame | undefined): void {
    if (frame === undefined) return;
    if (frame.type === 'event') position = Math.max(position ?? 0, frame.position);
    listener.frame(frame);
    if (frame.type !== 'caught-up') return;
    failures = 0;
    listener.state('live');
  }

  function retry(): void {
    abandon();
    listener.state('reconnecting');
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
    failures += 1;
    // Half of it at random: many pages that lose one server do not return as one.
    pause = setTimeout(connect, longest / 2 + (Math.random() * longest) / 2);
  }

  function abandon(): void {
    const abandoned = socket;
    socket = undefined;
    abandoned?.close();
  }

  /** The network is back, or the person looks again: no need to sit out the pause. */
  function hurry(): void {
    if (pause !== undefined && document.visibilityState === 'visible') connect();
  }

  function offline(): void {
    if (pause === undefined) retry();
  }

  window.addEventListener('online', hurry);
  window.addEventListener('offline', offline);
  document.addEventListener('visibilitychange', hurry);
  listener.state('connecting');
  connect();

  return {
    restart(from) {
      position = from;
      if (pause === undefined) retry();
    },
    close() {
      window.removeEventListener('online', hurry);
      window.removeEventListener('offline', offline);
      document.removeEventListener('visibilitychange', hurry);
      clearTimeout(pause);
      abandon();
    },
  };
}
