import * as z from 'zod';
import { callees, callStates, transferModes } from '../call/call.ts';
import { authorityBody } from '../control/authority-request.ts';
import type { CallControl, PlaceRequest, SteerRequest } from '../control/call-control.ts';
import { steerActions, steerRequestOf } from '../control/steer-request.ts';
import { lookedUp, parsed } from './json-requests.ts';

const jsonObject = z.record(z.string(), z.unknown());

/** Body of `POST /api/calls`: the words of the MCP tool. */
export const placeBody = z.strictObject({
  to: z.string().describe('Number to ring, E.164, e.g. +14155550100'),
  goal: z.string().trim().min(1).describe('What the agent is to achieve in the call'),
  from: z.string().optional().describe('Number to ring from; defaults to the configured one'),
  context: jsonObject.optional().describe('Facts that the agent may use'),
  instructions: z.string().optional().describe('How the agent is to go about it'),
  timeoutSec: z.int().positive().optional().describe('Longest call, in seconds'),
  idempotencyKey: z
    .string()
    .min(1)
    .optional()
    .describe('A repeated key returns the first call and dials nothing'),
  resultSchema: jsonObject.optional().describe('JSON Schema of the answer wanted'),
  voicemail: z
    .discriminatedUnion('action', [
      z.strictObject({ action: z.literal('hang_up') }),
      z.strictObject({ action: z.literal('leave_message'), message: z.string().nullish() }),
    ])
    .optional(),
  record: z.boolean().optional().describe('Records the call, once the person has heard so'),
  voice: z.string().optional(),
  language: z.string().optional().describe('BCP 47, e.g. en or de-AT'),
  callee: z
    .enum(callees)
    .optional()
    .describe('Who is rung; a person is not rung outside the calling hours. business if left out'),
  maxCostUsd: z
    .number()
    .positive()
    .optional()
    .describe('What the call may cost, in US dollars; it says goodbye before that'),
  authority: authorityBody.optional().describe('What the agent may tell, agree to, press and hand over'),
  scheduleAt: z
    .string()
    .optional()
    .describe('When to dial, ISO 8601 with its zone, up to 90 days ahead; at once if left out'),
  dryRun: z.boolean().optional().describe('Only checks whether the call would be permitted'),
});

/** Body of `POST /api/calls/{callId}/answer`. */
export const answerBody = z.strictObject({
  questionId: z.string().min(1).describe('The `questionId` of the call’s open question'),
  answer: z.string().trim().min(1).describe('What the agent is to know'),
});

/** Body of `POST /api/calls/{callId}/control`. */
export const controlBody = z.strictObject({
  action: z.enum(steerActions),
  value: z
    .string()
    .default('')
    .describe('Words to say, a hint for the agent, keys to press, or the number to transfer to'),
  mode: z
    .enum(transferModes)
    .optional()
    .describe('For a transfer; warm: whoever picks up is told about the call and takes it by a key'),
});

/** Body of `POST /api/stop-all`. */
export const stopBody = z.strictObject({
  reason: z.string().max(500).nullish().describe('Told to whoever wants to place a call'),
});

/** Query of `GET /api/calls`. */
export const listQuery = z.strictObject({
  state: z
    .union([z.string(), z.array(z.string())])
    .transform((states) => [states].flat().flatMap((state) => state.split(',')))
    .pipe(z.array(z.enum(callStates)))
    .optional(),
  direction: z.enum(['outbound', 'inbound']).optional(),
  search: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().min(1).optional(),
});

/** Body of `POST /api/do-not-call`. */
export const barBody = z.strictObject({
  number: z.string().describe('E.164, e.g. +14155550100'),
  note: z.string().nullish().describe('Why, for whoever reads the list'),
});

/** Query of `GET /api/do-not-call`. */
export const barredQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: lookedUp.optional(),
});

/** @throws InvalidRequest */
export function readBarBody(body: unknown): z.output<typeof barBody> {
  return parsed(barBody, body);
}

/** @throws InvalidRequest */
export function readBarredQuery(query: unknown): z.output<typeof barredQuery> {
  return parsed(barredQuery, query);
}

/** @throws InvalidRequest */
export function readPlaceBody(body: unknown): { readonly request: PlaceRequest; readonly isDryRun: boolean } {
  const { timeoutSec, dryRun, voicemail, ...rest } = parsed(placeBody, body);
  return {
    request: {
      ...rest,
      maxDurationSeconds: timeoutSec,
      voicemail:
        voicemail?.action === 'leave_message'
          ? { ...voicemail, message: voicemail.message ?? null }
          : voicemail,
    },
    isDryRun: dryRun === true,
  };
}

/** @throws InvalidRequest */
export function readAnswerBody(body: unknown): z.output<typeof answerBody> {
  return parsed(answerBody, body);
}

/** @throws InvalidRequest */
export function readControlBody(body: unknown): SteerRequest {
  const { action, value, mode } = parsed(controlBody, body);
  return steerRequestOf(action, value, mode);
}

/** @throws InvalidRequest */
export function readStopBody(body: unknown): string | null {
  return parsed(stopBody, body ?? {}).reason ?? null;
}

/** @throws InvalidRequest */
export function readListQuery(query: unknown): Parameters<CallControl['list']>[0] {
  const { state, ...rest } = parsed(listQuery, query);
  return { states: state, ...rest };
}
