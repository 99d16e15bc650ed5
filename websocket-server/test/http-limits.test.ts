import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Environment } from '../src/lib/environment-reader.ts';
import { silentLog } from '../src/lib/log.ts';
import type { HttpRooms } from '../src/http/http-doors.ts';
import { ManualClock } from './fakes/manual-clock.ts';
import { Client, rawExchange, serve } from './http-fakes.ts';
import type { Served } from './http-fakes.ts';

async function served(environment: Environment, rooms: Partial<HttpRooms> = {}): Promise<Served> {
  const doors = await serve(environment, rooms);
  onTestFinished(() => doors.close());
  return doors;
}

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** A connection that sends `text` and then nothing more, whatever becomes of it. */
function dumb(port: number, text: string, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  socket.resume();
  if (text !== '') socket.write(text);
  return socket;
}

test('many headers do not hide the one that tells of a tunnel', async () => {
  const { port } = await served({});
  const junk = Array.from({ length: 2500 }, () => 'a:b\r\n').join('');
  const request = `GET /api/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${junk}`;
  expect(await rawExchange(port, `${request}\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await rawExchange(port, `${request}X-Forwarded-For: 203.0.113.9\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 401 /,
  );
});

test('headers beyond 16 KiB are refused', async () => {
  const { port } = await served({});
  const request = `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
  expect(await rawExchange(port, request)).toMatch(/^HTTP\/1\.1 431 /);
});

test('who guesses tokens has to wait, at every door, even with the right one; a login goes on', async () => {
  const clock = new ManualClock(Date.UTC(2027, 0, 1));
  const { url } = await served({ MCP_AUTH_TOKEN: 'sesame' }, { runtime: { clock, log: silentLog, fetch } });
  const logIn = (token: string) =>
    fetch(`${url}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
  const [cookie = ''] = (await logIn('sesame')).headers.getSetCookie();
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${url}/api/calls`, { headers })).status;
  for (let index = 0; index < 11; index += 1) {
    expect(await status(bearer(`guess-${index}`))).toBe(401);
  }
  const waiting = await fetch(`${url}/mcp`, { headers: bearer('sesame') });
  expect(waiting.status).toBe(429);
  expect(waiting.headers.get('retry-after')).toBe('1');
  expect((await logIn('sesame')).status).toBe(429);
  expect(await new Client(`${url}/logs`, { headers: bearer('sesame') }).refused()).toBe(429);
  expect(await status({ cookie: cookie.split(';')[0] ?? '' })).toBe(200);
  clock.advance(1000);
  expect(await status(bearer('sesame'))).toBe(200);
});

test('each token has its own number of requests a minute, and is told how many are left', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: 'one,two', REQUESTS_PER_MINUTE: '3' });
  const ask = (path: string, token: string) => fetch(url + path, { headers: bearer(token) });
  const remaining: (string | null)[] = [];
  for (const path of ['/mcp', '/api/status', '/api/calls']) {
    const response = await ask(path, 'one');
    expect([path, response.status, response.headers.get('ratelimit-limit')]).toEqual([path, 200, '3']);
    remaining.push(response.headers.get('ratelimit-remaining'));
  }
  expect(remaining).toEqual(['2', '1', '0']);
  for (const path of ['/mcp', '/api/status']) {
    const refused = await ask(path, 'one');
    expect([path, refused.status]).toEqual([path, 429]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: { code: 'too-many-requests' } });
  }
  expect((await ask('/metrics', 'two')).status).toBe(200);
  expect(await (await ask('/metrics', 'two')).text()).toContain(
    'telephone_refused_total{door="request",reason="too-many-requests"} 2',
  );
});

test('who has no token is counted by address, and does not use up the requests of others', async () => {
  const { url } = await served({ MCP_AUTH_TOKEN: 'one', REQUESTS_PER_MINUTE: '2' });
  const status = async (forwardedFor: string, path = '/api/session') =>
    (await fetch(url + path, { headers: { 'x-forwarded-for': forwardedFor } })).status;
  expect([await status('203.0.113.9'), await status('203.0.113.9', '/mcp')]).toEqual([200, 401]);
  expect([await status('203.0.113.9'), await status('203.0.113.9', '/mcp')]).toEqual([429, 429]);
  expect(await status('198.51.100.7, 203.0.113.10')).toBe(200);
});

test('this machine is not counted while no token is configured', async () => {
  const { url } = await served({ REQUESTS_PER_MINUTE: '1' });
  for (const path of ['/api/status', '/api/session', '/mcp', '/api/status']) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
  }
});

test('one address gets no more connections than its share, and others still get theirs', async () => {
  const { port } = await served({ TRUSTED_PROXIES: '10.0.0.1', MAX_CONNECTIONS_PER_ADDRESS: '3' });
  const held = Array.from({ length: 3 }, () => dumb(port, ''));
  onTestFinished(() => {
    for (const socket of held) socket.destroy();
  });
  await Promise.all(held.map((socket) => once(socket, 'connect')));
  await once(dumb(port, ''), 'close');
  const health = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  let answer = '';
  const other = dumb(port, health, '127.0.0.2').on('data', (data) => (answer += String(data)));
  await once(other, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  held[0]?.destroy();
  await expect.poll(() => rawExchange(port, health).catch(() => '')).toMatch(/^HTTP\/1\.1 200 /);
});

test('connections beyond the total are cut off at once', async () => {
  const { port } = await served({ MAX_CONNECTIONS: '10' });
  const held = Array.from({ length: 10 }, () => dumb(port, ''));
  onTestFinished(() => {
    for (const socket of held) socket.destroy();
  });
  await Promise.all(held.map((socket) => once(socket, 'connect')));
  await once(dumb(port, ''), 'close');
  expect(held.filter((socket) => socket.destroyed)).toEqual([]);
});

test('hundreds of connections that lead nowhere are shed, while others are answered', async () => {
  const { port, url } = await served({}, { patience: { headersMs: 300, requestMs: 600 } });
  const upgrade = 'Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
  const beginnings = [
    '',
    'GET / HTT',
    'GET /api/calls HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
    'POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"to',
    'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
    `GET /logs HTTP/1.1\r\n${upgrade}`,
    `GET /logs HTTP/1.1\r\n${upgrade}\r\n`,
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
  ];
  const bogus = Array.from({ length: 320 }, (_, index) =>
    dumb(port, beginnings[index % beginnings.length] ?? ''),
  );
  const shed = Promise.all(bogus.map((socket) => once(socket, 'close')));
  for (let index = 0; index < 5; index += 1) expect((await fetch(`${url}/healthz`)).status).toBe(200);
  await shed;
  expect((await fetch(`${url}/api/status`)).status).toBe(200);
});

test('an MCP socket on which nobody says anything is closed, one that spoke once is kept', async () => {
  const clock = new ManualClock(0);
  const { url } = await served({}, { runtime: { clock, log: silentLog, fetch } });
  const [mute, spoke] = [new Client(`${url}/mcp/ws`), new Client(`${url}/mcp/ws`)];
  await Promise.all([mute, spoke].map(({ socket }) => once(socket, 'open')));
  spoke.socket.send('{"jsonrpc":"2.0"}');
  await spoke.received(1);
  const closed = mute.closed();
  clock.advance(5 * 60_000);
  expect(await closed).toMatchObject({ code: 1008 });
  spoke.socket.send('{"jsonrpc":"2.0"}');
  expect(await spoke.received(2)).toHaveLength(2);
});

test('what is turned away is counted by door and reason', async () => {
  const { url, port } = await served({ MCP_AUTH_TOKEN: 'one,peek;scopes=calls:read' });
  await fetch(`${url}/api/calls`);
  await fetch(`${url}/api/calls`, { headers: { origin: 'https://evil.example' } });
  await fetch(`${url}/api/calls`, { method: 'POST', headers: bearer('peek') });
  await new Client(`${url}/logs`).refused();
  await rawExchange(port, 'NONSENSE\r\n\r\n');
  const metrics = await (await fetch(`${url}/metrics`, { headers: bearer('one') })).text();
  const counts = metrics.split('\n').filter((line) => line.startsWith('telephone_refused_total{'));
  expect(counts.sort()).toEqual([
    'telephone_refused_total{door="connection",reason="bad-request"} 1',
    'telephone_refused_total{door="request",reason="foreign-origin"} 1',
    'telephone_refused_total{door="request",reason="missing-scope"} 1',
    'telephone_refused_total{door="request",reason="unauthorized"} 1',
    'telephone_refused_total{door="socket",reason="unauthorized"} 1',
  ]);
});
