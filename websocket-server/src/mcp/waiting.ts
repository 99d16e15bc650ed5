import type { ToolContext } from './tool.ts';

/** Longest time that a request may stay unanswered, in s: widespread clients give a request up after 60 s. */
export const longestWaitSeconds = 50;

const progressEverySeconds = 10;

/** Tells a client that asked for it, at intervals, that its request is being waited for. */
export interface Ticker {
  /** @param message what the wait is for, one sentence for a human; told at once the first time */
  waitsFor(message: string): void;
  stop(): void;
}

/** @param waitSeconds how long the client wants to wait */
export function createTicker(
  waitSeconds: number,
  { clock, tellProgress }: Pick<ToolContext, 'clock' | 'tellProgress'>,
): Ticker {
  const startedAt = clock.elapsed();
  let message: string | undefined;
  let stopTicking = () => {};
  const tick = () => {
    const elapsedSeconds = Math.round((clock.elapsed() - startedAt) / 1000);
    const totalSeconds = Math.max(waitSeconds, elapsedSeconds);
    tellProgress({ elapsedSeconds, totalSeconds, message: message ?? '' });
    stopTicking = clock.after(progressEverySeconds * 1000, tick);
  };
  return {
    waitsFor: (what) => {
      const isFirst = message === undefined;
      message = what;
      if (isFirst) tick();
    },
    stop: () => stopTicking(),
  };
}
