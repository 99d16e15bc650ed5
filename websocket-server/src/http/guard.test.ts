import { expect, test } from 'vitest';
import { readAuthTokens } from '../lib/auth-tokens.ts';
import { ClientAddresses } from '../lib/client-addresses.ts';
import { Guard } from './guard.ts';
import type { GuardedRequest } from './guard.ts';
import { LoginCookies } from './login-cookie.ts';
import { isLocalOrigin } from './same-machine.ts';

const now = Date.UTC(2027, 0, 15);
const open = guardWith();
const closed = guardWith(
  'first',
  'second',
  'old;expires=2027-01-14;name=last-year',
  'new;expires=2027-01-15',
);

function guardWith(...entries: string[]): Guard {
  const authTokens = readAuthTokens(entries).tokens;
  const logins = new LoginCookies(authTokens, () => now);
  return new Guard({
    authTokens,
    logins,
    accessTokens: null,
    addresses: new ClientAddresses([]),
    publicUrl: () => 'https://phone.example',
    now: () => now,
  });
}

/** @returns why a request is refused; undefined when it passes */
async function refusalOf(request: GuardedRequest, guard: Guard): Promise<unknown> {
  return guard.admit(request, { login: false }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

function from(peerAddress: string | undefined, headers: GuardedRequest['headers'] = {}): GuardedRequest {
  return { peerAddress, headers: { host: 'localhost:8081', ...headers } };
}

test.each<[string, GuardedRequest]>([
  ['IPv4 loopback', from('127.0.0.1')],
  ['any address of the loopback block', from('127.8.9.10')],
  ['IPv6 loopback', from('::1')],
  ['IPv4 loopback seen from an IPv6 socket', from('::ffff:127.0.0.1')],
  ['a host without a port', from('::1', { host: 'localhost' })],
  ['a numeric host', from('127.0.0.1', { host: '127.0.0.1:8081' })],
  ['a numeric IPv6 host', from('::1', { host: '[::1]:8081' })],
  ['a host in capitals', from('::1', { host: 'LOCALHOST:8081' })],
  ['a page of a local development server', from('127.0.0.1', { origin: 'http://localhost:3000' })],
])('without tokens, %s gets in', async (_name, request) => {
  expect(await refusalOf(request, open)).toBeUndefined();
});

test.each<[string, GuardedRequest]>([
  ['another machine', from('192.168.1.5')],
  ['a socket without an address', from(undefined)],
  ['an address that only begins like loopback', from('127.0.0.1.evil')],
  ['a name that was rebound to loopback', from('127.0.0.1', { host: 'evil.example:8081' })],
  ['a name that begins with localhost', from('127.0.0.1', { host: 'localhost.evil.example' })],
  ['a host with a user part', from('127.0.0.1', { host: 'localhost:8081@evil.example' })],
  ['an empty host', from('127.0.0.1', { host: '' })],
  ['no host', { peerAddress: '127.0.0.1', headers: {} }],
  ['a token, since none is configured', from('10.0.0.1', { authorization: 'Bearer first' })],
  ['a tunnel', from('127.0.0.1', { 'x-forwarded-for': '203.0.113.9' })],
  ['a proxy that says so', from('127.0.0.1', { forwarded: 'for=203.0.113.9' })],
  ['a proxy that only says which protocol', from('127.0.0.1', { 'x-forwarded-proto': 'https' })],
  ['Cloudflare', from('127.0.0.1', { 'cf-connecting-ip': '203.0.113.9' })],
  ['nginx', from('127.0.0.1', { 'x-real-ip': '203.0.113.9' })],
  ['ngrok', from('127.0.0.1', { 'ngrok-skip-browser-warning': '1' })],
])('without tokens, %s is unauthorized', async (_name, request) => {
  expect(await refusalOf(request, open)).toMatchObject({ status: 401, code: 'unauthorized' });
});

test.each<[string, GuardedRequest]>([
  ['the first token', from('203.0.113.9', { authorization: 'Bearer first' })],
  ['another token', from('203.0.113.9', { authorization: 'Bearer second' })],
  ['a token on its last day', from('203.0.113.9', { authorization: 'Bearer new' })],
  ['a scheme in small letters', from('203.0.113.9', { authorization: 'bearer second' })],
  [
    'a token through a tunnel',
    from('127.0.0.1', { authorization: 'Bearer first', 'x-forwarded-for': '1.2.3.4' }),
  ],
  [
    'a page of the public address',
    from('127.0.0.1', { authorization: 'Bearer first', origin: 'https://phone.example' }),
  ],
  [
    'a page of the host that it calls',
    from('10.0.0.2', { authorization: 'Bearer first', host: 'pbx.lan:8081', origin: 'http://pbx.lan:8081' }),
  ],
])('with tokens, %s gets in', async (_name, request) => {
  expect(await refusalOf(request, closed)).toBeUndefined();
});

test.each<[string, GuardedRequest]>([
  ['this machine without a token', from('127.0.0.1')],
  ['a wrong token', from('127.0.0.1', { authorization: 'Bearer third' })],
  ['a token that has expired', from('127.0.0.1', { authorization: 'Bearer old' })],
  ['a token with its restrictions', from('127.0.0.1', { authorization: 'Bearer new;expires=2027-01-15' })],
  ['the beginning of a token', from('127.0.0.1', { authorization: 'Bearer firs' })],
  ['two tokens at once', from('127.0.0.1', { authorization: 'Bearer first second' })],
  ['the configured list itself', from('127.0.0.1', { authorization: 'Bearer first,second' })],
  ['an empty token', from('127.0.0.1', { authorization: 'Bearer ' })],
  ['another scheme', from('127.0.0.1', { authorization: 'Basic first' })],
])('with tokens, %s is unauthorized', async (_name, request) => {
  expect(await refusalOf(request, closed)).toMatchObject({ status: 401, code: 'unauthorized' });
});

test.each([
  'https://evil.example',
  'http://localhost.evil.example',
  'https://phone.example.evil.example',
  'http://phone.example',
  'https://phone.example:8443',
  'chrome-extension://abc',
  'file://',
  'null',
  '',
])('a page of %j is refused, with or without a token', async (origin) => {
  expect(await refusalOf(from('127.0.0.1', { origin }), open)).toMatchObject({ status: 403 });
  const request = from('127.0.0.1', { origin, authorization: 'Bearer first' });
  expect(await refusalOf(request, closed)).toMatchObject({ status: 403, code: 'foreign-origin' });
});

test('a page of a rebound name is refused although it calls its own host', async () => {
  const request = from('127.0.0.1', { host: 'evil.example', origin: 'http://evil.example' });
  expect(await refusalOf(request, open)).toMatchObject({ status: 401 });
});

test('who holds an expired token is told so, and nobody else', async () => {
  const refusal = await refusalOf(from('127.0.0.1', { authorization: 'Bearer old' }), closed);
  expect(String(refusal)).toContain('"last-year" has expired');
});

test.each([
  ['http://localhost:3000', true],
  ['http://127.0.0.1', true],
  ['https://[::1]:8443', true],
  ['http://192.168.1.2', false],
  ['null', false],
])('whether %s is local: %s', (origin, isLocal) => {
  expect(isLocalOrigin(origin)).toBe(isLocal);
});
