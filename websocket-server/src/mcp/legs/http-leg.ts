import { isInitializeRequest, isJsonContentType, isLegacyRequest } from '@modelcontextprotocol/server';
import { scopes } from '../../lib/access.ts';
import type { Access } from '../../lib/access.ts';
import type { ScopeCheck, ScopeRefusal } from '../scope-check.ts';
import type { Exchange } from './http-exchange.ts';
import { rpcError } from './http-exchange.ts';

/** One way of serving an HTTP request whose body has been read. */
export type Serve = (exchange: Exchange, body: unknown) => Promise<Response>;

export interface HttpWays {
  readonly check: ScopeCheck;
  /** 2026-07-28: every request stands alone and says its revision. */
  readonly modern: Serve;
  readonly sessions: {
    readonly open: Serve;
    /** Any method, for a request that names a session. */
    readonly serve: Serve;
  };
  /** A POST without ceremony: no session, no handshake needed, plain JSON back. */
  readonly bare: Serve;
}

/** Chooses the way for each request by its method, its session header and its body. */
export async function serveHttp(exchange: Exchange, ways: HttpWays): Promise<Response> {
  const { request, access } = exchange;
  const namesSession = request.headers.has('mcp-session-id');
  if (request.method !== 'POST') {
    return namesSession && (request.method === 'GET' || request.method === 'DELETE')
      ? ways.sessions.serve(exchange, undefined)
      : rpcError(405, -32000, 'Send requests by POST.', { allow: 'POST' });
  }
  // A web page can send text/plain across origins without asking first, so nothing but JSON is read.
  if (!isJsonContentType(request.headers.get('content-type'))) {
    return rpcError(415, -32000, 'Send "Content-Type: application/json".');
  }
  let body: unknown;
  try {
    body = JSON.parse(await request.text());
  } catch {
    return rpcError(400, -32700, 'Parse error: the request is not valid JSON.');
  }
  const refusal = ways.check(body, access);
  if (refusal !== undefined) return refused(refusal, access);
  if (!(await isLegacyRequest(request, body))) return ways.modern(exchange, body);
  if (namesSession) return ways.sessions.serve(exchange, body);
  const opensSession = isInitializeRequest(body) && acceptsEventStream(request);
  return opensSession ? ways.sessions.open(exchange, body) : ways.bare(exchange, body);
}

/**
 * A client whose token an authorization server made is told by status and header what to ask it for (RFC 6750,
 * section 3.1); for any other one the sentence is for the model to read.
 */
function refused({ missing, sentence, answer }: ScopeRefusal, access: Access): Response {
  if (access.metadataUrl === undefined) {
    return answer === null ? rpcError(403, -32000, sentence) : Response.json(answer);
  }
  const wanted = scopes.filter((scope) => access.scopes.includes(scope) || missing.includes(scope));
  const challenge = [
    'error="insufficient_scope"',
    `scope="${wanted.join(' ')}"`,
    `resource_metadata="${access.metadataUrl}"`,
    `error_description="The token lacks ${missing.join(' and ')}."`,
  ];
  return rpcError(403, -32000, sentence, { 'www-authenticate': `Bearer ${challenge.join(', ')}` });
}

export function acceptsEventStream(request: Request): boolean {
  return request.headers.get('accept')?.includes('text/event-stream') ?? false;
}
