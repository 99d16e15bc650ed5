import { isEnded } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import type { Clock } from '../lib/runtime.ts';
import type { WaitOptions } from './call-control.ts';
import type { CallFeed } from './call-feed.ts';

/** The events a waiting client wants to hear of: words, and moves of the state. */
const news: ReadonlySet<CallEvent['type']> = new Set([
  'turn-ended',
  'call-ringing',
  'call-answered',
  'outcome-reported',
  'call-ended',
]);

/**
 * Resolves on news of a call that is later than `afterSequence`, on its end, when the time is up, or when the
 * signal aborts.
 *
 * @throws CallNotFound
 */
export async function waitForNews(
  feed: CallFeed,
  callId: string,
  { afterSequence, timeoutMs, signal, endOnly }: WaitOptions,
  clock: Clock,
): Promise<void> {
  let wake: () => void = () => {};
  const woken = new Promise<void>((resolve) => (wake = resolve));
  const isNews = (event: CallEvent) => (endOnly ? event.type === 'call-ended' : news.has(event.type));
  const unlisten = feed.listen({
    stored: (events) => {
      if (events.some(({ event }) => event.callId === callId && isNews(event))) wake();
    },
    hint() {},
  });
  const stop = clock.after(timeoutMs, wake);
  signal?.addEventListener('abort', wake, { once: true });
  try {
    const { call, transcript } = await feed.read(callId);
    const hasUnread =
      endOnly !== true &&
      afterSequence !== undefined &&
      transcript.some((turn) => turn.settledSequence > afterSequence);
    if (isEnded(call) || hasUnread || signal?.aborted) return;
    await woken;
  } finally {
    stop();
    unlisten();
    signal?.removeEventListener('abort', wake);
  }
}
