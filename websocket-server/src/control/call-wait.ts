import { isEnded } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import type { Clock } from '../lib/runtime.ts';
import type { WaitOptions } from './call-control.ts';
import type { CallReading } from './call-control.ts';
import { isNews } from './call-feed.ts';
import type { CallFeed } from './call-feed.ts';

/** How often a call is looked at that goes on at another server: nobody tells of it here. */
const lookEveryMs = 1000;

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
  let stopLooking: () => void = () => {};
  try {
    const reading = await feed.read(callId);
    const { call } = reading;
    const hasUnread = endOnly !== true && afterSequence !== undefined && feed.hasNews(callId, afterSequence);
    if (isEnded(call) || hasUnread || signal?.aborted) return;
    const isNew = (now: CallReading) =>
      isEnded(now.call) || (endOnly !== true && hasComeOn(reading, now, afterSequence ?? call.sequence));
    if (feed.live(callId) === undefined) stopLooking = lookUntil(isNew, feed, callId, wake, clock);
    await woken;
  } finally {
    stop();
    stopLooking();
    unlisten();
    signal?.removeEventListener('abort', wake);
  }
}

/** Looks at a call that nobody tells of here until it is as wished. @returns stops looking */
function lookUntil(
  isSo: (reading: CallReading) => boolean,
  feed: CallFeed,
  callId: string,
  found: () => void,
  clock: Clock,
): () => void {
  let isOver = false;
  let stopTimer: () => void = () => {};
  const look = async () => {
    const reading = await feed.read(callId).catch(() => undefined);
    if (isOver) return;
    if (reading !== undefined && isSo(reading)) found();
    else stopTimer = clock.after(lookEveryMs, () => void look());
  };
  stopTimer = clock.after(lookEveryMs, () => void look());
  return () => {
    isOver = true;
    stopTimer();
  };
}

/** @param readUntil sequence number up to which the turns were told */
function hasComeOn(before: CallReading, now: CallReading, readUntil: number): boolean {
  return (
    now.call.state !== before.call.state ||
    now.call.question?.questionId !== before.call.question?.questionId ||
    now.transcript.some(({ settledSequence }) => settledSequence > readUntil)
  );
}
