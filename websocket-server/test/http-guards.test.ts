import { expect, onTestFinished, test } from 'vitest';
import type { Environment } from '../src/lib/environment-reader.ts';
import { Client, rawExchange, serve } from './http-fakes.ts';
import type { Served } from './http-fakes.ts';

const token = { authorization: 'Bearer sesame' };
const guarded = [
  '/mcp',
  '/api/calls',
  '/api/calls/x',
  '/api/status',
  '/api/openapi.json',
  '/tools',
  '/metrics',
];

async function served(environment: Environment = {}): Promise<Served> {
  const doors = await serve(environment);
  onTestFinished(() => doors.close());
  return doors;
}

test('every address for clients asks for the token, and says so in words', async () => {
  const { url, control } = await served({ MCP_AUTH_TOKEN: 'sesame' });
  for (const path of guarded) {
    const response = await fetch(url + path);
    expect([path, response.status]).toEqual([path, 401]);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
  }
  const place = await fetch(`${url}/api/calls`, { method: 'POST', body: '{"to":"+14155550100","goal":"x"}' });
  expect(place.status).toBe(401);
  expect(control.placed).toEqual([]);
});

test('the token opens them', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: 'other,sesame' });
  for (const path of guarded.filter((path) => path !== '/api/calls/x')) {
    expect([path, (await fetch(url + path, { headers: token })).status]).toEqual([path, 200]);
  }
});

test('a HEAD request is no way around the token', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: 'sesame' });
  expect((await fetch(`${url}/api/calls`, { method: 'HEAD' })).status).toBe(401);
});

test('other spellings of a guarded path do not get past the guard', async () => {
  const { url, port } = await served({ MCP_AUTH_TOKEN: 'sesame' });
  for (const path of ['/%61pi/calls', '/api/calls?x', '/api/%63alls', '/api/calls/%2e%2e/calls']) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 401]);
  }
  for (const path of [
    '//api/calls',
    '/API/calls',
    '/api//calls',
    '/./api/calls',
    'http://localhost/api/calls',
  ]) {
    const answer = await rawExchange(
      port,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect([path, answer.slice(9, 12)]).toEqual([path, expect.stringMatching(/401|404/)]);
  }
});

test('without a token configured, a tunnel or a rebound name is shut out of a loopback server', async () => {
  const { url, port } = await served();
  expect((await fetch(`${url}/api/status`)).status).toBe(200);
  expect((await fetch(`${url}/api/status`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(
    401,
  );
  const rebound = await rawExchange(
    port,
    'GET /api/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  );
  expect(rebound).toMatch(/^HTTP\/1\.1 401 /);
});

test('probes, the public address and webhooks need no token', async () => {
  const { url, carrierDoors } = await served({ MCP_AUTH_TOKEN: 'sesame' });
  for (const path of ['/healthz', '/readyz', '/public-url', '/twiml', '/']) {
    const response = await fetch(url + path, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect([path, response.status]).toEqual([path, 200]);
  }
  expect(carrierDoors.webhooks).toHaveLength(1);
});

test('a page of another site is refused, a local one on another port may call', async () => {
  const { url } = await served();
  const foreign = await fetch(`${url}/api/status`, { headers: { origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();

  const local = await fetch(`${url}/api/status`, { headers: { origin: 'http://localhost:3000' } });
  expect(local.status).toBe(200);
  expect(local.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
  expect(local.headers.get('vary')).toBe('origin');
});

test('a local page is told of a refusal too, so that it can ask for the token', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: 'sesame' });
  const response = await fetch(`${url}/api/status`, { headers: { origin: 'http://localhost:3000' } });
  expect(response.status).toBe(401);
  expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
});

test.each(['/api/calls', '/mcp', '/api/calls/x/cancel'])(
  'a preflight for %s passes without a token',
  async (path) => {
    const { url } = await served({ MCP_AUTH_TOKEN: 'sesame' });
    const preflight = (origin: string): Promise<Response> =>
      fetch(url + path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    const local = await preflight('http://localhost:3000');
    expect(local.status).toBe(204);
    expect(local.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(local.headers.get('access-control-allow-methods')).toContain('POST');
    const foreign = await preflight('https://evil.example');
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get('access-control-allow-methods')).toBeNull();
  },
);

test.each(['/logs', '/mcp/ws', '/phone/ws', '/phone/listen'])(
  'the socket at %s is refused before it opens',
  async (path) => {
    const { url } = await served({ MCP_AUTH_TOKEN: 'sesame' });
    expect(await new Client(url + path).refused()).toBe(401);
    expect(await new Client(url + path, { headers: { authorization: 'Bearer no' } }).refused()).toBe(401);
    const foreign = { ...token, origin: 'https://evil.example' };
    expect(await new Client(url + path, { headers: foreign }).refused()).toBe(403);
  },
);

test('sockets at other addresses get a plain 404', async () => {
  const { url } = await served();
  for (const path of ['/', '/mcp', '/logs/x', '/logs//', '/callx']) {
    expect([path, await new Client(url + path).refused()]).toEqual([path, 404]);
  }
});

test('what a token may do over the API is decided by its scopes', async () => {
  const { url, control } = await served({
    MCP_AUTH_TOKEN: 'r;scopes=calls:read;name=reader,p;scopes=calls:place,c;scopes=calls:control,all',
  });
  const requests: readonly [string, string, string][] = [
    ['GET', '/api/calls', 'r all'],
    ['GET', '/api/status', 'r all'],
    ['GET', '/tools', 'r all'],
    ['GET', '/metrics', 'r all'],
    ['GET', '/api/audit', 'all'],
    ['POST', '/api/calls', 'p all'],
    ['POST', '/api/calls/call_x/cancel', 'c all'],
    ['POST', '/api/calls/call_x/answer', 'c all'],
    ['POST', '/api/calls/call_x/control', 'c all'],
    ['DELETE', '/api/calls/call_x', 'all'],
    ['POST', '/api/purge', 'all'],
    ['GET', '/api/settings/limits', 'r all'],
    ['PATCH', '/api/settings/limits', 'all'],
    ['GET', '/api/webhooks/deliveries', 'r all'],
    ['POST', '/api/webhooks/replay', 'all'],
    ['GET', '/mcp', 'r p c all'],
  ];
  for (const [method, path, admitted] of requests) {
    for (const holder of ['r', 'p', 'c', 'all']) {
      const response = await fetch(url + path, { method, headers: { authorization: `Bearer ${holder}` } });
      const isRefused = response.status === 403;
      expect([method, path, holder, isRefused]).toEqual([
        method,
        path,
        holder,
        !admitted.split(' ').includes(holder),
      ]);
      if (isRefused) expect(await response.json()).toMatchObject({ error: { code: 'missing-scope' } });
    }
  }
  expect(control.placed).toEqual([]);
  expect(await new Client(`${url}/logs`, { headers: { authorization: 'Bearer p' } }).refused()).toBe(403);
  const watcher = new Client(`${url}/logs`, { headers: { authorization: 'Bearer r' } });
  expect(await watcher.received(1)).toEqual([{ type: 'caught-up' }]);
});
