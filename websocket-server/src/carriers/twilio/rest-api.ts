import { isRecord } from '../../lib/is-record.ts';
import { ownConnection } from '../../lib/own-connection.ts';
import type { Runtime } from '../../lib/runtime.ts';
import { CarrierRejected, CarrierUnclear } from '../carrier-errors.ts';
import { adviceForCode } from './advice.ts';

/** How long an answer is waited for. Twilio answers within a second; its own library waits 30 s. */
const answerTimeoutMs = 15_000;

/** Names and values of a form; a name may repeat. */
export type FormFields = readonly [name: string, value: string][];

/** The part of the Call resource that we read. */
export interface TwilioCall {
  readonly sid: string;
  readonly status: string;
  readonly to: string;
  readonly from: string;
  /** The call that had this one dialed by `<Dial>`; null for any other. */
  readonly parentSid: string | null;
  /** ms since 1970; undefined when Twilio gave none. */
  readonly createdAt: number | undefined;
  /** ms since 1970, to the second; undefined while it goes on. */
  readonly endedAt: number | undefined;
  /** As Twilio writes it: a charge is below zero, e.g. `-0.01400`; null until it is settled, minutes after the end. */
  readonly price: string | null;
  /** ISO 4217. */
  readonly priceUnit: string;
}

/** The part of the Recording resource that we read. */
export interface TwilioRecording {
  readonly sid: string;
  /** ms since 1970, to the second; undefined when Twilio gave none. */
  readonly startedAt: number | undefined;
}

export interface RestAccess {
  readonly baseUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKey: { readonly sid: string; readonly secret: string } | null;
}

/**
 * The calls resource of Twilio's REST API, 2010-04-01. Nothing is sent twice, and each request has a connection of
 * its own.
 *
 * All throw CarrierRejected when Twilio said no or was never asked, and CarrierUnclear when the request may
 * have been carried out: a broken connection, no answer in time, a 5xx, or an answer that makes no sense.
 */
export interface TwilioRestApi {
  /** Address of the account, to which `/Calls` and the like are added. */
  readonly accountUrl: string;
  /** Asks for any other resource. @returns the answer's JSON; undefined when it has none */
  ask(url: string, form?: FormFields): Promise<unknown>;
  createCall(fields: FormFields): Promise<TwilioCall>;
  updateCall(sid: string, fields: FormFields): Promise<void>;
  /** @returns undefined when Twilio knows no such call */
  fetchCall(sid: string): Promise<TwilioCall | undefined>;
  /** @returns the recording's id */
  createRecording(callSid: string, fields: FormFields): Promise<string>;
  /** The recordings of a call, at most one page. */
  listRecordings(callSid: string): Promise<readonly TwilioRecording[]>;
  /** @returns the recording as WAV with a channel per party */
  fetchRecording(recordingSid: string): Promise<Uint8Array>;
  deleteRecording(recordingSid: string): Promise<void>;
  /** The latest calls between two numbers, newest first, at most one page. */
  listCalls(query: { readonly to: string; readonly from: string }): Promise<readonly TwilioCall[]>;
  /** The calls that a call had dialed by `<Dial>`, at most one page. */
  listLegs(parentSid: string): Promise<readonly TwilioCall[]>;
}

export function createRestApi(access: RestAccess, runtime: Pick<Runtime, 'fetch' | 'clock'>): TwilioRestApi {
  const account = `${access.baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(access.accountSid)}`;
  const callUrl = (sid: string) => `${account}/Calls/${encodeURIComponent(sid)}.json`;
  const [user, password] = access.apiKey
    ? [access.apiKey.sid, access.apiKey.secret]
    : [access.accountSid, access.authToken];
  const headers = {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    accept: 'application/json',
    ...ownConnection,
  };

  /** @returns the answer's JSON; undefined when it has none */
  async function ask(url: string, form?: FormFields, method?: 'DELETE'): Promise<unknown> {
    return parsedJson((await askBytes(url, form, method)).toString('utf8'));
  }

  async function askBytes(
    url: string,
    form?: FormFields,
    method: 'GET' | 'POST' | 'DELETE' = form === undefined ? 'GET' : 'POST',
  ): Promise<Buffer> {
    const abort = new AbortController();
    const forgetTimeout = runtime.clock.after(answerTimeoutMs, () => {
      abort.abort(new Error(`no answer within ${answerTimeoutMs} ms`));
    });
    try {
      const response = await runtime.fetch(url, {
        method,
        headers,
        body: form === undefined ? null : new URLSearchParams([...form]),
        redirect: 'manual',
        signal: abort.signal,
      });
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      throw refusal(response.status, await response.text().catch(() => ''));
    } catch (error) {
      if (error instanceof CarrierRejected || error instanceof CarrierUnclear) throw error;
      if (!wasNeverSent(error)) throw new CarrierUnclear('twilio', { cause: error });
      const message =
        'Twilio could not be reached, so nothing was dialed. Check the network and TWILIO_API_BASE_URL, then try again.';
      throw new CarrierRejected('twilio', message, { retryable: true }, { cause: error });
    } finally {
      forgetTimeout();
    }
  }

  async function callsWith(filters: Readonly<Record<string, string>>): Promise<readonly TwilioCall[]> {
    const query = new URLSearchParams({ ...filters, PageSize: '50' });
    const page = await ask(`${account}/Calls.json?${query.toString()}`);
    const calls = isRecord(page) ? page['calls'] : undefined;
    if (!Array.isArray(calls)) throw new CarrierUnclear('twilio');
    return calls.map(callOrUnclear);
  }

  return {
    accountUrl: account,
    ask,
    async createCall(fields) {
      return callOrUnclear(await ask(`${account}/Calls.json`, fields));
    },
    async updateCall(sid, fields) {
      await ask(callUrl(sid), fields);
    },
    async fetchCall(sid) {
      try {
        return callOrUnclear(await ask(callUrl(sid)));
      } catch (error) {
        if (isCallGone(error)) return undefined;
        throw error;
      }
    },
    async createRecording(callSid, fields) {
      const json = await ask(`${account}/Calls/${encodeURIComponent(callSid)}/Recordings.json`, fields);
      const sid = isRecord(json) ? json['sid'] : undefined;
      if (typeof sid !== 'string' || sid === '') throw new CarrierUnclear('twilio');
      return sid;
    },
    async listRecordings(callSid) {
      try {
        const page = await ask(`${account}/Calls/${encodeURIComponent(callSid)}/Recordings.json?PageSize=50`);
        const recordings = isRecord(page) ? page['recordings'] : undefined;
        if (!Array.isArray(recordings)) throw new CarrierUnclear('twilio');
        return recordings.map(recordingOrUnclear);
      } catch (error) {
        if (isCallGone(error)) return [];
        throw error;
      }
    },
    fetchRecording: (sid) =>
      askBytes(`${account}/Recordings/${encodeURIComponent(sid)}.wav?RequestedChannels=2`),
    async deleteRecording(sid) {
      try {
        await ask(`${account}/Recordings/${encodeURIComponent(sid)}.json`, undefined, 'DELETE');
      } catch (error) {
        if (!isCallGone(error)) throw error;
      }
    },
    listCalls: ({ to, from }) => callsWith({ To: to, From: from }),
    async listLegs(parentSid) {
      try {
        const calls = await callsWith({ ParentCallSid: parentSid });
        return calls.filter((call) => call.parentSid === parentSid);
      } catch (error) {
        if (isCallGone(error)) return [];
        throw error;
      }
    },
  };
}

/** True for a refusal that says that the call is over or unknown. */
export function isCallGone(error: unknown): boolean {
  if (!(error instanceof CarrierRejected)) return false;
  const code = error.details['carrierCode'];
  return code === 20404 || code === 21220;
}

/** Codes for answers that carry none of their own, as some proxies give them. */
const codeOfHttpStatus: Readonly<Record<number, number>> = { 401: 20003, 404: 20404, 429: 20429 };
/** Answers of an intermediary or a peer that gave up: the request may have been carried out. */
const isUnclearStatus = (status: number) => status >= 500 || status === 408;

function refusal(status: number, text: string): CarrierRejected | CarrierUnclear {
  const cause = new Error(`HTTP status ${status}`);
  if (isUnclearStatus(status)) return new CarrierUnclear('twilio', { cause });
  const body = parsedJson(text);
  const said = isRecord(body) ? body : {};
  const code = typeof said['code'] === 'number' ? said['code'] : codeOfHttpStatus[status];
  const words = typeof said['message'] === 'string' ? said['message'] : `HTTP status ${status}.`;
  const { sentence, retryable } = adviceForCode(code, words);
  const details = code === undefined ? { retryable } : { carrierCode: code, retryable };
  return new CarrierRejected('twilio', sentence, details, { cause });
}

const neverSentCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Whether `fetch` failed before a byte of the request left: no name, no connection, no trusted certificate.
 * Node hands the reason on as `cause`, an AggregateError when a name has several addresses.
 */
function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return false;
  if (cause instanceof AggregateError) {
    return cause.errors.length > 0 && cause.errors.every(isConnectError);
  }
  return isConnectError(cause);
}

function isConnectError(error: unknown): boolean {
  if (!isRecord(error)) return false;
  const { syscall, code } = error;
  return (
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    (typeof code === 'string' && neverSentCodes.has(code))
  );
}

function callOrUnclear(json: unknown): TwilioCall {
  if (!isRecord(json)) throw new CarrierUnclear('twilio');
  const { sid, status, to, from, parent_call_sid: parent, price, price_unit: priceUnit } = json;
  if (typeof sid !== 'string' || sid === '') throw new CarrierUnclear('twilio');
  return {
    sid,
    status: typeof status === 'string' ? status : '',
    to: typeof to === 'string' ? to : '',
    from: typeof from === 'string' ? from : '',
    parentSid: typeof parent === 'string' && parent !== '' ? parent : null,
    createdAt: timeOf(json['date_created']),
    endedAt: timeOf(json['end_time']),
    price: typeof price === 'string' && price.trim() !== '' ? price : null,
    priceUnit: typeof priceUnit === 'string' ? priceUnit.toUpperCase() : 'USD',
  };
}

function recordingOrUnclear(json: unknown): TwilioRecording {
  const sid = isRecord(json) ? json['sid'] : undefined;
  if (!isRecord(json) || typeof sid !== 'string' || sid === '') throw new CarrierUnclear('twilio');
  return { sid, startedAt: timeOf(json['start_time']) };
}

/** @param date RFC 2822, to the second */
function timeOf(date: unknown): number | undefined {
  const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
