import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { toWebRequest } from '@modelcontextprotocol/node';
import type { NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import type { Access } from '../../lib/access.ts';
import type { Log } from '../../lib/log.ts';

/** Longest message a client may send, in bytes, on any leg. */
export const maxMessageBytes = 1_048_576;

/** One HTTP request, as the web-standard objects that the SDK takes. */
export interface Exchange {
  /** Its `signal` aborts when the client leaves before it has the whole answer. */
  readonly request: Request;
  readonly access: Access;
  /** Resolves once the answer has been sent in full or the client has left. */
  readonly closed: Promise<void>;
}

/** Answers a Node request with what `respond` makes of it. Never rejects. */
export async function exchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  access: Access,
  respond: (exchange: Exchange) => Promise<Response>,
  log: Log,
): Promise<void> {
  const left = new AbortController();
  const closed = new Promise<void>((resolve) => {
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) left.abort();
      resolve();
    });
  });
  try {
    const response = await responseTo(incoming, left.signal, (request) =>
      respond({ request, access, closed }),
    );
    if (left.signal.aborted) await response.body?.cancel();
    else await send(response, outgoing);
  } catch (err) {
    if (outgoing.destroyed || !incoming.complete) {
      log.debug('mcp client left before it had its answer', { err });
      outgoing.destroy();
      return;
    }
    log.error('mcp request failed', { err });
    if (outgoing.headersSent) outgoing.destroy();
    else await send(rpcError(500, -32603, 'Internal error'), outgoing);
  }
}

async function responseTo(
  incoming: IncomingMessage,
  signal: AbortSignal,
  respond: (request: Request) => Promise<Response>,
): Promise<Response> {
  let request: Request;
  try {
    // The cast is about `method?: string` against `method?: string | undefined`, nothing else.
    request = await toWebRequest(incoming as NodeIncomingMessageLike, undefined, {
      signal,
      maxRequestBodySize: maxMessageBytes,
    });
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    // The rest of the body stays unread, so the connection cannot serve another request.
    return rpcError(413, -32600, `The request is longer than ${maxMessageBytes} bytes.`, {
      connection: 'close',
    });
  }
  return respond(request);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 413;
}

/** Sends headers at once, before the first byte of a stream: clients give up on a server that stays silent. */
async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) {
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  await pipeline(Readable.fromWeb(response.body), outgoing);
}

/** A JSON-RPC error for a request whose id is not known. */
export function rpcError(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status, headers });
}
