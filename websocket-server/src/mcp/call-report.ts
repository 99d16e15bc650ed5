import { z } from 'zod';
import {
  answeredBys,
  callStates,
  durationSeconds,
  letGoSentence,
  unconfirmedEndSentence,
} from '../call/call.ts';
import type { Call } from '../call/call.ts';
import { endSentences } from '../call/end-reason.ts';
import type { EndedBy } from '../call/end-reason.ts';
import { entityStatuses, outcomeStatuses } from '../call/outcome.ts';
import type { Outcome } from '../call/outcome.ts';
import { nextAction } from './next-action.ts';
import type { ToolContext } from './tool.ts';

const endedBy = [
  'agent',
  'person',
  'owner',
  'limit',
  'carrier',
  'fault',
] as const satisfies readonly EndedBy[];

export const callIdArgument = z
  .string()
  .min(1)
  .max(200)
  .describe('The callId that placing the call returned.');
export const callState = z
  .enum(callStates)
  .describe('"completed", "canceled" and "failed" are final; a call that has failed never ran.');

export const callResult = z
  .object({
    status: z.enum(outcomeStatuses),
    summary: z.string(),
    entities: z.record(
      z.string(),
      z.object({
        value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
        status: z.enum(entityStatuses),
        quote: z.string().nullable().describe('Words of the transcript that carry the value.'),
        turn: z.number().nullable().describe('Position of the quoted turn in the transcript, from 0.'),
      }),
    ),
  })
  .describe('What came of the goal.');

export const callEndReason = z.object({
  by: z.enum(endedBy),
  why: z.string().describe(`One of ${Object.keys(endSentences).join(', ')}.`),
  message: z.string(),
});

/** How a call came out, in the words of this door; all null while it is open. */
export const callEnding = {
  result: callResult.nullable(),
  error: z.string().nullable().describe('Why the call never ran; null unless the state is "failed".'),
  endReason: callEndReason.nullable().describe('Why the call stopped, and by whom.'),
};

export const openQuestion = z
  .object({
    questionId: z.string(),
    question: z.string(),
    expiresAt: z.string().describe('When the agent goes on without an answer, ISO 8601.'),
  })
  .nullable()
  .describe('What the agent waits for an answer to; the person is on the line meanwhile.');

export const ownerAnswer = z
  .object({
    answer: z.string(),
    accepted: z.boolean().describe('False when it came too late: the agent had gone on without it.'),
  })
  .optional()
  .describe(
    'What the user, asked by their client meanwhile, has answered the agent. Nothing is left to answer.',
  );

const money = z.number().nullable();
export const callCost = z
  .looseObject({
    currency: z.literal('USD'),
    usd: money.describe('The whole cost so far; null when a part is not known.'),
    modelUsd: money,
    carrierUsd: money,
    isEstimate: z
      .boolean()
      .describe('True until the carrier has told its price, some minutes after the end.'),
    unknown: z.string().nullable().describe('Why a part is not known.'),
  })
  .nullable();

const noLongerKept = z
  .string()
  .nullable()
  .describe('What of the call is no longer kept, as the operator wants it; null while all is.');

/** A call as it stands, in the words of this door. */
export const callReport = z.object({
  callId: z.string(),
  state: callState,
  duration: z.number().describe('Seconds from answer to end, or until now.'),
  to: z.string(),
  from: z.string(),
  direction: z.enum(['outbound', 'inbound']),
  scheduledAt: z.string().nullable().describe('When the call is to be dialed, ISO 8601; null for at once.'),
  answeredBy: z
    .enum(answeredBys)
    .nullable()
    .describe('Who or what picked up, as far as it is known; "machine": one of a kind that is not known.'),
  ...callEnding,
  question: openQuestion,
  cost: callCost,
  latency: z
    .object({ replies: z.number(), lastMs: z.number(), meanMs: z.number(), longestMs: z.number() })
    .nullable()
    .describe(
      'How long the person waited for replies: ms from their last word to the first sound they heard.',
    ),
  noLongerKept,
  warning: z
    .string()
    .nullable()
    .describe('Why the phone may still be in use though the call was hung up; null while all is well.'),
  url: z.string().describe('Live page of the call.'),
  nextAction: z.string().describe('What to do next.'),
});
export type CallReport = z.output<typeof callReport>;

/** What words about a call are made with. */
export type ReportContext = Pick<ToolContext, 'clock' | 'pageUrlOf' | 'nameOf'>;

/** @param cursor where the reader has read the call's turns up to, when this report comes with turns */
export function reportOf(call: Call, context: ReportContext, cursor?: string): CallReport {
  return {
    callId: call.callId,
    state: call.state,
    duration: durationSeconds(call, context.clock.now()),
    to: call.to,
    from: call.from,
    direction: call.direction,
    scheduledAt: call.scheduledAt === null ? null : new Date(call.scheduledAt).toISOString(),
    answeredBy: call.answeredBy,
    ...endingOf(call),
    question: questionOf(call),
    cost: { ...call.cost },
    latency: latencyOf(call),
    noLongerKept: letGoSentence(call),
    warning: unconfirmedEndSentence(call),
    url: context.pageUrlOf(call.callId),
    nextAction: nextAction(call, context.nameOf, cursor),
  };
}

function latencyOf({ replies }: Call): CallReport['latency'] {
  if (replies === undefined) return null;
  const { count, lastMs, meanMs, longestMs } = replies;
  return { replies: count, lastMs, meanMs, longestMs };
}

function questionOf({ question }: Call): CallReport['question'] {
  if (!question) return null;
  const { questionId, question: text, expiresAt } = question;
  return { questionId, question: text, expiresAt: new Date(expiresAt).toISOString() };
}

export function endingOf(call: Call): Pick<CallReport, 'result' | 'error' | 'endReason'> {
  return {
    result: call.outcome === null ? null : resultOf(call.outcome),
    error: call.state === 'failed' ? (call.endReason?.message ?? null) : null,
    endReason: call.endReason,
  };
}

function resultOf({ status, summary, entities }: Outcome): z.output<typeof callResult> {
  return { status, summary, entities: { ...entities } };
}
