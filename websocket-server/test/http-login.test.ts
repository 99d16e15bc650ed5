import { expect, onTestFinished, test } from 'vitest';
import { scopes } from '../src/lib/access.ts';
import type { Environment } from '../src/lib/environment-reader.ts';
import { silentLog } from '../src/lib/log.ts';
import { ManualClock } from './fakes/manual-clock.ts';
import { Client, FakeAudit, requested, serve } from './http-fakes.ts';
import type { Served } from './http-fakes.ts';

const day = 86_400_000;
const tokens = 'sesame,peek;scopes=calls:read;name=reader';
const takes = { tokens: true, issuer: null };

async function served(environment: Environment, clock?: ManualClock): Promise<Served> {
  const doors = await serve(environment, clock && { runtime: { clock, log: silentLog, fetch } });
  onTestFinished(() => doors.close());
  return doors;
}

function logIn(url: string, token: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });
}

/** The cookie of a login, as a browser would send it back. */
async function cookieOf(login: Promise<Response>): Promise<{ cookie: string }> {
  return { cookie: (await login).headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

async function statusOf(url: string, init: RequestInit): Promise<number> {
  return (await fetch(url, init)).status;
}

test('a token is exchanged for a cookie that opens what pages use, and nothing else', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: tokens });
  const response = await logIn(url, 'sesame');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    required: true,
    authenticated: true,
    scopes,
    name: 'token-1',
    takes,
  });
  const [setCookie = ''] = response.headers.getSetCookie();
  expect(setCookie).toMatch(/^telephone_session=\S+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/);
  expect(setCookie).not.toContain('sesame');

  const headers = { cookie: `theme=dark; ${setCookie.split(';')[0]}` };
  for (const path of ['/api/calls', '/api/status', '/tools', '/metrics']) {
    expect([path, await statusOf(url + path, { headers })]).toEqual([path, 200]);
  }
  expect(await new Client(`${url}/logs`, { headers }).received(1)).toEqual([{ type: 'caught-up' }]);
  expect(await statusOf(`${url}/mcp`, { headers })).toBe(401);
  expect(await new Client(`${url}/mcp/ws`, { headers }).refused()).toBe(401);
});

test('a page asks without a token who it is', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: tokens });
  const session = async (headers: Record<string, string>) =>
    (await fetch(`${url}/api/session`, { headers })).json();
  const nobody = { required: true, authenticated: false, scopes: [], name: null, takes };
  expect(await session({})).toEqual(nobody);
  expect(await session({ cookie: 'telephone_session=forged' })).toEqual(nobody);
  const padded = `reader~00${Date.now() + 60_000}~${'A'.repeat(43)}`;
  expect(await session({ cookie: `telephone_session=${padded}` })).toEqual(nobody);
  const reader = { required: true, authenticated: true, scopes: ['calls:read'], name: 'reader', takes };
  expect(await session(await cookieOf(logIn(url, 'peek')))).toEqual(reader);
  expect(await session({ authorization: 'Bearer peek' })).toEqual(reader);
});

test('this machine needs no login while no token is configured, and others get none', async () => {
  const { url } = await served({});
  const session = await fetch(`${url}/api/session`);
  expect(await session.json()).toEqual({
    required: false,
    authenticated: true,
    scopes,
    name: 'this machine',
    takes: { tokens: false, issuer: null },
  });
  expect((await logIn(url, 'anything')).headers.getSetCookie()).toEqual([]);
  const tunneled = await fetch(`${url}/api/session`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect(await tunneled.json()).toMatchObject({ required: true, authenticated: false });
});

test('a wrong token gets no cookie, and a body that is none a sentence', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: tokens });
  const wrong = await logIn(url, 'guess');
  expect([wrong.status, wrong.headers.getSetCookie()]).toEqual([401, []]);
  for (const token of [undefined, 7, '', 'x'.repeat(5000)]) {
    const response = await logIn(url, token);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('{"token"') } });
  }
});

test('a page of another site can neither log in nor use a login', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: tokens });
  const origin = 'https://evil.example';
  expect((await logIn(url, 'sesame', { origin })).status).toBe(403);
  const { cookie } = await cookieOf(logIn(url, 'sesame'));
  expect(await statusOf(`${url}/api/session`, { headers: { cookie, origin } })).toBe(403);
  expect(await statusOf(`${url}/api/calls/x/cancel`, { method: 'POST', headers: { cookie, origin } })).toBe(
    403,
  );
  expect(await new Client(`${url}/logs`, { headers: { cookie, origin } }).refused()).toBe(403);
});

test('the cookie is for https alone where the page came over it', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: tokens, PUBLIC_URL: 'https://phone.example' });
  const [setCookie] = (await logIn(url, 'sesame', { 'x-forwarded-proto': 'https' })).headers.getSetCookie();
  expect(setCookie).toContain('; Secure');
});

test('a logout ends the login, even for who kept the cookie', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: tokens });
  const headers = await cookieOf(logIn(url, 'sesame'));
  const logout = await fetch(`${url}/api/logout`, { method: 'POST', headers });
  expect(logout.status).toBe(204);
  expect(logout.headers.getSetCookie()[0]).toContain('telephone_session=; Path=/; Max-Age=0');
  expect(await statusOf(`${url}/api/calls`, { headers })).toBe(401);
});

test('a logout closes what the login has open, in every window, and nobody else’s', async () => {
  const audit = new FakeAudit();
  const doors = await serve({ MCP_AUTH_TOKEN: tokens }, { audit });
  onTestFinished(() => doors.close());
  const { url, control } = doors;
  control.record(requested('call_1'));
  const headers = await cookieOf(logIn(url, 'sesame'));
  const watchers = [new Client(`${url}/logs`, { headers }), new Client(`${url}/logs`, { headers })];
  const listener = new Client(`${url}/phone/listen?callId=call_1`, { headers });
  const other = new Client(`${url}/logs`, { headers: await cookieOf(logIn(url, 'peek')) });
  const byToken = new Client(`${url}/logs`, { headers: { authorization: 'Bearer sesame' } });
  const mine = [...watchers, listener];
  await Promise.all([...mine, other, byToken].map((client) => client.received(1)));
  const closed = Promise.all(mine.map((client) => client.closed()));
  await fetch(`${url}/api/logout`, { method: 'POST', headers });
  for (const { code, reason } of await closed) expect([code, reason]).toEqual([1008, 'You have logged out.']);
  control.record(requested('call_2'));
  await Promise.all([other, byToken].map((client) => client.received(3)));

  await logIn(url, 'guess');
  await expect.poll(() => audit.notes.length).toBeGreaterThan(8);
  const notes = audit.notes.map(({ action, outcome, door, access, detail = '' }) =>
    [action, outcome, door, access?.name ?? 'nobody', detail ?? ''].join(' ').trim(),
  );
  expect(notes).toEqual(
    expect.arrayContaining([
      'logged-in done api token-1',
      'logged-in done api reader',
      'calls-followed done page token-1',
      'calls-followed done api token-1',
      'call-listened-to done page token-1',
      'logged-out done api token-1',
      'logged-in refused api nobody unauthorized',
    ]),
  );
  expect(JSON.stringify(audit.notes)).not.toMatch(/sesame|telephone_session/u);
});

test('a login ends after seven days, or with its token, and takes its sockets along', async () => {
  const clock = new ManualClock(Date.UTC(2027, 0, 16) - 10_000);
  const { url } = await served({ MCP_AUTH_TOKEN: `${tokens},brief;expires=2027-01-15` }, clock);
  const long = await cookieOf(logIn(url, 'sesame'));
  const brief = await cookieOf(logIn(url, 'brief'));
  const watcher = new Client(`${url}/logs`, { headers: brief });
  await watcher.received(1);
  const closed = watcher.closed();
  clock.advance(10_000);
  expect((await closed).code).toBe(1008);
  expect(await statusOf(`${url}/api/calls`, { headers: brief })).toBe(401);
  expect(await statusOf(`${url}/api/calls`, { headers: long })).toBe(200);
  clock.advance(7 * day);
  expect(await statusOf(`${url}/api/calls`, { headers: long })).toBe(401);
});

test('a login outlives a restart, but not its token', async () => {
  const first = await served({ MCP_AUTH_TOKEN: tokens });
  const headers = await cookieOf(logIn(first.url, 'sesame'));
  const again = await served({ MCP_AUTH_TOKEN: tokens });
  expect(await statusOf(`${again.url}/api/calls`, { headers })).toBe(200);
  const changed = await served({ MCP_AUTH_TOKEN: 'another' });
  expect(await statusOf(`${changed.url}/api/calls`, { headers })).toBe(401);
});

test('a cookie changed in any place is worthless', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: tokens });
  const { cookie } = await cookieOf(logIn(url, 'peek'));
  const [value = '', expiresAt = ''] = cookie.split('~');
  const forgeries = [
    cookie.replace('=reader~', '=token-1~'),
    cookie.replace(expiresAt, String(Number(expiresAt) + day)),
    `${cookie.slice(0, -2)}${cookie.endsWith('AA') ? 'BB' : 'AA'}`,
    cookie.slice(0, -1),
    value,
  ];
  for (const forged of forgeries) {
    expect([forged, await statusOf(`${url}/api/calls`, { headers: { cookie: forged } })]).toEqual([
      forged,
      401,
    ]);
  }
});
