import type { CallReading, WaitOptions } from '../control/call-control.ts';
import type { ToolContext } from './tool.ts';

/** Longest time that a request may stay unanswered, in s: widespread clients give a request up after 60 s. */
export const longestWaitSeconds = 50;

const progressEverySeconds = 10;

/**
 * Waits for news of a call, and tells the client at intervals that it does.
 *
 * @param progressMessage what the wait is for, one sentence for a human
 * @throws CallNotFound
 */
export async function waitForNews(
  callId: string,
  waitSeconds: number,
  options: Pick<WaitOptions, 'afterSequence' | 'endOnly'>,
  progressMessage: string,
  { control, clock, signal, tellProgress }: ToolContext,
): Promise<CallReading> {
  const startedAt = clock.elapsed();
  let stopTicking = () => {};
  const tick = () => {
    const elapsedSeconds = Math.round((clock.elapsed() - startedAt) / 1000);
    tellProgress({ elapsedSeconds, totalSeconds: waitSeconds, message: progressMessage });
    stopTicking = clock.after(progressEverySeconds * 1000, tick);
  };
  tick();
  try {
    return await control.waitFor(callId, { ...options, timeoutMs: waitSeconds * 1000, signal });
  } finally {
    stopTicking();
  }
}
