import type { MediaStream } from './media-stream.ts';
import type { CreateCallParams } from './schemas.ts';
import type { SimulatedCall } from './simulated-call.ts';
import type { StreamVerb } from './twiml.ts';

export type CallState =
  | 'queued'
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled';

export const finalStates: ReadonlySet<CallState> = new Set([
  'completed',
  'busy',
  'failed',
  'no-answer',
  'canceled',
]);

/** Where a TwiML document comes from. */
export type DocumentSource =
  | { readonly twiml: string; readonly fallback?: DocumentSource }
  | {
      readonly url: string;
      readonly method: 'GET' | 'POST';
      readonly form?: Readonly<Record<string, string>>;
      readonly fallback?: DocumentSource;
    };

/** What was asked for when a call was made. */
export interface CallOrder {
  readonly to: string;
  readonly from: string;
  readonly direction: 'outbound-api' | 'inbound';
  readonly document: DocumentSource;
  readonly statusCallback?: string | undefined;
  readonly statusCallbackMethod: 'GET' | 'POST';
  readonly statusCallbackEvents?: readonly string[] | undefined;
  readonly ringTimeoutSeconds?: number | undefined;
  readonly timeLimitSeconds?: number | undefined;
  readonly sendDigits?: string | undefined;
  readonly machineDetection?:
    | {
        readonly waitsForBeep: boolean;
        readonly isAsynchronous: boolean;
        readonly callback: string | undefined;
        readonly callbackMethod: 'GET' | 'POST';
      }
    | undefined;
}

/** The order behind the parameters of `POST Calls.json`. `Url` goes before `Twiml`. */
export function orderOf(params: CreateCallParams): CallOrder {
  const fallback: DocumentSource | undefined =
    params.FallbackUrl === undefined
      ? undefined
      : { url: params.FallbackUrl, method: params.FallbackMethod ?? 'POST' };
  const behind = fallback ? { fallback } : {};
  return {
    to: params.To,
    from: params.From,
    direction: 'outbound-api',
    document:
      params.Url === undefined
        ? { twiml: params.Twiml ?? '', ...behind }
        : { url: params.Url, method: params.Method ?? 'POST', ...behind },
    statusCallback: params.StatusCallback,
    statusCallbackMethod: params.StatusCallbackMethod ?? 'POST',
    statusCallbackEvents: params.StatusCallbackEvent,
    ringTimeoutSeconds: params.Timeout,
    timeLimitSeconds: params.TimeLimit,
    sendDigits: params.SendDigits,
    // Digits sent at the answer switch machine detection off.
    machineDetection:
      params.MachineDetection === undefined || params.SendDigits !== undefined
        ? undefined
        : {
            waitsForBeep: params.MachineDetection === 'DetectMessageEnd',
            isAsynchronous: params.AsyncAmd === 'true',
            callback: params.AsyncAmdStatusCallback,
            callbackMethod: params.AsyncAmdStatusCallbackMethod ?? 'POST',
          },
  };
}

/** The fields that every request about a call carries (twilio.com/docs/voice/twiml#request-parameters). */
export function statusForm(call: SimulatedCall, accountSid: string): Record<string, string> {
  const seconds = call.durationSeconds;
  return {
    CallSid: call.sid,
    AccountSid: accountSid,
    From: call.from,
    To: call.to,
    Caller: call.from,
    Called: call.to,
    CallStatus: call.state,
    Direction: call.order.direction,
    ApiVersion: '2010-04-01',
    ...(call.answeredBy === undefined ? {} : { AnsweredBy: call.answeredBy }),
    ...(call.isOver
      ? {
          CallDuration: String(seconds),
          Duration: String(Math.ceil(seconds / 60)),
          SipResponseCode: String(call.sipResponseCode),
        }
      : {}),
  };
}

export function streamStatusForm(about: {
  readonly accountSid: string;
  readonly callSid: string;
  readonly stream: MediaStream;
  readonly verb: StreamVerb;
  readonly event: string;
  readonly error: string | undefined;
}): Record<string, string> {
  return {
    AccountSid: about.accountSid,
    CallSid: about.callSid,
    StreamSid: about.stream.sid,
    StreamName: about.verb.name ?? about.stream.sid,
    StreamEvent: about.event,
    Timestamp: new Date().toISOString(),
    ...(about.error === undefined ? {} : { StreamError: about.error }),
  };
}
