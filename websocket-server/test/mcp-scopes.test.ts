import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { refusalOf } from '../src/mcp/scope-check.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import {
  answerOf,
  both,
  callArguments,
  initialize,
  modern,
  modernMeta,
  post,
  rpc,
} from './fakes/mcp-wire.ts';

const reader = { 'test-scopes': 'calls:read' };
const placer = { 'test-scopes': 'calls:place' };
const steerer = { 'test-scopes': 'calls:control' };
const use = (name: string, args: unknown = { callId: 'call_1' }) =>
  rpc('tools/call', { name, arguments: args });
const place = use('telephony.call', callArguments);

let house: McpHouse;
beforeEach(async () => {
  house = await openMcpHouse();
  await house.control.place({ to: '+14155550102', goal: 'Book a table' });
});
afterEach(async () => {
  await house.close();
});

async function isRefused(body: unknown, headers: Record<string, string>): Promise<boolean> {
  const { result, error } = await answerOf(await post(house.url, body, headers));
  const words = result?.isError === true ? result.content?.[0]?.text : error?.message;
  return words?.includes('lacks the scope') ?? false;
}

describe('a token without the scope', () => {
  test.each([
    ['telephony.call', 'calls:place', placer],
    ['telephony_call', 'calls:place', placer],
    ['telephony.answer', 'calls:control', steerer],
    ['telephony.control', 'calls:control', steerer],
    ['telephony_cancel', 'calls:control', steerer],
    ['telephony.status', 'calls:read', reader],
    ['telephony_wait', 'calls:read', reader],
    ['telephony.transcript', 'calls:read', reader],
    ['telephony.list', 'calls:read', reader],
  ])('may not use %s, which needs %s', async (tool, scope, holder) => {
    for (const headers of [reader, placer, steerer]) {
      const refused = await isRefused(use(tool), headers);
      expect([headers, refused]).toEqual([headers, headers !== holder]);
    }
    const { result } = await answerOf(await post(house.url, use(tool), { 'test-scopes': 'none' }));
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(scope) }] });
  });

  test.each([
    ['reads a resource', rpc('resources/read', { uri: 'call://call_1' })],
    ['lists resources', rpc('resources/list')],
    ['has call ids completed', rpc('completion/complete', { ref: {}, argument: {} })],
    ['subscribes', rpc('subscriptions/listen', { notifications: {} })],
    ['uses a method that nobody knows', rpc('calls/secret')],
    ['uses a tool that nobody knows', use('telephony_secret')],
    ['hides a message in a batch', [rpc('ping'), place]],
    ['answers what a tool asked an owner', { jsonrpc: '2.0', id: 1, result: { action: 'accept' } }],
    ['answers within a request', rpc('tools/call', { name: 'telephony_call', inputResponses: {} })],
  ])('is refused when it %s', async (_name, message) => {
    expect(await isRefused(message, Array.isArray(message) ? reader : placer)).toBe(true);
    expect(house.control.requests).toHaveLength(1);
  });

  test('may still shake hands and see what there is', async () => {
    for (const message of [initialize('2025-11-25'), rpc('ping'), rpc('tools/list'), rpc('prompts/list')]) {
      const { result } = await answerOf(await post(house.url, message, { 'test-scopes': 'none' }));
      expect(result).toBeDefined();
    }
  });
});

test('a model of 2026-07-28 reads the refusal of a tool as a result', async () => {
  const { body, headers } = modern('tools/call', { name: 'telephony_call', arguments: callArguments });
  const { result } = await answerOf(await post(house.url, body, { ...headers, ...reader, accept: both }));
  expect(result).toMatchObject({ resultType: 'complete', isError: true });
  expect(house.control.requests).toHaveLength(1);
});

test('a client whose issuer gives out scopes is told by the header which to ask for', async () => {
  const metadata = 'https://phone.example/.well-known/oauth-protected-resource/mcp';
  const response = await post(house.url, place, { ...reader, 'test-metadata': metadata });
  expect(response.status).toBe(403);
  const challenge = response.headers.get('www-authenticate');
  expect(challenge).toContain('Bearer error="insufficient_scope"');
  expect(challenge).toContain('scope="calls:read calls:place"');
  expect(challenge).toContain(`resource_metadata="${metadata}"`);
});

test('over a WebSocket each message is looked at', async () => {
  const socket = new WebSocket(house.webSocketUrl, 'mcp', { headers: reader });
  await once(socket, 'open');
  const answerTo = async (message: unknown): Promise<unknown> => {
    socket.send(JSON.stringify(message));
    const [frame] = (await once(socket, 'message')) as [Buffer];
    return JSON.parse(frame.toString());
  };
  expect(await answerTo(place)).toMatchObject({ id: 1, result: { isError: true } });
  expect(await answerTo(use('telephony_list', {}))).toMatchObject({ result: { structuredContent: {} } });
  expect(await answerTo(rpc('resources/read', { uri: 'call://call_1', _meta: modernMeta }))).toMatchObject({
    result: { contents: [{}] },
  });
  expect(house.control.requests).toHaveLength(1);
  socket.terminate();
});

test('the id of a session lets nobody in but who opened it', async () => {
  const all = 'calls:read calls:place calls:control';
  const alice = { 'test-scopes': all, 'test-name': 'alice', accept: both };
  const opened = await post(house.url, initialize('2025-11-25'), alice);
  const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
  await opened.text();
  const status = async (headers: Record<string, string>) => {
    const response = await post(house.url, rpc('ping'), { ...headers, ...session });
    await response.text();
    return response.status;
  };
  expect(await status(alice)).toBe(200);
  expect(await status({ ...alice, 'test-name': 'mallory' })).toBe(404);
});

test.each([undefined, null, 7, 'ping', [], {}, [null], { params: {} }])('%j needs no scope', (message) => {
  const nobody = { by: 'token', name: 'nobody', scopes: [], expiresAt: null } as const;
  expect(refusalOf(message, nobody)).toBeUndefined();
});
