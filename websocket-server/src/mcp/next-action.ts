import type { Call, CallState } from '../call/call.ts';
import type { NameOf } from './tool.ts';

/**
 * One sentence that tells a model what to do with a call as it stands.
 *
 * @param cursor where the client has read the call's turns up to
 */
export function nextAction(call: Call, nameOf: NameOf, cursor?: string): string {
  const callId = `callId "${call.callId}"`;
  if (call.letGo !== undefined && call.state !== 'failed') {
    return 'The call is over and its words are no longer kept: tell the user its result, as far as there is one.';
  }
  switch (call.state) {
    case 'completed':
      return call.outcome === null
        ? `The call is over without a reported result: read ${nameOf('transcript')} with ${callId}, then tell the user what was said.`
        : `The call is over: tell the user its result, and read ${nameOf('transcript')} with ${callId} if the exact words matter.`;
    case 'failed':
      return 'The call did not come about: tell the user why, and place another call only if they ask for one.';
    case 'canceled':
      return call.answeredAt === null
        ? 'The call was canceled before anybody answered: nothing is left to do.'
        : `The call was canceled: read ${nameOf('transcript')} with ${callId} for what was said until then.`;
    default: {
      if (call.question) {
        return `The agent asks: "${call.question.question}" Answer at once with ${nameOf('answer')}, ${callId} and questionId "${call.question.questionId}"; ask the user if you do not know.`;
      }
      if (call.state === 'queued' && call.scheduledAt !== null) {
        return `The call is scheduled for ${new Date(call.scheduledAt).toISOString()} and is dialed then: read ${nameOf('status')} with ${callId} after that, or call it off with ${nameOf('cancel')}.`;
      }
      const after = cursor === undefined ? '' : ` and after "${cursor}"`;
      return `${stateClauses[call.state]}: call ${nameOf('wait')} with ${callId}${after}, and again until the call has ended.`;
    }
  }
}

/** Where a call is, for a human; without the full stop. */
export const stateClauses: Readonly<Record<CallState, string>> = {
  queued: 'The call is about to be dialed',
  dialing: 'The number is being dialed',
  ringing: 'The phone is ringing',
  connected: 'The call is running',
  completed: 'The call is over',
  canceled: 'The call was canceled',
  failed: 'The call did not come about',
};
