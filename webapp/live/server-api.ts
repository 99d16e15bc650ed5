import type { Call } from '../../websocket-server/src/call/call.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { isRecord } from './is-record.ts';
import { serverOrigin } from './server-address.ts';

/** The server said no, or could not be reached. `message` is a sentence for the person at the page. */
export class ServerRefused extends Error {
  /** The server's code, e.g. `call-not-found`; `unreachable` when no answer came. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerRefused';
    this.code = code;
  }
}

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
}

/** Which peers are simulated because no credentials are set for them. */
export interface DemoMode {
  readonly carrier: boolean;
  readonly voiceModel: boolean;
}

export async function readDemoMode(signal: AbortSignal): Promise<DemoMode> {
  const { demo } = await ask('/api/status', { signal });
  return {
    carrier: isRecord(demo) && demo.carrier === true,
    voiceModel: isRecord(demo) && demo.voiceModel === true,
  };
}

/** One page of calls, newest first. @param before the cursor of the page above */
export async function readCalls(
  limit: number,
  before: string | null,
  signal?: AbortSignal,
): Promise<CallPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(before === null ? {} : { before }) });
  const body = await ask(`/api/calls?${query}`, signal === undefined ? {} : { signal });
  if (!Array.isArray(body.calls)) throw unreadable();
  return {
    calls: body.calls as readonly Call[],
    nextCursor: typeof body.nextCursor === 'string' ? body.nextCursor : null,
  };
}

export async function readCall(callId: string, signal: AbortSignal): Promise<CallReading> {
  const body = await ask(`/api/calls/${encodeURIComponent(callId)}`, { signal });
  if (!isRecord(body.call) || !Array.isArray(body.transcript)) throw unreadable();
  return { call: body.call as unknown as Call, transcript: body.transcript as Transcript };
}

export async function placeCall(request: CallRequest): Promise<Call> {
  const body = await ask('/api/calls', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  if (!isRecord(body.call)) throw unreadable();
  return body.call as unknown as Call;
}

/** Hangs up, or withdraws a call that is not up yet. Idempotent. */
export async function cancelCall(callId: string): Promise<void> {
  await ask(`/api/calls/${encodeURIComponent(callId)}/cancel`, { method: 'POST' });
}

/** The sentence to show for a failure of any of the above. */
export function sentenceOf(failure: unknown): string {
  return failure instanceof ServerRefused ? failure.message : 'Something went wrong in this page. Reload it.';
}

async function ask(path: string, init: RequestInit): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(`${serverOrigin}${path}`, { cache: 'no-store', ...init });
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new ServerRefused('unreachable', 'The server does not answer.', { cause });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response.status, body);
  if (!isRecord(body)) throw unreadable();
  return body;
}

function refusal(status: number, body: unknown): ServerRefused {
  const error = isRecord(body) && isRecord(body.error) ? body.error : {};
  return new ServerRefused(
    typeof error.code === 'string' ? error.code : `http-${status}`,
    typeof error.message === 'string' ? error.message : `The server answered with an error (${status}).`,
  );
}

function unreadable(): ServerRefused {
  return new ServerRefused('unreadable', 'The server’s answer could not be read. Reload the page.');
}
