import type { OutcomeReport } from '../agent/agent-tools.ts';
import { endReason } from '../call/end-reason.ts';
import type { Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { closeCall } from './ending.ts';

/** The person asked not to be called again: that holds from here on, and the agent takes its leave. */
export function neverCallAgain(state: Conversation): Step {
  const barred = step(state, { type: 'bar-number' });
  const reported = followedBy(barred, (next) =>
    reportUnlessDone(next, 'failed', 'The person asked not to be called again.'),
  );
  return followedBy(reported, (next) => closeCall(next, endReason('agent', 'do_not_call'), sayNeverAgain));
}

/**
 * The person wants a human: the owner is put through, where there is a number for that; otherwise a call-back is
 * promised and the owner is told to make it.
 *
 * @param reason why, as the agent says
 */
export function handToHuman(state: Conversation, reason: string): Step {
  const reported = reportUnlessDone(state, 'human_escalation', reason);
  if (!state.canHandOver) {
    const words = sayCallBack;
    return followedBy(reported, (next) => closeCall(next, endReason('agent', 'said_goodbye'), words, true));
  }
  const handed = followedBy(reported, (next) => step(next, { type: 'hand-over' }));
  return followedBy(handed, (next) => closeCall(next, endReason('agent', 'transferred'), sayConnecting));
}

/** The agent's own words on what came of the goal count more than ours. */
function reportUnlessDone(state: Conversation, status: OutcomeReport['status'], summary: string): Step {
  if (state.outcomeStatus === status) return step(state);
  const report: OutcomeReport = { status, summary, entities: {} };
  return step({ ...state, outcomeStatus: status }, { type: 'report-outcome', report });
}

const sayNeverAgain =
  'Say, in the language of the call and nothing else: "I am sorry for the trouble. You will not be called again. Goodbye." Call no tool.';
const sayConnecting =
  'Say, in the language of the call and nothing else: "One moment please, I am putting you through." Call no tool.';
const sayCallBack =
  'Say, in the language of the call and nothing else: "Nobody can come to the phone now, but a human will call you back. Goodbye." Call no tool.';
