import { answeredBys, callees, callStates, recordingStorages } from '../call/call.ts';
import { endSentences } from '../call/end-reason.ts';
import { entityStatuses, outcomeStatuses } from '../call/outcome.ts';
import { scopes } from '../lib/access.ts';
import {
  maybeNumber,
  maybeText,
  maybeTime,
  object,
  orNull,
  reference,
  text,
  time,
} from './openapi-shapes.ts';
import type { Json } from './openapi-shapes.ts';

/** What the routes of calls, costs and logins take and answer. */
export const callSchemas: Json = {
  Call: object(
    {
      callId: text,
      direction: { enum: ['outbound', 'inbound'] },
      to: text,
      from: text,
      errand: object(
        {
          goal: text,
          context: { type: 'object' },
          instructions: maybeText,
          voicemail: { type: 'object' },
          voice: maybeText,
          language: maybeText,
          resultSchema: { type: ['object', 'null'] },
        },
        { description: 'Has `authority`, too, where the client gave one: secrets by name only' },
      ),
      callee: { enum: callees },
      scheduledAt: maybeTime,
      warnings: { type: 'array', items: text },
      maxDurationSeconds: { type: 'integer' },
      ringTimeoutSeconds: { type: 'integer' },
      idempotencyKey: maybeText,
      maxCostUsd: maybeNumber,
      resumes: maybeText,
      state: reference('CallState'),
      carrier: maybeText,
      carrierCallId: maybeText,
      requestedAt: time,
      dialedAt: maybeTime,
      answeredAt: maybeTime,
      endedAt: maybeTime,
      endingReason: orNull(reference('EndReason')),
      endReason: orNull(reference('EndReason')),
      outcome: orNull(reference('Outcome')),
      answeredBy: { enum: [...answeredBys, null] },
      isMessageLeft: { type: 'boolean' },
      cost: reference('Cost'),
      recording: orNull(
        object({ recordingId: text, startedAt: time, storage: { enum: [...recordingStorages] } }),
      ),
      question: orNull(object({ questionId: text, question: text, expiresAt: time })),
      sequence: { type: 'integer' },
    },
    {
      description:
        'Has `letGo`, too, once its words or its whole log are no longer kept: `what` (`words`, `events`) and `at`; and `isEndUnconfirmed` (true) while the carrier could not be brought to hang up, or where it never said that the call is over',
    },
  ),
  Cost: object(
    {
      currency: { const: 'USD' },
      usd: maybeNumber,
      modelUsd: maybeNumber,
      carrierUsd: maybeNumber,
      isEstimate: { type: 'boolean', description: 'True until the carrier has told its price' },
      unknown: { ...maybeText, description: 'Why a part is not known; null when both are' },
    },
    { description: 'What a call has cost so far; null stands for what is not known' },
  ),
  StopOrder: object({ since: time, reason: maybeText }),
  CallState: { type: 'string', enum: callStates },
  EndReason: object({
    by: { enum: ['agent', 'person', 'owner', 'limit', 'carrier', 'fault'] },
    why: { enum: Object.keys(endSentences) },
    message: text,
  }),
  Outcome: object({
    status: { enum: outcomeStatuses },
    summary: text,
    entities: {
      type: 'object',
      additionalProperties: object({
        value: { type: ['string', 'number', 'boolean', 'null'] },
        status: { enum: entityStatuses },
        quote: maybeText,
        turn: { type: ['integer', 'null'] },
      }),
    },
  }),
  Verdict: object({
    allowed: { type: 'boolean' },
    reasons: {
      type: 'array',
      description: 'All that speaks against the call',
      items: object({ rule: text, message: text, howToChange: text }),
    },
    warnings: { type: 'array', items: text },
  }),
  DoNotCallEntry: object({
    number: text,
    addedAt: time,
    addedBy: { enum: ['person', 'operator'] },
    callId: maybeText,
    note: maybeText,
  }),
  PurgeReport: object({
    calls: { type: 'integer', description: 'Calls removed' },
    recordings: { type: 'integer', description: 'Recordings removed here' },
    stays: { type: 'array', items: text, description: 'What is not gone: why, and how it goes' },
  }),
  Turn: {
    description: 'A stretch of speech, or a tool that the agent used, in spoken order',
    oneOf: [
      object({
        turnId: text,
        speaker: { enum: ['person', 'agent'] },
        text,
        isInterrupted: { type: 'boolean' },
        isSettled: { type: 'boolean' },
        startedAt: time,
        settledSequence: { type: 'integer' },
      }),
      object({
        turnId: text,
        speaker: { const: 'tool' },
        name: text,
        arguments: text,
        output: maybeText,
        startedAt: time,
        settledSequence: { type: 'integer' },
      }),
    ],
  },
  Session: object({
    required: {
      type: 'boolean',
      description: 'Whether this server asks for a token; false only for this machine, without tokens',
    },
    authenticated: { type: 'boolean' },
    scopes: { type: 'array', items: { enum: scopes } },
    name: { ...maybeText, description: 'Name of the token; null while nobody is logged in' },
    takes: object({
      tokens: { type: 'boolean', description: 'The login takes tokens in MCP_AUTH_TOKEN' },
      issuer: { ...maybeText, description: 'The authorization server whose access tokens it takes' },
    }),
  }),
  Error: object({
    error: object({ code: text, message: text }, { description: '`message` says what to change' }),
  }),
};
