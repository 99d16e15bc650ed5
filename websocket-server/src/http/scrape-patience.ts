import { inTime } from '../lib/patience.ts';
import type { Clock } from '../lib/runtime.ts';

/** Prometheus gives a scrape up after 10 s by default, and with it all that does not hang on the store. */
const longestMs = 2000;

/**
 * What is asked of the store for a scrape: one that stalls costs that number alone, which stays as it was last.
 *
 * @returns undefined when there was no answer
 */
export async function answerInTime<T>(answer: Promise<T>, clock: Clock): Promise<T | undefined> {
  let found: T | undefined;
  try {
    await inTime(
      answer.then((told) => (found = told)),
      longestMs,
      clock,
    );
  } catch {
    return undefined;
  }
  return found;
}
