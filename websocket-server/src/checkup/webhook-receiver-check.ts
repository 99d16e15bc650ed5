import { ok, problem, type Check } from '../lib/check.ts';

/** How a ping went. */
export interface Pinged {
  readonly delivered: boolean;
  /** HTTP status; null when nobody answered. */
  readonly status: number | null;
  readonly error: string | null;
  readonly tookMs: number;
}

/** Whether the operator's address takes a signed event. */
export function webhookReceiverCheck(ping: () => Promise<Pinged>): Check {
  return {
    id: 'webhook-receiver',
    title: 'Receiver of events',
    async run() {
      const { delivered, status, error, tookMs } = await ping();
      if (delivered)
        return ok(`EVENTS_WEBHOOK_URL took a signed ping in ${tookMs} ms (HTTP status ${status}).`);
      return problem(
        `EVENTS_WEBHOOK_URL did not take a signed ping: ${error}`,
        'Check the address, that it answers POST with a 2xx status, and that it verifies with EVENTS_WEBHOOK_SECRET. Events wait meanwhile and are tried again.',
      );
    },
  };
}
