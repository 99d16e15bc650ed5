import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { HttpRefusal } from './http-refusal.ts';

export interface GuardRules {
  /** Bearer tokens that are let in; none: only this machine is. */
  readonly authTokens: readonly string[];
  /** Our own origin as the internet sees it; null when there is none. */
  readonly publicUrl: string | null;
}

export interface GuardedRequest {
  /** Address of the socket's other end, never one that a header claims. */
  readonly peerAddress: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Who may use what clients use: calls, their words, the dial tone.
 *
 * With tokens configured, a request needs one. Without, it must come from this machine: a loopback peer, a
 * local `Host` (a page that rebinds its own name to 127.0.0.1 keeps that name) and no trace of a proxy or a
 * tunnel, whose peer is loopback too. A page must be ours or a local one either way.
 *
 * @returns why the request is refused; undefined when it may pass
 */
export function refusalOf(request: GuardedRequest, rules: GuardRules): HttpRefusal | undefined {
  const { headers, peerAddress } = request;
  if (headers.origin !== undefined && !isOwnOrigin(headers.origin, headers.host, rules.publicUrl)) {
    return new HttpRefusal(
      403,
      'foreign-origin',
      'Pages of other sites may not use this server. Open it at its own address, or at a local one.',
    );
  }
  if (rules.authTokens.length > 0) {
    if (holdsToken(headers.authorization, rules.authTokens)) return undefined;
    return unauthorized('Send "Authorization: Bearer …" with one of the tokens in MCP_AUTH_TOKEN.');
  }
  if (isLoopback(peerAddress) && isLocalHost(headers.host) && !isForwarded(headers)) return undefined;
  return unauthorized(
    'No token is configured, so only programs on the same machine get in, directly and under a local name. Set MCP_AUTH_TOKEN on the server and send it as "Authorization: Bearer …".',
  );
}

/** What the guard looks at, of a request as Node gives it. */
export function guardedRequest(request: IncomingMessage): GuardedRequest {
  return { peerAddress: request.socket.remoteAddress, headers: request.headers };
}

/** True for a page served from this machine, on any port: the web app's development server is one. */
export function isLocalOrigin(origin: string): boolean {
  const url = originUrl(origin);
  return url !== undefined && isLocalName(url.hostname);
}

function unauthorized(message: string): HttpRefusal {
  return new HttpRefusal(401, 'unauthorized', message);
}

function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  const url = originUrl(origin);
  return url !== undefined && (isLocalName(url.hostname) || url.origin === publicUrl || url.host === host);
}

/** `null`, which sandboxed pages and files send, is no origin of ours. */
function originUrl(origin: string): URL | undefined {
  return /^https?:\/\//i.test(origin) && URL.canParse(origin) ? new URL(origin) : undefined;
}

/** Compares digests, all of them: the time taken says nothing of the tokens, not even their length. */
function holdsToken(authorization: string | undefined, tokens: readonly string[]): boolean {
  const offered = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (offered === undefined) return false;
  const digest = sha256(offered);
  return tokens.filter((token) => timingSafeEqual(sha256(token), digest)).length > 0;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address ?? '');
}

function isLocalHost(host: string | undefined): boolean {
  const name = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host ?? '')?.[1];
  return name !== undefined && isLocalName(name.toLowerCase());
}

function isLocalName(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}

const proxyHeaders = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-original-host',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-ray',
  'fly-client-ip',
]);

function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some(
    (name) => proxyHeaders.has(name) || name.startsWith('x-forwarded-') || name.startsWith('ngrok-'),
  );
}
