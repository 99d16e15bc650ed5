import { createHash } from 'node:crypto';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Pauses after the first failure, the second and so on (Standard Webhooks, "Deliverability and reliability"). */
const pausesMs = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];
/** A pause may be so much longer, so that what failed together does not come back together. */
const jitter = 0.2;
const longestAskedForMs = 24 * hourMs;

/**
 * How long to wait before a delivery is tried again, in ms; undefined when it has been tried often enough.
 *
 * @param failures so far, the last one included
 * @param askedForMs by the receiver's `Retry-After`; it may lengthen a pause, up to a day
 */
export function pauseBeforeRetry(
  deliveryId: string,
  failures: number,
  askedForMs: number | undefined,
): number | undefined {
  const pauseMs = pausesMs[failures - 1];
  if (pauseMs === undefined) return undefined;
  const spread = Math.round(pauseMs * (1 + jitter * fractionOf(`${deliveryId} ${failures}`)));
  return Math.max(spread, Math.min(askedForMs ?? 0, longestAskedForMs));
}

/** The same for the same text, and as good as random over many. From 0 to 1. */
function fractionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/** What `Retry-After` asks for (RFC 9110, section 10.2.3), in ms; undefined when it says nothing usable. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * secondMs;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
