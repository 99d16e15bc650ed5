import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { TelephoneError } from '../lib/errors.ts';
import { HttpRefusal } from './http-refusal.ts';

export interface ErrorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly details?: Readonly<Record<string, unknown>>;
    };
  };
}

/** Errors that whoever asked can do something about; any other one is a fault of ours. */
const statusOfCode: Readonly<Record<string, number>> = {
  'invalid-request': 400,
  'invalid-settings': 400,
  'settings-changed': 409,
  'limits-fixed': 409,
  'not-permitted': 403,
  'call-not-found': 404,
  'call-is-live': 409,
  'call-is-elsewhere': 409,
  'delivery-not-found': 404,
  'webhooks-off': 409,
  'not-embedded': 409,
  'idempotency-key-taken': 409,
  'carrier-rejected': 502,
  'carrier-unclear': 502,
  'server-stopping': 503,
  'too-many-at-once': 503,
};

/** What Fastify and Node refuse by themselves, in our words. */
const refusals: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: [
    'bad-request',
    'The request could not be read. Check its address, its headers and that its body is JSON.',
  ],
  403: ['forbidden', 'This address is not served.'],
  404: ['not-found', 'There is nothing at this address. /api/openapi.json lists what there is.'],
  405: ['method-not-allowed', 'This address does not take that method.'],
  408: ['request-timeout', 'The request took too long to arrive.'],
  413: ['body-too-large', 'The body is larger than this address takes.'],
  429: ['too-many-requests', 'Too many requests came. Try again later.'],
  415: ['unsupported-media-type', 'Send the body as "Content-Type: application/json".'],
  431: ['headers-too-large', 'The headers of the request are too large.'],
  503: ['server-stopping', 'The server is shutting down. Try again shortly.'],
};

/** The one place where anything thrown becomes an HTTP answer. A fault is told as such and nothing more. */
export function errorReply(error: unknown): ErrorReply {
  if (error instanceof HttpRefusal) {
    const { headers, ...rest } = reply(error.status, error.code, error.message);
    return { ...rest, headers: { ...headers, ...error.headers } };
  }
  if (error instanceof TelephoneError) {
    const status = statusOfCode[error.code];
    if (status !== undefined) return reply(status, error.code, error.message, error.details);
  }
  const status = statusOf(error);
  const refusal = refusals[status] ?? (status < 500 ? refusals[400] : undefined);
  if (refusal !== undefined) return reply(status, ...refusal);
  return reply(500, 'internal-error', 'Something went wrong in the server; its log says what.');
}

/** Answers a request with an error. */
export function answerError(answer: FastifyReply, error: unknown): FastifyReply {
  const { status, headers, body } = errorReply(error);
  return answer.code(status).headers(headers).send(body);
}

/** Answers a socket that has left HTTP behind, or never got that far, and closes it. */
export function refuseSocket(socket: Duplex, error: unknown): void {
  const { status, headers, body } = errorReply(error);
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}

function reply(
  status: number,
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): ErrorReply {
  return {
    status,
    headers: status === 401 ? { 'www-authenticate': 'Bearer' } : {},
    body: { error: { code, message, ...(Object.keys(details).length > 0 && { details }) } },
  };
}

/** Fastify marks its refusals with `statusCode`. Only those below 500 are about the request. */
function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
