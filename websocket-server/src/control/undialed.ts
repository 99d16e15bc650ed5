import { outcomeWithoutReport } from '../agent/outcome-evidence.ts';
import type { Call } from '../call/call.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallFeed } from './call-feed.ts';

/** Ends a call on record that the carrier was never asked for. @returns once that is durable */
export async function endUndialed(
  call: Call,
  state: 'canceled' | 'failed',
  reason: EndReason,
  { feed, clock }: { readonly feed: CallFeed; readonly clock: Clock },
): Promise<void> {
  await feed.resume(call);
  const outcome = outcomeWithoutReport(call, reason, []);
  feed.record(call.callId, { type: 'outcome-reported', outcome });
  feed.record(call.callId, { type: 'call-ended', state, endReason: reason, endedAt: clock.now() });
  await feed.durable(call.callId);
  // Where another server has dialed it in the same moment, it goes on there.
  feed.release(call.callId);
}
