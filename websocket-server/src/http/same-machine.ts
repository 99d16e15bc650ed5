import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from a program on this machine: a loopback peer, a local `Host` (a page that rebinds
 * its own name to 127.0.0.1 keeps that name) and no trace of a proxy or a tunnel, whose peer is loopback too.
 */
export function isFromThisMachine(peerAddress: string | undefined, headers: IncomingHttpHeaders): boolean {
  return isLoopback(peerAddress) && isLocalHost(headers.host) && !isForwarded(headers);
}

/** True for a page served from this machine, on any port: the web app's development server is one. */
export function isLocalOrigin(origin: string): boolean {
  const url = originUrl(origin);
  return url !== undefined && isLocalName(url.hostname);
}

/** @param publicUrl our own origin as the internet sees it; null when there is none */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  const url = originUrl(origin);
  return url !== undefined && (isLocalName(url.hostname) || url.origin === publicUrl || url.host === host);
}

/** `null`, which sandboxed pages and files send, is no origin of ours. */
function originUrl(origin: string): URL | undefined {
  return /^https?:\/\//i.test(origin) && URL.canParse(origin) ? new URL(origin) : undefined;
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
