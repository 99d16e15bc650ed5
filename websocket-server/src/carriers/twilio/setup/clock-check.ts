import { ok, problem, skipped, warning, type Check, type Finding } from '../../../lib/check.ts';
import { ownConnection } from '../../../lib/own-connection.ts';
import type { Runtime } from '../../../lib/runtime.ts';

/** The header has whole seconds, and the answer took a moment. */
const fineMs = 3000;
const badMs = 60_000;
const fix = 'Let the system set its clock by the network (NTP).';

/** Compares our clock with Twilio's: unclear dialings are settled by the time of a call's creation. */
export function clockCheck(baseUrl: string, runtime: Pick<Runtime, 'fetch' | 'clock'>): Check {
  return {
    id: 'clock',
    title: 'Clock',
    async run() {
      const askedAt = runtime.clock.now();
      // A connection that this one left open would be the next dialing's.
      const request = { headers: ownConnection, redirect: 'manual' } as const;
      const response = await runtime.fetch(`${baseUrl}/`, request).catch(() => undefined);
      const answeredAt = runtime.clock.now();
      await response?.body?.cancel();
      const theirs = Date.parse(response?.headers.get('date') ?? '');
      if (Number.isNaN(theirs)) return skipped('Nobody told the time to compare with.');
      return skewFinding((askedAt + answeredAt) / 2 - (theirs + 500));
    },
  };
}

/** @param skewMs how far our clock is ahead */
export function skewFinding(skewMs: number): Finding {
  const apart = Math.abs(skewMs);
  if (apart <= fineMs) return ok('This machine’s clock agrees with Twilio’s.');
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  const message = `This machine’s clock is ${Math.round(apart / 1000)} s ${direction} Twilio’s.`;
  return apart < badMs ? warning(message, fix) : problem(message, fix);
}
