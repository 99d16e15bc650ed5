import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from './account.ts';
import { callResource, legResource } from './call-resource.ts';
import { RestError } from './rest-error.ts';
import { checkCreateCall, checkUpdateCall, problemOf } from './schemas.ts';
import type { CreateCallParams } from './schemas.ts';
import type { SimulatedCall } from './simulated-call.ts';

/** A REST request as it was seen. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  /** Query and form; a key that came more than once has a list. */
  readonly params: Readonly<Record<string, string | readonly string[]>>;
  /** What it was answered. */
  readonly status: number;
  readonly at: Date;
}

export interface RestApiOptions {
  readonly accountSid: string;
  readonly account: Account;
  readonly authToken: string;
  readonly apiKey?: { readonly sid: string; readonly secret: string } | undefined;
  readonly ownNumbers: readonly string[];
  readonly takesAnyCaller: boolean;
  calls(): readonly SimulatedCall[];
  /** @throws RestError if the number is refused */
  placeCall(params: CreateCallParams): SimulatedCall;
  onRequest(request: RestRequest): void;
}

type Params = Record<string, string | readonly string[]>;
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const longestBody = 100_000;

/** Twilio's REST API, as far as calls need it (twilio.com/docs/voice/api/call-resource). */
export function createRestApi(
  options: RestApiOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void respond(options, request, response);
  };
}

async function respond(
  options: RestApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await handle(options, request);
  if (body instanceof Uint8Array) {
    response.writeHead(status, { 'content-type': 'audio/x-wav' }).end(body);
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

async function handle(options: RestApiOptions, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  let params: Params = {};
  const answer = await (async (): Promise<Answer> => {
    const form = method === 'POST' ? new URLSearchParams(await bodyOf(request)) : new URLSearchParams();
    params = paramsOf(method === 'POST' ? form : searchParams);
    authenticate(options, request, pathname);
    return route(options, method, pathname, params);
  })().catch((error: unknown) => {
    const refusal = error instanceof RestError ? error : new RestError(500, 20500, String(error));
    return { status: refusal.status, body: refusal.body };
  });
  options.onRequest({ method, path: pathname, params, status: answer.status, at: new Date() });
  return answer;
}

function route(options: RestApiOptions, method: string, path: string, params: Params): Answer {
  const { accountSid } = options;
  const prefix = `/2010-04-01/Accounts/${accountSid}`;
  const resource = path.startsWith(prefix) ? path.slice(prefix.length) : '';
  if (resource === '/Calls.json') {
    return method === 'POST' ? createCall(options, params) : listCalls(options, params);
  }
  const callSid = /^\/Calls\/(CA[0-9a-fA-F]{32})\.json$/u.exec(resource)?.[1];
  if (callSid !== undefined) {
    const call = options.calls().find(({ sid }) => sid === callSid);
    if (call === undefined) throw notFound(path);
    if (method === 'POST') updateCall(call, params);
    return { status: 200, body: callResource(call, accountSid) };
  }
  const recordings = recordingRoute(options, method, resource, params);
  if (recordings !== undefined) return recordings;
  const found = accountResource(options.account, resource, method, params);
  if (found !== undefined) return { status: 200, body: found };
  throw notFound(path);
}

/** @returns undefined when there is no such resource of the account */
function accountResource(account: Account, resource: string, method: string, params: Params): unknown {
  const numberSid = /^\/IncomingPhoneNumbers\/(PN[0-9a-fA-F]{32})\.json$/u.exec(resource)?.[1];
  if (numberSid !== undefined) return account.number(numberSid, method === 'POST' ? params : {});
  if (method !== 'GET') return undefined;
  if (resource === '.json') return account.resource;
  if (resource === '/IncomingPhoneNumbers.json') return account.numbers(params);
  if (resource === '/OutgoingCallerIds.json') return account.callerIds();
  return undefined;
}

/** Recordings of calls; undefined for what is none of theirs. */
function recordingRoute(
  { accountSid, calls }: RestApiOptions,
  method: string,
  resource: string,
  params: Params,
): Answer | undefined {
  const callSid = /^\/Calls\/(CA[0-9a-fA-F]{32})\/Recordings\.json$/u.exec(resource)?.[1];
  if (callSid !== undefined) {
    const call = calls().find(({ sid }) => sid === callSid);
    if (call === undefined) throw notFound(resource);
    if (method !== 'POST') {
      const kept = call.recordings.filter(({ isDeleted }) => !isDeleted).toReversed();
      return {
        status: 200,
        body: { recordings: kept.map((one) => one.resource(accountSid, callSid)), page: 0 },
      };
    }
    if (call.state !== 'in-progress') throw new RestError(400, 21220, 'Call is not in-progress.');
    const callback = params['RecordingStatusCallback'];
    const { sid } = call.record({
      callback: typeof callback === 'string' ? callback : undefined,
      callbackMethod: params['RecordingStatusCallbackMethod'] === 'GET' ? 'GET' : 'POST',
    });
    return { status: 201, body: { sid, call_sid: callSid, status: 'in-progress', channels: 2 } };
  }
  const [, sid, kind] = /^\/Recordings\/(RE[0-9a-fA-F]{32})\.(wav|json)$/u.exec(resource) ?? [];
  if (sid === undefined) return undefined;
  const recording = calls()
    .flatMap((call) => call.recordings)
    .find((other) => other.sid === sid && !other.isDeleted);
  if (recording === undefined) throw notFound(resource);
  if (method === 'DELETE') {
    recording.isDeleted = true;
    return { status: 204, body: undefined };
  }
  return kind === 'wav' ? { status: 200, body: recording.wav() } : { status: 200, body: { sid } };
}

function createCall(options: RestApiOptions, params: Params): Answer {
  if (params['To'] === undefined) throw new RestError(400, 21201, "No 'To' number is specified");
  if (params['From'] === undefined) throw new RestError(400, 21213, "No 'From' number is specified");
  if (!['Url', 'Twiml', 'ApplicationSid'].some((name) => params[name] !== undefined)) {
    throw new RestError(400, 21205, 'Url parameter is required.');
  }
  const order: unknown = { ...params };
  if (!checkCreateCall(order)) throw new RestError(400, 20001, problemOf(checkCreateCall.errors));
  if (!isNumber(order.To))
    throw new RestError(400, 21211, `The 'To' number ${order.To} is not a valid phone number.`);
  if (!isNumber(order.From))
    throw new RestError(400, 21212, `The 'From' number ${order.From} is not a valid phone number.`);
  if (!options.takesAnyCaller && !options.ownNumbers.includes(order.From)) {
    throw new RestError(
      400,
      21210,
      `The 'From' phone number ${order.From} is not verified for your account.`,
    );
  }
  for (const name of ['Url', 'FallbackUrl', 'StatusCallback', 'AsyncAmdStatusCallback'] as const) {
    const url = order[name];
    if (url !== undefined && !isWebUrl(url))
      throw new RestError(400, 21205, `${name} is not a valid URL: ${url}`);
  }
  return { status: 201, body: callResource(options.placeCall(order), options.accountSid) };
}

function updateCall(call: SimulatedCall, params: Params): void {
  const update: unknown = { ...params };
  if (!checkUpdateCall(update)) throw new RestError(400, 20001, problemOf(checkUpdateCall.errors));
  const notInProgress = new RestError(400, 21220, 'Call is not in-progress. Cannot redirect.');
  if (call.isOver) throw notInProgress;
  const isAnswered = call.state === 'in-progress';
  if (update.Status === 'canceled') {
    if (isAnswered) throw notInProgress;
    return call.end('canceled', 'api', 487);
  }
  if (update.Status === 'completed') {
    if (!call.hangUp()) throw new RestError(500, 20500, 'Internal Server Error');
    return;
  }
  if (update.TimeLimit !== undefined) call.limitTo(update.TimeLimit);
  if (update.Url === undefined && update.Twiml === undefined) return;
  if (!isAnswered) throw notInProgress;
  if (update.Twiml !== undefined) return call.replaceDocument({ twiml: update.Twiml });
  if (!isWebUrl(update.Url ?? '')) throw new RestError(400, 21205, `Url is not a valid URL: ${update.Url}`);
  call.replaceDocument({ url: update.Url ?? '', method: update.Method ?? 'POST' });
}

function listCalls({ accountSid, calls }: RestApiOptions, params: Params): Answer {
  const wanted = (name: string) => (typeof params[name] === 'string' ? params[name] : undefined);
  const from = wanted('StartTime>');
  const until = wanted('StartTime<');
  const status = wanted('Status');
  const pageSize = Math.min(Math.max(Number(wanted('PageSize') ?? 50) || 50, 1), 1000);
  const page = Math.max(Number(wanted('Page') ?? 0) || 0, 0);
  const parentSid = wanted('ParentCallSid');
  const parent = calls().find(({ sid }) => sid === parentSid);
  if (parentSid !== undefined) {
    const legs = (parent?.legs ?? []).map((leg) => parent && legResource(parent, leg, accountSid));
    return { status: 200, body: { calls: legs, page: 0, page_size: pageSize } };
  }
  const found = calls()
    .filter((call) => (wanted('To') ?? call.to) === call.to && (wanted('From') ?? call.from) === call.from)
    .filter((call) => status === undefined || callResource(call, accountSid)['status'] === status)
    .filter((call) => from === undefined || call.createdAt.getTime() >= Date.parse(from))
    .filter((call) => until === undefined || call.createdAt.getTime() <= Date.parse(until))
    .toReversed();
  const uri = `/2010-04-01/Accounts/${accountSid}/Calls.json?PageSize=${pageSize}`;
  const shown = found.slice(page * pageSize, (page + 1) * pageSize);
  return {
    status: 200,
    body: {
      calls: shown.map((call) => callResource(call, accountSid)),
      page,
      page_size: pageSize,
      start: page * pageSize,
      end: page * pageSize + Math.max(shown.length - 1, 0),
      uri: `${uri}&Page=${page}`,
      first_page_uri: `${uri}&Page=0`,
      previous_page_uri: page === 0 ? null : `${uri}&Page=${page - 1}`,
      next_page_uri: found.length > (page + 1) * pageSize ? `${uri}&Page=${page + 1}` : null,
    },
  };
}

function authenticate(options: RestApiOptions, request: IncomingMessage, path: string): void {
  if (!hasCredentials(options, request) || !path.startsWith(`/2010-04-01/Accounts/${options.accountSid}`)) {
    throw new RestError(401, 20003, 'Authenticate');
  }
}

/** Whether a request carries the account's credentials, as Basic authentication. */
export function hasCredentials(
  options: Pick<RestApiOptions, 'accountSid' | 'authToken' | 'apiKey'>,
  request: IncomingMessage,
): boolean {
  const { accountSid, authToken, apiKey } = options;
  const given = Buffer.from(/^Basic (.+)$/iu.exec(request.headers.authorization ?? '')?.[1] ?? '', 'base64');
  const accepted = [`${accountSid}:${authToken}`, ...(apiKey ? [`${apiKey.sid}:${apiKey.secret}`] : [])];
  return accepted
    .map((pair) => Buffer.from(pair))
    .some((pair) => pair.length === given.length && timingSafeEqual(pair, given));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const isForm = /^application\/x-www-form-urlencoded\b/u.test(request.headers['content-type'] ?? '');
  if (!isForm) throw new RestError(415, 20415, 'A form was expected');
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > longestBody) throw new RestError(413, 20413, 'The request is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function paramsOf(search: URLSearchParams): Params {
  const names = [...new Set(search.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = search.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

function isNumber(number: string): boolean {
  return /^\+[1-9]\d{1,14}$/u.test(number) || /^(?:sip|client):\S+$/u.test(number);
}

function isWebUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol);
}

function notFound(path: string): RestError {
  return new RestError(404, 20404, `The requested resource ${path} was not found`);
}
