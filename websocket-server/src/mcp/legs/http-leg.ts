import { isInitializeRequest, isJsonContentType, isLegacyRequest } from '@modelcontextprotocol/server';
import type { Exchange } from './http-exchange.ts';
import { rpcError } from './http-exchange.ts';

/** One way of serving an HTTP request whose body has been read. */
export type Serve = (exchange: Exchange, body: unknown) => Promise<Response>;

export interface HttpWays {
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
  const { request } = exchange;
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
  if (!(await isLegacyRequest(request, body))) return ways.modern(exchange, body);
  if (namesSession) return ways.sessions.serve(exchange, body);
  const opensSession = isInitializeRequest(body) && acceptsEventStream(request);
  return opensSession ? ways.sessions.open(exchange, body) : ways.bare(exchange, body);
}

export function acceptsEventStream(request: Request): boolean {
  return request.headers.get('accept')?.includes('text/event-stream') ?? false;
}
