import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { maxMessageBytes } from '../src/mcp/legs/http-exchange.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import {
  answerOf,
  both,
  callArguments,
  handshakeRevisions,
  initialize,
  modern,
  modernMeta,
  modernRevision,
  post,
  rpc,
} from './fakes/mcp-wire.ts';
import type { Answer } from './fakes/mcp-wire.ts';

const dotted = [
  'telephony.call',
  'telephony.status',
  'telephony.wait',
  'telephony.answer',
  'telephony.control',
  'telephony.cancel',
  'telephony.transcript',
  'telephony.list',
];

let house: McpHouse;
beforeEach(async () => {
  house = await openMcpHouse();
});
afterEach(async () => {
  await house.close();
});

describe('a POST with only a Content-Type', () => {
  test('gets the tools with dotted names as plain JSON', async () => {
    const response = await post(house.url, '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const { id, result } = await answerOf(response);
    expect(id).toBe(1);
    expect(result?.tools?.map((tool) => tool.name)).toEqual(dotted);
  });

  test('places a call and gets its callId', async () => {
    const response = await post(
      house.url,
      rpc('tools/call', { name: 'telephony.call', arguments: callArguments }, 2),
    );
    expect(response.headers.get('content-type')).toBe('application/json');
    const { result } = await answerOf(response);
    const structured = result?.['structuredContent'];
    expect(structured).toMatchObject({ callId: 'call_1', state: 'dialing' });
    expect(JSON.parse(result?.content?.[0]?.text ?? '')).toEqual(structured);
    expect(JSON.stringify(structured)).toContain('telephony.wait');
    expect(house.control.requests).toHaveLength(1);
  });

  test.each(handshakeRevisions)(
    'may shake hands in %s and is answered as plain JSON, without a session',
    async (revision) => {
      const response = await post(house.url, initialize(revision));
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('mcp-session-id')).toBeNull();
      expect((await answerOf(response)).result).toMatchObject({ protocolVersion: revision });

      const listed = await post(house.url, rpc('tools/list'), { 'mcp-protocol-version': revision });
      expect((await answerOf(listed)).result?.tools).toHaveLength(8);
    },
  );

  test('may speak 2026-07-28 and is answered as plain JSON, with underscored names', async () => {
    const list = modern('tools/list');
    const listed = await post(house.url, list.body, list.headers);
    expect(listed.headers.get('content-type')).toBe('application/json');
    const { result } = await answerOf(listed);
    expect(result?.tools?.[0]?.name).toBe('telephony_call');
    expect(result).toMatchObject({ resultType: 'complete', cacheScope: 'public' });

    const call = modern('tools/call', { name: 'telephony.call', arguments: callArguments });
    const called = await post(house.url, call.body, call.headers);
    expect(called.headers.get('content-type')).toBe('application/json');
    expect((await answerOf(called)).result?.['structuredContent']).toMatchObject({ callId: 'call_1' });
  });

  test('may send a batch and gets every answer', async () => {
    const response = await post(house.url, [rpc('ping', {}, 'a'), rpc('tools/list', {}, 'b')]);
    const answers = (await response.json()) as Answer[];
    expect(answers.map((answer) => answer.id)).toEqual(['a', 'b']);
  });

  test('gets 202 and no body for a notification', async () => {
    const response = await post(house.url, { jsonrpc: '2.0', method: 'notifications/initialized' });
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
  });
});

describe('what is not a request', () => {
  test.each([
    ['garbage', 'not json', 400, -32700],
    ['nothing', '', 400, -32700],
    ['a number', '7', 400, -32600],
    ['an unknown method', JSON.stringify(rpc('tools/destroy')), 200, -32601],
    [
      'an unknown tool',
      JSON.stringify(rpc('tools/call', { name: 'telephony.fax', arguments: {} })),
      200,
      -32602,
    ],
    ['a tool named like a property', JSON.stringify(rpc('tools/call', { name: 'constructor' })), 200, -32602],
  ])('%s is answered with its error code', async (_what, body, status, code) => {
    const response = await post(house.url, body);
    expect(response.status).toBe(status);
    const { error } = await answerOf(response);
    expect(error?.code).toBe(code);
    expect(JSON.stringify(error)).not.toMatch(/\.ts|node_modules| at /);
  });

  test.each([
    ['a tool call without a tool name', 'tools/call', {}, 'params.name'],
    [
      'a tool call with a list for arguments',
      'tools/call',
      { name: 'telephony.call', arguments: [1] },
      'params.arguments',
    ],
    ['a list from a numeric cursor', 'tools/list', { cursor: 5 }, 'params.cursor'],
  ])('%s is refused in words', async (_what, method, params, where) => {
    const { error, result } = await answerOf(await post(house.url, rpc(method, params)));
    expect(result).toBeUndefined();
    expect(error?.code).toBe(-32602);
    expect(error?.message).toMatch(new RegExp(`^Invalid request. "${where}": [^\\[{]+\\.$`));
  });

  test('a body that is no JSON by its type is refused, since any web page could send it', async () => {
    const response = await fetch(house.url, { method: 'POST', body: JSON.stringify(rpc('tools/list')) });
    expect(response.status).toBe(415);
  });

  test('a body beyond the limit is refused, declared or not', async () => {
    const tooLong = JSON.stringify(rpc('ping', { pad: 'x'.repeat(maxMessageBytes) }));
    expect((await post(house.url, tooLong)).status).toBe(413);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(house.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      outgoing.on('response', (incoming) => resolve(incoming.resume().statusCode));
      outgoing.on('error', reject);
      outgoing.write(tooLong.slice(0, maxMessageBytes / 2));
      outgoing.write(tooLong.slice(maxMessageBytes / 2));
    });
    expect(status).toBe(413);
  });

  test.each(['GET', 'DELETE', 'PUT'])('%s without a session is not allowed', async (method) => {
    const response = await fetch(house.url, { method, headers: { accept: 'text/event-stream' } });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  test('a revision nobody has heard of is refused with the list of those that work', async () => {
    const list = modern('tools/list');
    const meta = { ...modernMeta, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' };
    const response = await post(house.url, rpc('tools/list', { _meta: meta }), {
      ...list.headers,
      'mcp-protocol-version': '2031-01-01',
    });
    expect(response.status).toBe(400);
    expect((await answerOf(response)).error).toMatchObject({
      code: -32022,
      data: { supported: [modernRevision] },
    });
  });
});

test('a client without ceremony may ask for progress, and gets its answer alone', async () => {
  await house.control.place(callArguments);
  const params = {
    name: 'telephony.wait',
    arguments: { callId: 'call_1' },
    _meta: { progressToken: 'p1' },
  };
  const response = await post(house.url, rpc('tools/call', params));
  expect(response.headers.get('content-type')).toBe('application/json');
  expect((await answerOf(response)).result?.['structuredContent']).toMatchObject({ callId: 'call_1' });
});

test('a 2026-07-28 client may listen for changes, of which there are none', async () => {
  const leave = new AbortController();
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const response = await fetch(house.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: both, ...listen.headers },
    body: JSON.stringify(listen.body),
    signal: leave.signal,
  });
  const first = await response.body?.getReader().read();
  expect(Buffer.from(first?.value ?? []).toString()).toContain('notifications/subscriptions/acknowledged');
  leave.abort();
});

test('a client that leaves in the middle of its request does no harm', async () => {
  const outgoing = request(house.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': '1000' },
  });
  const gone = new Promise((resolve) => {
    outgoing.on('error', resolve);
  });
  outgoing.write('{"jsonrpc":', () => outgoing.destroy(new Error('gone')));
  await gone;
  expect((await post(house.url, rpc('tools/list'))).status).toBe(200);
});

describe('the setting for tool names', () => {
  test.each([
    ['dots', 'telephony.call', 'telephony.call'],
    ['underscores', 'telephony_call', 'telephony_call'],
    ['auto', 'telephony.call', 'telephony_call'],
  ] as const)(
    '%s shows %s to a bare client and %s to one that negotiates',
    async (toolNames, bare, negotiated) => {
      await house.close();
      house = await openMcpHouse({ toolNames });
      const listed = await answerOf(await post(house.url, rpc('tools/list')));
      expect(listed.result?.tools?.[0]?.name).toBe(bare);
      const list = modern('tools/list');
      const listedModern = await answerOf(await post(house.url, list.body, list.headers));
      expect(listedModern.result?.tools?.[0]?.name).toBe(negotiated);
    },
  );
});
