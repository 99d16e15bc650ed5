import { z } from 'zod';
import { callees } from '../../call/call.ts';
import type { Call, VoicemailRule } from '../../call/call.ts';
import { authorityBody } from '../../control/authority-request.ts';
import type { PlaceRequest } from '../../control/call-control.ts';
import { Asking } from '../asking/asking.ts';
import { callEnding, callState, openQuestion, ownerAnswer, reportOf } from '../call-report.ts';
import { follow } from '../following.ts';
import type { OwnerAnswer } from '../following.ts';
import { handset } from '../icon.ts';
import { defineTool } from '../tool.ts';
import type { ToolContext } from '../tool.ts';
import { longestWaitSeconds } from '../waiting.ts';

const voicemail = z
  .strictObject({
    action: z.enum(['hang_up', 'leave_message']),
    message: z
      .string()
      .min(1)
      .optional()
      .describe(
        'What to say after the beep, for "leave_message"; the agent words it from the goal otherwise.',
      ),
  })
  .refine((rule) => rule.action === 'leave_message' || rule.message === undefined, {
    message: '"voicemail.message" goes with the action "leave_message": change the action or leave it out.',
  });

const args = z.strictObject({
  to: z
    .string()
    .min(1)
    .describe('Number to ring, in E.164: "+", country code, number. Example: "+14155550102".'),
  goal: z
    .string()
    .trim()
    .min(1)
    .describe(
      'What the agent is to achieve, complete in itself: the agent knows nothing but this call. Example: "Book a table for two on Friday at 7:30 pm under the name Smith; 8 pm is fine too."',
    ),
  from: z
    .string()
    .min(1)
    .optional()
    .describe('Own number to ring from, in E.164; the configured one otherwise.'),
  context: z
    .looseObject({})
    .optional()
    .describe('Facts that the agent may need or be asked for, as a JSON object.'),
  instructions: z.string().min(1).optional().describe('How the agent is to behave.'),
  timeoutSec: z
    .number()
    .int()
    .min(1)
    .max(14_400)
    .optional()
    .describe('Longest call, in seconds from answer to hang-up; 180 otherwise.'),
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Own name of this errand: a repeated key returns the first call and dials nothing.'),
  resultSchema: z.looseObject({}).optional().describe('JSON Schema of the facts wanted from the call.'),
  voicemail: voicemail.optional().describe('What to do when a voicemail answers.'),
  record: z
    .boolean()
    .optional()
    .describe(
      'Records the call, once the person has heard so; refused where the operator has not allowed it.',
    ),
  voice: z.string().min(1).optional().describe("The agent's voice; the configured one otherwise."),
  language: z
    .string()
    .min(1)
    .optional()
    .describe('Language to speak, as a BCP 47 tag such as "en" or "de-AT"; that of the person otherwise.'),
  callee: z
    .enum(callees)
    .optional()
    .describe(
      'Who is rung: a "business" (the default), a private "person", who is rung in the daytime only, or "self", the owner.',
    ),
  maxCostUsd: z
    .number()
    .gt(0)
    .max(10_000)
    .optional()
    .describe('What the call may cost, in US dollars: the agent says goodbye before that.'),
  authority: authorityBody
    .optional()
    .describe('What the agent may tell, agree to, press and hand over; it is held to it.'),
  scheduleAt: z
    .string()
    .min(1)
    .optional()
    .describe(
      'When to dial: ISO 8601 with its zone, up to 90 days ahead, e.g. "2026-03-02T09:30:00+01:00". At once otherwise.',
    ),
  waitSec: z
    .number()
    .min(0)
    .max(longestWaitSeconds)
    .default(0)
    .describe('Seconds to wait for the end of the call before answering; it goes on either way.'),
  dryRun: z
    .boolean()
    .default(false)
    .describe('Only tells whether the call would be permitted, with every reason; nothing is dialed.'),
});

const result = z.object({
  callId: z.string().nullable().describe('Names the call from now on; null after a dry run.'),
  state: callState.nullable(),
  url: z.string().nullable().describe('Live page of the call, to show to the user.'),
  ...callEnding,
  question: openQuestion,
  ownerAnswer,
  allowed: z.boolean().optional().describe('After a dry run: whether the call would be dialed.'),
  reasons: z
    .array(z.object({ rule: z.string(), message: z.string(), howToChange: z.string() }))
    .optional()
    .describe('After a dry run: all that speaks against the call.'),
  warnings: z.array(z.string()).optional().describe('What to know of the call though it is permitted.'),
  nextAction: z.string().describe('What to do next.'),
});

export const placeCall = defineTool({
  name: 'call',
  title: 'Place a phone call',
  describe: (nameOf) =>
    `Rings a real phone number and lets a voice agent pursue a goal in the conversation. Answers at once with a callId; the call then runs for a minute or more. Follow it with ${nameOf('wait')}, stop it with ${nameOf('cancel')}. A callId stays valid after the call has ended. Every use rings somebody: place one call for one errand, and only when the user wants it.`,
  icon: handset,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  mayWait: true,
  arguments: args,
  result,
  linkedCallId: ({ callId }) => callId,
  run: async (given, context) => {
    const request = { ...placeRequestOf(given), traceparent: context.traceparent };
    if (given.dryRun) {
      const verdict = await context.control.rehearse(request);
      return {
        callId: null,
        state: null,
        url: null,
        result: null,
        error: null,
        endReason: null,
        question: null,
        allowed: verdict.allowed,
        reasons: [...verdict.reasons],
        warnings: [...verdict.warnings],
        nextAction: verdict.allowed
          ? `The call would be permitted: use ${context.nameOf('call')} again without dryRun to place it.`
          : 'The call would be refused: tell the user why, and what can be changed.',
      };
    }
    // A request that brings the user's reply is about the call that it placed the first time.
    const { broughtBack } = context.user;
    const placed = broughtBack
      ? (await context.control.read(broughtBack.callId)).call
      : await context.control.place(request);
    const followed =
      given.waitSec === 0 || placed.scheduledAt !== null
        ? { call: placed }
        : await endOf(placed, given.waitSec, context);
    if (followed instanceof Asking) return followed;
    const report = reportOf(followed.call, context);
    return {
      callId: report.callId,
      state: report.state,
      url: report.url,
      result: report.result,
      error: report.error,
      endReason: report.endReason,
      question: report.question,
      ...(followed.ownerAnswer && { ownerAnswer: followed.ownerAnswer }),
      ...(placed.warnings.length > 0 && { warnings: [...placed.warnings] }),
      nextAction: report.nextAction,
    };
  },
});

/** The call at its end, or as far as it got in time. Whatever happens while waiting, the client learns the callId. */
async function endOf(
  placed: Call,
  waitSeconds: number,
  context: ToolContext,
): Promise<{ readonly call: Call; readonly ownerAnswer?: OwnerAnswer | undefined } | Asking> {
  try {
    const progressMessage = 'Waiting for the call to end.';
    const wish = { waitSeconds, afterSequence: 0, endOnly: true, progressMessage };
    const followed = await follow(placed.callId, wish, context);
    if (followed instanceof Asking) return followed;
    return { call: followed.reading.call, ownerAnswer: followed.ownerAnswer };
  } catch (err) {
    context.log.error('waiting for a call that was just placed failed', { callId: placed.callId, err });
    return { call: placed };
  }
}

function placeRequestOf(given: z.output<typeof args>): PlaceRequest {
  return {
    to: given.to,
    goal: given.goal,
    from: given.from,
    context: given.context,
    instructions: given.instructions,
    maxDurationSeconds: given.timeoutSec,
    idempotencyKey: given.idempotencyKey,
    resultSchema: given.resultSchema,
    voicemail: given.voicemail === undefined ? undefined : voicemailRuleOf(given.voicemail),
    record: given.record,
    voice: given.voice,
    language: given.language,
    callee: given.callee,
    maxCostUsd: given.maxCostUsd,
    authority: given.authority,
    scheduleAt: given.scheduleAt,
  };
}

function voicemailRuleOf({ action, message }: z.output<typeof voicemail>): VoicemailRule {
  return action === 'hang_up' ? { action } : { action, message: message ?? null };
}
