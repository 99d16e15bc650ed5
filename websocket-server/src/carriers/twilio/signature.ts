import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Tells whether a request comes from Twilio: `X-Twilio-Signature` is the base64 HMAC-SHA1, keyed with the
 * account's auth token, of the URL that Twilio called and the form fields behind it
 * (twilio.com/docs/usage/security). The URL's origin is the configured one, never the `Host` header, which
 * the sender chooses. SignalWire signs forms in the same way, with a key of its own, in `X-SignalWire-Signature`.
 */
export interface SignatureCheck {
  /** @param request `url` is path and query exactly as received, `body` the raw text */
  webhook(request: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }): boolean;
  /** A WebSocket upgrade is signed over its `wss://` URL and nothing else. */
  upgrade(request: { readonly url: string; readonly headers: IncomingHttpHeaders }): boolean;
}

/**
 * Without a key or a public URL nothing can be checked, so nothing passes.
 *
 * @param signingKey the account's auth token, or the key that a compatible carrier signs with
 */
export function createSignatureCheck(signingKey: string, publicUrl: string | null): SignatureCheck {
  if (signingKey === '' || publicUrl === null) return { webhook: () => false, upgrade: () => false };
  const { http, webSocket } = originSpellings(publicUrl);

  function isSigned(headers: IncomingHttpHeaders, origins: readonly string[], rest: string): boolean {
    const given = headers['x-twilio-signature'] ?? headers['x-signalwire-signature'];
    if (typeof given !== 'string') return false;
    const givenBytes = Buffer.from(given);
    return origins.some((origin) => isEqual(givenBytes, signature(signingKey, origin + rest)));
  }

  return {
    webhook({ method, url, headers, body }) {
      if (method === 'GET') return isSigned(headers, http, url);
      const bodyHash = queryOf(url).get('bodySHA256');
      if (bodyHash === null) return isSigned(headers, http, url + signedFields(body));
      const actual = createHash('sha256').update(body).digest('hex');
      return isSigned(headers, http, url) && isEqual(Buffer.from(bodyHash), Buffer.from(actual));
    },
    upgrade: ({ url, headers }) => isSigned(headers, webSocket, url),
  };
}

function signature(signingKey: string, signed: string): Buffer {
  return Buffer.from(createHmac('sha1', signingKey).update(signed).digest('base64'));
}

/** What Twilio would send as `X-Twilio-Signature`. @param body of a POST, form-encoded; '' for anything else */
export function signatureOf(authToken: string, url: string, body = ''): string {
  return signature(authToken, url + signedFields(body)).toString();
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}

/** Form fields as they are signed: names in order, each with its values in order, doubles once. */
function signedFields(body: string): string {
  const valuesOf = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(body)) {
    const values = valuesOf.get(name);
    if (values === undefined) valuesOf.set(name, new Set([value]));
    else values.add(value);
  }
  let text = '';
  for (const name of [...valuesOf.keys()].sort()) {
    for (const value of [...(valuesOf.get(name) ?? [])].sort()) text += name + value;
  }
  return text;
}

/**
 * The ways in which Twilio may write our origin: with and without the port, and for an upgrade with the
 * WebSocket scheme, or the http one that some of its products sign over.
 */
function originSpellings(publicUrl: string): { http: string[]; webSocket: string[] } {
  const isSecure = publicUrl.startsWith('https:');
  const host = publicUrl.slice(publicUrl.indexOf('//') + 2);
  const withoutPort = host.replace(/:\d+$/, '');
  const hosts = withoutPort === host ? [host, `${host}:${isSecure ? 443 : 80}`] : [host, withoutPort];
  const http = hosts.map((name) => `${isSecure ? 'https' : 'http'}://${name}`);
  return { http, webSocket: [...hosts.map((name) => `${isSecure ? 'wss' : 'ws'}://${name}`), ...http] };
}
