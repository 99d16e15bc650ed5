import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callIdIn } from '../control/audit-log.ts';
import type { Actor, Audit, AuditNote } from '../control/audit-log.ts';
import type { Access } from '../lib/access.ts';
import type { ClientAddresses } from '../lib/client-addresses.ts';
import { isRecord } from '../lib/is-record.ts';
import { errorReply } from './error-reply.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Why it was refused, by the code that whoever asked is told. */
    refusal?: string;
    /** What it has changed, in words: each is noted by itself. */
    changes?: readonly string[];
  }
}

/** What requests do, by method and route. Those that only read and are not here tell nothing of any call. */
const actions: Readonly<Record<string, string>> = {
  'GET /api/calls': 'calls-listed',
  'POST /api/calls': 'call-placed',
  'GET /api/calls/:callId': 'transcript-read',
  'GET /api/calls/:callId/recording': 'recording-read',
  'POST /api/calls/:callId/cancel': 'call-canceled',
  'POST /api/calls/:callId/answer': 'question-answered',
  'POST /api/calls/:callId/control': 'call-steered',
  'GET /api/do-not-call': 'do-not-call-read',
  'POST /api/do-not-call': 'number-barred',
  'DELETE /api/do-not-call/:number': 'number-unbarred',
  'DELETE /api/calls/:callId': 'call-purged',
  'POST /api/purge': 'number-purged',
  'GET /api/export': 'calls-exported',
  'GET /api/backup': 'backed-up',
  'GET /api/webhooks/deliveries': 'deliveries-read',
  'POST /api/webhooks/deliveries/:deliveryId/replay': 'deliveries-replayed',
  'POST /api/webhooks/replay': 'deliveries-replayed',
  'POST /api/webhooks/ping': 'webhook-pinged',
  'PUT /api/settings': 'settings-changed',
  'PATCH /api/settings/limits': 'limits-changed',
  'POST /api/setup/number': 'setup-changed',
  'POST /api/setup/webhook': 'setup-changed',
  'POST /api/stop-all': 'calls-stopped',
  'POST /api/resume': 'calls-resumed',
  'GET /api/audit': 'audit-read',
  'POST /api/login': 'logged-in',
  'POST /api/logout': 'logged-out',
};

/** @param route as Fastify writes it, e.g. `/api/calls/:callId`. @returns undefined for what only reads, and tells nothing */
export function auditedAction(method: string, route: string): string | undefined {
  return actions[`${method} ${route}`];
}

/** Keeps in mind why a request is refused. */
export function noteRefusal(request: FastifyRequest, error: unknown): void {
  const { code, details } = errorReply(error).body.error;
  request.refusal = typeof details?.['rule'] === 'string' ? `${code}: ${details['rule']}` : code;
}

/** Notes who did what in a scope, once the answer has left. */
export function auditRequests(app: FastifyInstance, audit: Audit, addresses: ClientAddresses): void {
  app.addHook('onResponse', async (request, reply) => {
    const noted = noteOf(request, reply);
    if (noted === undefined) return;
    const actor = actorOf(request, addresses);
    if (request.changes === undefined) audit.note(actor, noted);
    else for (const detail of request.changes) audit.note(actor, { ...noted, detail });
  });
}

function noteOf(request: FastifyRequest, reply: FastifyReply): AuditNote | undefined {
  const { method, routeOptions, body } = request;
  const isDone = reply.statusCode < 400;
  const isRead = method === 'GET' || method === 'HEAD';
  const known = auditedAction(method, routeOptions.url ?? '');
  // A range of a recording is asked for many times over.
  const action = known ?? (isRead ? (isDone ? undefined : 'door-refused') : 'something-changed');
  if (action === undefined || (isRead && reply.statusCode === 404)) return undefined;
  if (!isDone) {
    const detail = request.refusal ?? String(reply.statusCode);
    return { action, outcome: 'refused', detail, callId: callIdOf(request, reply) };
  }
  if (action === 'call-placed' && reply.statusCode !== 201) return undefined;
  const steered = action === 'call-steered' && isRecord(body) ? body['action'] : undefined;
  const detail = typeof steered === 'string' ? steered : known === undefined ? routeName(request) : null;
  return { action, outcome: 'done', detail, callId: callIdOf(request, reply) };
}

function routeName({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? ''}`;
}

function callIdOf({ params }: FastifyRequest, reply: FastifyReply): string | null {
  const placed = /^\/api\/calls\/([^/]+)$/u.exec(String(reply.getHeader('location') ?? ''))?.[1];
  return callIdIn(isRecord(params) && params['callId'] !== undefined ? params['callId'] : placed);
}

function actorOf(request: FastifyRequest, addresses: ClientAddresses): Actor {
  const { headers, socket } = request.raw;
  // Unset where the guard has refused.
  const access = request.access as Access | undefined;
  return {
    access: access ?? null,
    door: isPage(headers, access) ? 'page' : 'api',
    address: addresses.of(socket.remoteAddress, headers['x-forwarded-for']),
  };
}

/** A page has logged in, or is known by a header that only browsers send and no script can. */
export function isPage(headers: FastifyRequest['headers'], access: Access | undefined): boolean {
  return access?.loginId !== undefined || headers['sec-fetch-site'] !== undefined;
}
