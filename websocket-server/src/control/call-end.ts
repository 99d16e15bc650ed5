import type { Call, EndState } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { CarrierReport } from '../carriers/carrier.ts';

/** An end this close to the limit is the carrier's cut: it counts from its own answer, we from the news of it. */
const limitSlackMs = 2000;

/** The carrier tells of the end of a call that ran, and never told that it was answered. */
const unmet = 'The phone was answered, and the call ended before the agent was connected.';

/** Why a call is over that the carrier reports as ended. @param upMs how long it was up, in ms */
export function reasonOfReport(call: Call, report: CarrierReport, upMs: number): EndReason {
  if (call.endingReason !== null) return call.endingReason;
  switch (report.endedWhy) {
    case undefined: {
      const isTimeUp = call.answeredAt !== null && upMs >= call.maxDurationSeconds * 1000 - limitSlackMs;
      if (isTimeUp) return endReason('limit', 'max_duration');
      return call.answeredAt === null
        ? endReason('person', 'hung_up', unmet)
        : endReason('person', 'hung_up');
    }
    case 'declined':
      return endReason('person', 'declined', report.advice);
    default:
      return endReason('carrier', report.endedWhy, report.advice);
  }
}

/** @param hasTalked person and agent could hear each other, for a moment at least */
export function endStateOf(call: Call, reason: EndReason, hasTalked: boolean): EndState {
  if (reason.why === 'canceled') return 'canceled';
  const hasRun = call.answeredAt !== null && (hasTalked || reason.by !== 'fault');
  return hasRun ? 'completed' : 'failed';
}
