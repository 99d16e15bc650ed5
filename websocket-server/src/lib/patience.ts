import type { Clock } from './runtime.ts';

/**
 * Waits for `promise`, but no longer than `ms`.
 *
 * @returns whether it was in time; a failure is thrown on if it was
 */
export async function inTime(promise: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  let stop: () => void = () => {};
  const patience = new Promise<boolean>((resolve) => (stop = clock.after(ms, () => resolve(false))));
  try {
    return await Promise.race([promise.then(() => true), patience]);
  } finally {
    stop();
  }
}
