import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttpClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js';
import type { Transport as OldTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';

/** A child process compiles its TypeScript before it can answer. */
const slow = 30_000;
const info = { name: 'test-client', version: '1.0.0' };
const stdioEntry = {
  command: process.execPath,
  args: ['--import', 'tsx', fileURLToPath(new URL('fakes/mcp-stdio-entry.ts', import.meta.url))],
};
const underscored = [
  'telephony_call',
  'telephony_status',
  'telephony_wait',
  'telephony_answer',
  'telephony_control',
  'telephony_cancel',
  'telephony_transcript',
  'telephony_list',
];
const errand = { to: '+14155550102', goal: 'Book a table for two' };

let house: McpHouse;
beforeEach(async () => {
  // The first SDK's WebSocket client takes the global one, which Node has from version 22 on.
  vi.stubGlobal('WebSocket', WebSocket);
  house = await openMcpHouse();
});
afterEach(async () => {
  await house.close();
  vi.unstubAllGlobals();
});

describe.each([
  ['a 2026-07-28 client', { mode: { pin: '2026-07-28' } }, '2026-07-28'],
  ['a client that negotiates', { mode: 'auto' }, '2026-07-28'],
  ['a 2025 client', { mode: 'legacy' }, '2025-11-25'],
] as const)('%s', (_who, versionNegotiation, revision) => {
  test.each([
    ['HTTP', () => new StreamableHTTPClientTransport(house.url)],
    ['stdio', () => new StdioClientTransport(stdioEntry)],
  ])(
    'lists and calls the tools over %s',
    async (_how, transport) => {
      const client = new Client(info, { versionNegotiation });
      await client.connect(transport());
      expect(client.getNegotiatedProtocolVersion()).toBe(revision);
      expect(client.getInstructions()).toContain('telephony_call');

      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toEqual(underscored);

      const placed = await client.callTool({ name: 'telephony_call', arguments: errand });
      expect(placed.structuredContent).toMatchObject({ callId: 'call_1', state: 'dialing' });
      const status = await client.callTool({ name: 'telephony.status', arguments: { callId: 'call_1' } });
      expect(status.structuredContent).toMatchObject({ callId: 'call_1', to: errand.to });
      await client.close();
    },
    slow,
  );
});

test.each([
  ['HTTP', () => new OldHttpClientTransport(house.url) as OldTransport],
  ['WebSocket', () => new WebSocketClientTransport(house.webSocketUrl)],
  ['stdio', () => new OldStdioClientTransport(stdioEntry)],
])(
  'a client of the first SDK lists and calls the tools over %s',
  async (_how, transport) => {
    const client = new OldClient(info);
    await client.connect(transport());
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(underscored);
    const placed = await client.callTool({ name: 'telephony_call', arguments: errand });
    expect(placed.structuredContent).toMatchObject({ callId: 'call_1', state: 'dialing' });
    const wrong = await client.callTool({ name: 'telephony_call', arguments: { to: '12', goal: 'x' } });
    expect(wrong.isError).toBe(true);
    await client.close();
  },
  slow,
);

test('a 2025 client and a 2026 client see the same call', async () => {
  const old = new Client(info, { versionNegotiation: { mode: 'legacy' } });
  const modern = new Client(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await old.connect(new StreamableHTTPClientTransport(house.url));
  await modern.connect(new StreamableHTTPClientTransport(house.url));
  await old.callTool({ name: 'telephony_call', arguments: errand });
  const { structuredContent } = await modern.callTool({ name: 'telephony_list', arguments: {} });
  expect(structuredContent).toMatchObject({ calls: [{ callId: 'call_1', goal: errand.goal }] });
  await old.close();
  await modern.close();
});

describe.each([
  ['2026-07-28', { mode: { pin: '2026-07-28' } }],
  ['2025', { mode: 'legacy' }],
] as const)('while a %s client waits', (_revision, versionNegotiation) => {
  let client: Client;
  beforeEach(async () => {
    client = new Client(info, { versionNegotiation });
    await client.connect(new StreamableHTTPClientTransport(house.url));
    await client.callTool({ name: 'telephony_call', arguments: errand });
    house.control.happens('call_1', { type: 'call-ringing' });
  });
  afterEach(async () => {
    await client.close();
  });

  test('it is told every ten seconds what for, if it asked for progress', async () => {
    const messages: unknown[] = [];
    let told = () => {};
    const waiting = client.callTool(
      { name: 'telephony_wait', arguments: { callId: 'call_1', after: 'c3' } },
      {
        onprogress: ({ progress, total, message }) => {
          messages.push([progress, total, message]);
          told();
        },
      },
    );
    const nextMessage = () =>
      new Promise<void>((resolve) => {
        told = resolve;
      });
    await nextMessage();
    const second = nextMessage();
    house.clock.advance(10_000);
    await second;
    expect(messages).toEqual([
      [0, 25, 'The phone is ringing.'],
      [10, 25, 'The phone is ringing.'],
    ]);
    house.control.happens('call_1', { type: 'call-answered' });
    expect((await waiting).structuredContent).toMatchObject({ state: 'connected', turns: [] });
    await house.control.waiters(0);
    house.clock.advance(60_000);
    expect(messages).toHaveLength(2);
  });

  test('taking the request back ends the wait and not the call', async () => {
    const taken = new AbortController();
    const waiting = client.callTool(
      { name: 'telephony_wait', arguments: { callId: 'call_1', after: 'c3', timeoutSec: 50 } },
      { signal: taken.signal },
    );
    await house.control.waiters(1);
    taken.abort();
    await expect(waiting).rejects.toThrow('abort');
    await house.control.waiters(0);
    expect((await house.control.read('call_1')).call.state).toBe('ringing');
  });
});
