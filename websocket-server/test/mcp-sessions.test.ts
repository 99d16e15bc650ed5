import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionIdleMs } from '../src/mcp/legs/session-leg.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import {
  both,
  callArguments,
  handshakeRevisions,
  initialize,
  modern,
  openSession,
  post,
  rpc,
} from './fakes/mcp-wire.ts';

let house: McpHouse;
beforeEach(async () => {
  house = await openMcpHouse();
});
afterEach(async () => {
  await house.close();
});

describe('a session', () => {
  test.each(handshakeRevisions)('is opened by a handshake in %s and serves its client', async (revision) => {
    const sessionId = await openSession(house.url, revision);
    const response = await post(house.url, rpc('tools/list'), { accept: both, 'mcp-session-id': sessionId });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await response.text()).toContain('telephony_call');
  });

  test('that is unknown is answered with 404, by any method', async () => {
    const headers = { accept: both, 'mcp-session-id': 'mcp_nobody' };
    expect((await post(house.url, rpc('tools/list'), headers)).status).toBe(404);
    expect((await fetch(house.url, { headers })).status).toBe(404);
    expect((await fetch(house.url, { method: 'DELETE', headers })).status).toBe(404);
  });

  test('ends when its client deletes it', async () => {
    const headers = { accept: both, 'mcp-session-id': await openSession(house.url) };
    expect((await fetch(house.url, { method: 'DELETE', headers })).status).toBe(200);
    expect((await post(house.url, rpc('ping'), headers)).status).toBe(404);
  });

  test('ends when nobody has used it for long, and not while a stream of it is open', async () => {
    const headers = { accept: both, 'mcp-session-id': await openSession(house.url) };
    const leave = new AbortController();
    const stream = await fetch(house.url, { headers, signal: leave.signal });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    house.clock.advance(2 * sessionIdleMs);
    expect((await post(house.url, rpc('ping'), headers)).status).toBe(200);

    leave.abort();
    await expect
      .poll(async () => {
        house.clock.advance(sessionIdleMs);
        return (await post(house.url, rpc('ping'), headers)).status;
      })
      .toBe(404);
  });

  test('makes room for a new one when there are too many: the one idle for longest goes', async () => {
    await house.close();
    house = await openMcpHouse({ maxSessions: 2 });
    const oldest = await openSession(house.url);
    house.clock.advance(1000);
    const second = await openSession(house.url);
    await openSession(house.url);
    expect((await post(house.url, rpc('ping'), { accept: both, 'mcp-session-id': oldest })).status).toBe(404);
    expect((await post(house.url, rpc('ping'), { accept: both, 'mcp-session-id': second })).status).toBe(200);
  });

  test('is refused for now when all there may be are in use', async () => {
    await house.close();
    house = await openMcpHouse({ maxSessions: 1 });
    const leave = new AbortController();
    const headers = { accept: both, 'mcp-session-id': await openSession(house.url) };
    await fetch(house.url, { headers, signal: leave.signal });
    const refused = await post(house.url, initialize('2025-11-25'), { accept: both });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('60');
    leave.abort();
  });
});

test('no client holds more than half of the sessions: beyond that its own go, or it is told to end some', async () => {
  await house.close();
  house = await openMcpHouse({ maxSessions: 4 });
  const by = (name: string) => ({ accept: both, 'test-name': name, 'test-scopes': 'calls:read' });
  const opens = (name: string) => post(house.url, initialize('2025-11-25'), by(name));
  const leave = new AbortController();
  const first = (await opens('greedy')).headers.get('mcp-session-id') ?? '';
  const held = async () => ({
    ...by('greedy'),
    'mcp-session-id': (await opens('greedy')).headers.get('mcp-session-id') ?? '',
  });
  for (const headers of [await held(), await held()])
    await fetch(house.url, { headers, signal: leave.signal });
  expect((await post(house.url, rpc('ping'), { ...by('greedy'), 'mcp-session-id': first })).status).toBe(404);
  const refused = await opens('greedy');
  expect([refused.status, await refused.text()]).toEqual([
    429,
    expect.stringMatching(/greedy.*2 sessions.*DELETE/u),
  ]);
  expect((await opens('modest')).status).toBe(200);
  leave.abort();
});

describe('while a tool takes its time', () => {
  const wait = { name: 'telephony.wait', arguments: { callId: 'call_1', after: 'c2' } };
  beforeEach(async () => {
    await house.control.place(callArguments);
  });

  test.each([
    ['2026-07-28', async () => modern('tools/call', wait)],
    [
      'a session',
      async () => ({
        body: rpc('tools/call', wait),
        headers: { 'mcp-session-id': await openSession(house.url) },
      }),
    ],
  ])('the headers of the answer leave at once in %s', async (_how, ask) => {
    const { body, headers } = await ask();
    const response = await post(house.url, body, { ...headers, accept: both });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await house.control.waiters(1);
    house.control.happens('call_1', { type: 'call-ringing' });
    expect(await response.text()).toContain('"state":"ringing"');
  });

  test('a request that a session takes back gives its stream back, too', async () => {
    const headers = { accept: both, 'mcp-session-id': await openSession(house.url) };
    const asked = await post(house.url, rpc('tools/call', wait, 7), headers);
    await house.control.waiters(1);
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
    await post(house.url, cancelled, headers);
    expect(await asked.text()).not.toContain('"id":7');
    await house.control.waiters(0);
  });

  test('a client without ceremony that hangs up stops the wait, and the call goes on', async () => {
    const leave = new AbortController();
    const asked = fetch(house.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rpc('tools/call', wait)),
      signal: leave.signal,
    });
    await house.control.waiters(1);
    leave.abort();
    await expect(asked).rejects.toThrow('abort');
    await house.control.waiters(0);
    expect((await house.control.read('call_1')).call.state).toBe('dialing');
  });

  test('closing the legs gives waiting requests up', async () => {
    const asked = post(house.url, rpc('tools/call', wait)).catch((error: unknown) => error);
    await house.control.waiters(1);
    await house.close();
    await house.control.waiters(0);
    expect(await asked).not.toMatchObject({ status: 200 });
    house = await openMcpHouse();
  });
});
