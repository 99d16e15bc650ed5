import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose';
import {
  Client as McpClient,
  ClientCredentialsProvider,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { createMcpLegs } from '../src/mcp/mcp-legs.ts';
import { silentLog } from '../src/lib/log.ts';
import { clientId, clientSecret, startAuthorizationServer } from './fakes/authorization-server.ts';
import type { AuthorizationServer } from './fakes/authorization-server.ts';
import { FakeCallControl, fakeStart } from './fakes/fake-call-control.ts';
import { ManualClock } from './fakes/manual-clock.ts';
import { mcpLegsOptions } from './fakes/mcp-house.ts';
import { callArguments, post, rpc } from './fakes/mcp-wire.ts';
import { Client, serve } from './http-fakes.ts';
import type { Served } from './http-fakes.ts';

const audience = 'https://phone.example/mcp';
const all = 'calls:read calls:place calls:control';

let authority: AuthorizationServer;
beforeAll(async () => {
  authority = await startAuthorizationServer();
});
afterAll(() => authority.close());

interface House extends Served {
  readonly calls: FakeCallControl;
}

/** The doors with the real MCP server behind them, which takes tokens of `issuer`. */
async function open(environment: Record<string, string> = {}): Promise<House> {
  const calls = new FakeCallControl();
  const legs = createMcpLegs(mcpLegsOptions(calls, new ManualClock(fakeStart)));
  const doors = await serve(
    { OAUTH_ISSUER: authority.issuer, OAUTH_AUDIENCE: audience, MCP_AUTH_TOKEN: 'sesame', ...environment },
    { mcp: legs },
  );
  onTestFinished(async () => {
    await legs.close();
    await doors.close();
  });
  return { ...doors, calls };
}

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

describe('with an authorization server', () => {
  test('its tokens open every door, and static ones still do', async () => {
    const { url, calls } = await open();
    for (const token of [await authority.token(audience), 'sesame']) {
      const placed = await post(
        new URL(`${url}/mcp`),
        rpc('tools/call', { name: 'telephony.call', arguments: callArguments }),
        bearer(token),
      );
      expect(await placed.json()).toMatchObject({
        result: { structuredContent: { callId: expect.any(String) } },
      });
      expect((await fetch(`${url}/api/calls`, { headers: bearer(token) })).status).toBe(200);
      const watcher = new Client(`${url}/logs`, { headers: bearer(token) });
      expect(await watcher.received(1)).toEqual([{ type: 'caught-up' }]);
      const mcp = new Client(`${url}/mcp/ws`, { headers: bearer(token), protocols: ['mcp'] });
      await new Promise((resolve) => mcp.socket.once('open', resolve));
      mcp.socket.send(JSON.stringify(rpc('ping')));
      expect(await mcp.received(1)).toMatchObject([{ id: 1 }]);
    }
    expect(calls.requests).toHaveLength(2);
  });

  test('who has no token is told where to ask for one, and the answer leads there', async () => {
    const { url } = await open();
    const response = await post(new URL(`${url}/mcp`), rpc('ping'));
    expect(response.status).toBe(401);
    const challenge = response.headers.get('www-authenticate') ?? '';
    expect(challenge).not.toContain('error');
    const [, metadataUrl = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
    expect(new URL(metadataUrl).pathname).toBe('/.well-known/oauth-protected-resource/mcp');
    for (const path of ['', '/mcp']) {
      const metadata = await fetch(`${url}/.well-known/oauth-protected-resource${path}`);
      expect(await metadata.json()).toMatchObject({
        resource: audience,
        authorization_servers: [authority.issuer],
        scopes_supported: all.split(' '),
        bearer_methods_supported: ['header'],
      });
    }
  });

  test('the web app logs in with an access token, and the login ends with it', async () => {
    const { url } = await open({ MCP_AUTH_TOKEN: '' });
    const logIn = (token: string) =>
      fetch(`${url}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    const takes = { tokens: false, issuer: authority.issuer };
    expect(await (await fetch(`${url}/api/session`)).json()).toMatchObject({ authenticated: false, takes });
    expect((await logIn(await authority.token('https://other.example/mcp'))).status).toBe(401);

    const login = await logIn(await authority.token(audience, 'calls:read'));
    expect(await login.json()).toMatchObject({ authenticated: true, scopes: ['calls:read'] });
    const [setCookie = ''] = login.headers.getSetCookie();
    expect(setCookie).toMatch(/^telephone_access=\S+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    expect(Number(/Max-Age=(\d+)/.exec(setCookie)?.[1])).toBeLessThan(86_400);
    const headers = { cookie: setCookie.split(';')[0] ?? '' };
    expect((await fetch(`${url}/api/calls`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/api/calls/x/cancel`, { method: 'POST', headers })).status).toBe(403);
    expect((await post(new URL(`${url}/mcp`), rpc('ping'), headers)).status).toBe(401);

    const logout = await fetch(`${url}/api/logout`, { method: 'POST', headers });
    expect(logout.headers.getSetCookie()).toContainEqual(
      expect.stringMatching(/^telephone_access=; .*Max-Age=0/),
    );
  });

  test('a token reaches as far as its scopes', async () => {
    const { url, calls } = await open();
    const headers = bearer(await authority.token(audience, 'calls:read'));
    expect((await fetch(`${url}/api/calls`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/api/calls/x/cancel`, { method: 'POST', headers })).status).toBe(403);
    const place = rpc('tools/call', { name: 'telephony.call', arguments: callArguments });
    const refused = await post(new URL(`${url}/mcp`), place, headers);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toMatch(
      /insufficient_scope.*scope="calls:read calls:place"/,
    );
    expect(calls.requests).toEqual([]);
  });

  test('a token for another audience is refused at every door', async () => {
    const { url } = await open();
    const headers = bearer(await authority.token('https://other.example/mcp'));
    for (const path of ['/mcp', '/api/calls']) {
      const response = await fetch(url + path, { headers });
      expect([path, response.status]).toEqual([path, 401]);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
    for (const path of ['/logs', '/mcp/ws']) {
      expect(await new Client(url + path, { headers }).refused()).toBe(401);
    }
  });

  test('the audience is the public address of the MCP door unless another is set', async () => {
    const { url } = await serveOnly({ OAUTH_ISSUER: authority.issuer, PUBLIC_URL: 'https://phone.example' });
    const token = await authority.token(audience);
    expect((await fetch(`${url}/api/calls`, { headers: bearer(token) })).status).toBe(200);
    // Nobody gets in without a token, although none is configured.
    expect((await fetch(`${url}/api/calls`)).status).toBe(401);
  });

  test('keys are fetched once, and again when a token names a new one', async () => {
    const own = await startAuthorizationServer();
    onTestFinished(() => own.close());
    const { url } = await open({ OAUTH_ISSUER: own.issuer });
    const status = async (token: string) =>
      (await fetch(`${url}/api/calls`, { headers: bearer(token) })).status;
    const first = await own.token(audience);
    expect([await status(first), await status(first)]).toEqual([200, 200]);
    const fetched = () => own.asked.filter((request) => request === 'GET /jwks').length;
    expect(fetched()).toBe(1);
    await own.rotateKey();
    // So that strangers cannot make us ask, keys rest for half a minute.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    onTestFinished(() => void vi.useRealTimers());
    expect(await status(await own.token(audience))).toBe(200);
    expect(await status(first)).toBe(401);
    expect(fetched()).toBe(2);
  });

  test('a client of the 2026 revision finds its way by itself', async () => {
    const house = await open({ OAUTH_AUDIENCE: '' });
    const url = new URL(`${house.url.replace('127.0.0.1', 'localhost')}/mcp`);
    const authProvider = new ClientCredentialsProvider({
      clientId,
      clientSecret,
      expectedIssuer: authority.issuer,
    });
    const client = new McpClient({ name: 'robot', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(url, { authProvider }));
    const { structuredContent } = await client.callTool({ name: 'telephony_call', arguments: callArguments });
    expect(structuredContent).toMatchObject({ callId: 'call_1' });
    await client.close();
  });
});

async function serveOnly(environment: Record<string, string>): Promise<Served> {
  const doors = await serve(environment);
  onTestFinished(() => doors.close());
  return doors;
}

describe('a token that somebody made', () => {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'https://issuer.example', aud: audience, sub: 'alice', exp: now + 300, scope: all };
  type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
  let keys: Keys;
  let others: Keys;
  let url: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    [keys, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  });
  beforeEach(async () => {
    const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' }] };
    const issuerFetch: typeof fetch = async (input) =>
      String(input) === 'https://issuer.example/keys'
        ? Response.json(jwks)
        : new Response(null, { status: 404 });
    const doors = await serve(
      { OAUTH_ISSUER: claims.iss, OAUTH_AUDIENCE: audience, OAUTH_JWKS_URL: 'https://issuer.example/keys' },
      { runtime: { clock: { ...wallClock }, log: silentLog, fetch: issuerFetch } },
    );
    ({ url } = doors);
    close = () => doors.close();
  });
  afterEach(() => close());

  const wallClock = {
    now: () => now * 1000,
    elapsed: () => 0,
    after: () => () => {},
  };

  async function statusOf(token: string): Promise<number> {
    return (await fetch(`${url}/api/calls`, { headers: bearer(token) })).status;
  }

  function signed(
    changes: Record<string, unknown>,
    header: { typ?: string; kid?: string } = {},
    key = keys,
  ): Promise<string> {
    const payload = Object.fromEntries(
      Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined),
    );
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
      .sign(key.privateKey);
  }

  test.each<[string, Record<string, unknown>, { typ?: string }]>([
    ['as the issuer makes them', {}, { typ: 'at+jwt' }],
    ['for several audiences', { aud: ['https://other.example', audience] }, {}],
    ['with its scopes as a list', { scope: undefined, scp: ['calls:read'] }, { typ: 'JWT' }],
    ['that expired within the skew of clocks', { exp: now - 20 }, {}],
    ['of a program, not a person', { sub: undefined, client_id: 'robot' }, {}],
  ])('%s gets in', async (_name, changes, header) => {
    expect(await statusOf(await signed(changes, header))).toBe(200);
  });

  test.each<[string, Record<string, unknown>, { typ?: string; kid?: string }]>([
    ['that has expired', { exp: now - 60 }, {}],
    ['that never expires', { exp: undefined }, {}],
    ['that does not count yet', { nbf: now + 120 }, {}],
    ['of another issuer', { iss: 'https://issuer.example/' }, {}],
    ['of no issuer', { iss: undefined }, {}],
    ['for another audience', { aud: `${audience}/` }, {}],
    ['for no audience', { aud: undefined }, {}],
    ['of nobody', { sub: undefined }, {}],
    ['that is bound to a key', { cnf: { jkt: 'x' } }, {}],
    ['that is something else', {}, { typ: 'logout+jwt' }],
    ['by a key that nobody knows', {}, { kid: 'k2' }],
  ])('%s is refused', async (_name, changes, header) => {
    expect(await statusOf(await signed(changes, header))).toBe(401);
  });

  test('without scopes it may do nothing', async () => {
    expect(await statusOf(await signed({ scope: 'openid calls:reading' }))).toBe(403);
  });

  test('it is refused when another key made it, when it has no signature, and when the public key served as a secret', async () => {
    expect(await statusOf(await signed({}, {}, others))).toBe(401);
    expect(await statusOf(new UnsecuredJWT(claims).encode())).toBe(401);
    const { x = '' } = await exportJWK(keys.publicKey);
    const secret = new TextEncoder().encode(x);
    const confused = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
    expect(await statusOf(confused)).toBe(401);
    const [header, , signature] = (await signed({})).split('.');
    expect(
      await statusOf(
        `${header}.${btoa(JSON.stringify({ ...claims, sub: 'mallory' })).replaceAll('=', '')}.${signature}`,
      ),
    ).toBe(401);
  });
});

test('while the issuer cannot be asked, its tokens are refused with 503, and static ones count', async () => {
  const away = await startAuthorizationServer();
  const token = await away.token(audience);
  await away.close();
  const { url } = await open({ OAUTH_ISSUER: away.issuer });
  for (const path of ['/mcp', '/api/calls']) {
    const response = await fetch(url + path, { headers: bearer(token) });
    expect([path, response.status]).toEqual([path, 503]);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ error: { code: 'issuer-unreachable' } });
  }
  expect(await new Client(`${url}/logs`, { headers: bearer(token) }).refused()).toBe(503);
  expect((await fetch(`${url}/api/calls`, { headers: bearer('sesame') })).status).toBe(200);
});

test('an issuer that calls itself by another name is not believed', async () => {
  const metadata = { issuer: 'https://other.example', jwks_uri: 'https://issuer.example/keys' };
  const doors = await serve(
    { OAUTH_ISSUER: 'https://issuer.example', OAUTH_AUDIENCE: audience },
    {
      runtime: {
        clock: new ManualClock(fakeStart),
        log: silentLog,
        fetch: async () => Response.json(metadata),
      },
    },
  );
  onTestFinished(() => doors.close());
  const token = await authority.token(audience);
  expect((await fetch(`${doors.url}/api/calls`, { headers: bearer(token) })).status).toBe(503);
});

test('without an authorization server there is no metadata of one', async () => {
  const { url } = await serveOnly({ MCP_AUTH_TOKEN: 'sesame' });
  expect((await fetch(`${url}/.well-known/oauth-protected-resource/mcp`)).status).toBe(404);
});
