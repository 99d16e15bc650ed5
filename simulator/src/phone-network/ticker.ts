import { chunkMs } from '../speech/mulaw.ts';

/** One clock for every call: 50 ticks a second, however many calls there are. */
export interface Ticker {
  /** @returns a function that stops it */
  onTick(listener: () => void): () => void;
  close(): void;
}

/**
 * Ticks are due at fixed times from the first one on, so that a late timer is made up for and the rate
 * never drifts. The clock stands still while nobody listens.
 */
export function createTicker(now: () => number = () => performance.now()): Ticker {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let nextDueMs = 0;

  const run = () => {
    timer = undefined;
    while (now() >= nextDueMs && listeners.size > 0) {
      nextDueMs += chunkMs;
      for (const listener of listeners) listener();
    }
    if (listeners.size > 0) timer = setTimeout(run, Math.max(0, nextDueMs - now()));
  };

  return {
    onTick: (listener) => {
      if (listeners.size === 0) nextDueMs = now() + chunkMs;
      listeners.add(listener);
      timer ??= setTimeout(run, Math.max(0, nextDueMs - now()));
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === undefined) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
    close: () => {
      listeners.clear();
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
