import { isEnded } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import type { Clock } from '../lib/runtime.ts';
import type { WaitOptions } from './call-control.ts';
import { isNews } from './call-feed.ts';
import type { CallFeed } from './call-feed.ts';

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
  const isWanted = (event: CallEvent) => (endOnly ? event.type === 'call-ended' : isNews(event));
  const unlisten = feed.listen({
    stored: (events) => {
      if (events.some(({ event }) => event.callId === callId && isWanted(event))) wake();
    },
    hint() {},
  });
  const stop = clock.after(timeoutMs, wake);
  signal?.addEventListener('abort', wake, { once: true });
  try {
    const { call } = await feed.read(callId);
    const hasUnread = endOnly !== true && afterSequence !== undefined && feed.hasNews(callId, afterSequence);
    if (isEnded(call) || hasUnread || signal?.aborted) return;
    await woken;
  } finally {
    stop();
    unlisten();
    signal?.removeEventListener('abort', wake);
  }
}
