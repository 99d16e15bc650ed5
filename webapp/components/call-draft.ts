import type { CallRequest } from '../live/server-api.ts';
import { authorityOf, openAuthorityDraft } from './authority-draft.ts';
import type { AuthorityDraft } from './authority-draft.ts';
import { parseDetails } from './call-details.ts';
import { scheduleOf } from './call-when.ts';
import { resultSchemaOf } from './result-fields.ts';
import type { ResultField } from './result-fields.ts';

/** The form that places a call, as typed. */
export interface CallDraft {
  /** The number as it stands in the field. */
  readonly typedNumber: string;
  /** The number to dial, read from that. */
  readonly to: string;
  readonly goal: string;
  /** Lines of `key: value`. */
  readonly details: string;
  readonly instructions: string;
  readonly from: string;
  /** Longest call, in s. */
  readonly timeoutSec: string;
  readonly voicemail: 'hang_up' | 'leave_message';
  readonly message: string;
  readonly results: readonly ResultField[];
  readonly language: string;
  readonly callee: 'business' | 'person' | 'self';
  /** In US dollars. */
  readonly maxCostUsd: string;
  readonly record: boolean;
  /** Local time, as the browser's field gives it. */
  readonly scheduleAt: string;
  readonly authority: AuthorityDraft;
}

export const emptyDraft: CallDraft = {
  typedNumber: '',
  to: '',
  goal: '',
  details: '',
  instructions: '',
  from: '',
  timeoutSec: '',
  voicemail: 'hang_up',
  message: '',
  results: [],
  language: '',
  callee: 'business',
  maxCostUsd: '',
  record: false,
  scheduleAt: '',
  authority: openAuthorityDraft,
};

/** What the draft asks for, without what was left empty. Rules about calls are the server's to apply. */
export function requestOf(
  draft: CallDraft,
): { readonly request: CallRequest } | { readonly problem: string } {
  const details = parseDetails(draft.details);
  if ('problem' in details) return details;
  const resultSchema = resultSchemaOf(draft.results);
  if (isProblem(resultSchema)) return resultSchema;
  const authority = authorityOf(draft.authority);
  if (isProblem(authority)) return authority;
  const scheduleAt = scheduleOf(draft.scheduleAt);
  if (isProblem(scheduleAt)) return scheduleAt;
  const maxCostUsd = draft.maxCostUsd.trim();
  const message = draft.message.trim();
  const language = draft.language.trim();
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
      ...(draft.voicemail === 'hang_up'
        ? {}
        : { voicemail: { action: 'leave_message' as const, ...(message === '' ? {} : { message }) } }),
      ...(resultSchema === undefined ? {} : { resultSchema }),
      ...(language === '' ? {} : { language }),
      ...(draft.callee === 'business' ? {} : { callee: draft.callee }),
      ...(maxCostUsd === '' ? {} : { maxCostUsd: Number(maxCostUsd) }),
      ...(draft.record ? { record: true as const } : {}),
      ...(scheduleAt === undefined ? {} : { scheduleAt }),
      ...(authority === undefined ? {} : { authority }),
    },
  };
}

function isProblem(read: unknown): read is { readonly problem: string } {
  return typeof read === 'object' && read !== null && 'problem' in read;
}
