import { InvalidRequest } from '../lib/errors.ts';

const farthestMs = 90 * 24 * 60 * 60_000;
const isoTime = /^(\d{4}-\d{2}-(\d{2}))T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * When a call is to be dialed.
 *
 * @param text ISO 8601 with its zone, e.g. `2026-03-02T09:30:00+01:00`
 * @param now ms since 1970
 * @returns ms since 1970
 * @throws InvalidRequest with a sentence that says what to change
 */
export function scheduledTime(text: string, now: number): number {
  const at = timeOf(text.trim());
  if (Number.isNaN(at)) {
    throw new InvalidRequest(
      `"scheduleAt" (${text.slice(0, 40)}) must be a time in ISO 8601 with its zone, e.g. 2026-03-02T09:30:00+01:00.`,
    );
  }
  if (at <= now) {
    throw new InvalidRequest(
      `"scheduleAt" (${text.trim()}) is in the past: it is ${new Date(now).toISOString()}. Leave it out to call at once.`,
    );
  }
  if (at - now > farthestMs) {
    throw new InvalidRequest('"scheduleAt" may be at most 90 days ahead.');
  }
  return at;
}

/** NaN for what is no time: `Date.parse` takes 30 February for 2 March. */
function timeOf(text: string): number {
  const [, date = '', day] = isoTime.exec(text) ?? [];
  return new Date(`${date}T00:00Z`).getUTCDate() === Number(day) ? Date.parse(text) : Number.NaN;
}
