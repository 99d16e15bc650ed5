import type { Authority } from '../../websocket-server/src/call/authority.ts';
import type { Call } from '../../websocket-server/src/call/call.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { askServer, unreadable } from './ask-server.ts';
import { isRecord } from './is-record.ts';

export interface CallReading {
  readonly call: Call;
  readonly transcript: Transcript;
}

export interface CallPage {
  readonly calls: readonly Call[];
  /** Give it as `before` to go on; null at the end. */
  readonly nextCursor: string | null;
}

/** What the form asks the server for. */
export interface CallRequest {
  readonly to: string;
  readonly goal: string;
  readonly from?: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly instructions?: string;
  readonly timeoutSec?: number;
  /** In US dollars. */
  readonly maxCostUsd?: number;
  readonly voicemail?: { readonly action: 'leave_message'; readonly message?: string };
  readonly resultSchema?: Readonly<Record<string, unknown>>;
  readonly language?: string;
  readonly callee?: 'person' | 'self';
  readonly record?: true;
  /** ISO 8601 with its zone; at once where it is left out. */
  readonly scheduleAt?: string;
  /** What the agent may do, as the server's REST document describes it; the keys of secrets go no further than this. */
  readonly authority?: Partial<Omit<Authority, 'secrets'>> & {
    readonly secrets?: readonly { readonly name: string; readonly digits: string }[];
  };
}

/** What policy says of a call. */
export interface Verdict {
  readonly isAllowed: boolean;
  /** What speaks against it, and who can change that. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/** Which peers are simulated because no credentials are set for them. */
export interface DemoMode {
  readonly carrier: boolean;
  readonly voiceModel: boolean;
}

/** What this server is connected to, as far as pages depend on it. */
export interface ServerStatus {
  readonly demo: DemoMode;
  /** Whether a live call can be handed over to its owner. */
  readonly canTransfer: boolean;
  /** Whether a call may be recorded. */
  readonly canRecord: boolean;
}

export async function readServerStatus(signal: AbortSignal): Promise<ServerStatus> {
  const { demo, canTransfer, canRecord } = await askServer('/api/status', { signal });
  return {
    demo: {
      carrier: isRecord(demo) && demo.carrier === true,
      voiceModel: isRecord(demo) && demo.voiceModel === true,
    },
    canTransfer: canTransfer === true,
    canRecord: canRecord === true,
  };
}

/** One page of calls, newest first. @param before the cursor of the page above @param filter further parameters of the list */
export async function readCalls(
  limit: number,
  before: string | null,
  signal?: AbortSignal,
  filter: Readonly<Record<string, string>> = {},
): Promise<CallPage> {
  const query = new URLSearchParams({
    limit: String(limit),
    ...filter,
    ...(before === null ? {} : { before }),
  });
  const body = await askServer(`/api/calls?${query}`, signal === undefined ? {} : { signal });
  if (!Array.isArray(body.calls)) throw unreadable();
  return {
    calls: body.calls as readonly Call[],
    nextCursor: typeof body.nextCursor === 'string' ? body.nextCursor : null,
  };
}

export async function readCall(callId: string, signal: AbortSignal): Promise<CallReading> {
  const body = await askServer(`/api/calls/${encodeURIComponent(callId)}`, { signal });
  if (!isRecord(body.call) || !Array.isArray(body.transcript)) throw unreadable();
  return { call: body.call as unknown as Call, transcript: body.transcript as Transcript };
}

export async function placeCall(request: CallRequest): Promise<Call> {
  const body = await askServer('/api/calls', { method: 'POST', body: request });
  if (!isRecord(body.call)) throw unreadable();
  return body.call as unknown as Call;
}

/** Asks what would become of a request; nothing is dialed. @throws ServerRefused for what is no request at all */
export async function judgeCall(request: CallRequest, signal: AbortSignal): Promise<Verdict> {
  const body = await askServer('/api/calls', { method: 'POST', body: { ...request, dryRun: true }, signal });
  return {
    isAllowed: body.allowed === true,
    reasons: sentencesIn(body.reasons),
    warnings: sentencesIn(body.warnings),
  };
}

function sentencesIn(told: unknown): readonly string[] {
  return (Array.isArray(told) ? told : []).flatMap((one: unknown) => {
    if (typeof one === 'string') return [one];
    if (!isRecord(one) || typeof one.message !== 'string') return [];
    return [typeof one.howToChange === 'string' ? `${one.message} ${one.howToChange}` : one.message];
  });
}

/** @returns false when that question is no longer open */
export async function answerQuestion(callId: string, questionId: string, answer: string): Promise<boolean> {
  const { accepted } = await askServer(`/api/calls/${encodeURIComponent(callId)}/answer`, {
    method: 'POST',
    body: { questionId, answer },
  });
  return accepted === true;
}

/** How the owner can take a hand in a live call. */
export type Steering = 'say' | 'guide' | 'press' | 'hold' | 'resume' | 'transfer' | 'hang_up';

/** @param value words to say, a hint, or keys; nothing where none is needed */
export async function steerCall(callId: string, action: Steering, value = ''): Promise<void> {
  await askServer(`/api/calls/${encodeURIComponent(callId)}/control`, {
    method: 'POST',
    body: { action, value },
  });
}

/** Hangs up, or withdraws a call that is not up yet. Idempotent. */
export async function cancelCall(callId: string): Promise<void> {
  await askServer(`/api/calls/${encodeURIComponent(callId)}/cancel`, { method: 'POST' });
}
