import type { CallRequest } from '../live/server-api.ts';
import { parseDetails } from './call-details.ts';

/** The form that places a call, as typed. */
export interface CallDraft {
  readonly to: string;
  readonly goal: string;
  /** Lines of `key: value`. */
  readonly details: string;
  readonly instructions: string;
  readonly from: string;
  /** Longest call, in s. */
  readonly timeoutSec: string;
}

export const emptyDraft: CallDraft = {
  to: '',
  goal: '',
  details: '',
  instructions: '',
  from: '',
  timeoutSec: '',
};

/** What the draft asks for, without what was left empty. Rules about calls are the server's to apply. */
export function requestOf(
  draft: CallDraft,
): { readonly request: CallRequest } | { readonly problem: string } {
  const details = parseDetails(draft.details);
  if ('problem' in details) return details;
  const instructions = draft.instructions.trim();
  const from = draft.from.trim();
  const timeoutSec = draft.timeoutSec.trim();
  return {
    request: {
      to: draft.to.trim(),
      goal: draft.goal.trim(),
      ...(Object.keys(details.context).length === 0 ? {} : { context: details.context }),
      ...(instructions === '' ? {} : { instructions }),
      ...(from === '' ? {} : { from }),
      ...(timeoutSec === '' ? {} : { timeoutSec: Number(timeoutSec) }),
    },
  };
}
