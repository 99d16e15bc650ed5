import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { maxMessageBytes } from '../src/mcp/legs/http-exchange.ts';
import { createMcpLegs } from '../src/mcp/mcp-legs.ts';
import { FakeCallControl, fakeStart } from './fakes/fake-call-control.ts';
import { ManualClock } from './fakes/manual-clock.ts';
import { mcpLegsOptions, openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';

const placing = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'telephony_call', arguments: { to: '+14155550102', goal: 'Book a table' } },
};
const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

describe('over a WebSocket', () => {
  let house: McpHouse;
  let socket: WebSocket;
  beforeEach(async () => {
    house = await openMcpHouse();
    socket = new WebSocket(house.webSocketUrl, 'mcp');
    await once(socket, 'open');
  });
  afterEach(async () => {
    socket.terminate();
    await house.close();
  });

  async function answerTo(data: string | Buffer): Promise<Record<string, unknown>> {
    socket.send(data);
    const [frame] = (await once(socket, 'message')) as [Buffer];
    return parse(frame.toString());
  }

  test('the server speaks the subprotocol and does not speak first', async () => {
    expect(socket.protocol).toBe('mcp');
    expect(await answerTo(JSON.stringify(placing))).toMatchObject({
      id: 1,
      result: { structuredContent: { callId: 'call_1' } },
    });
  });

  test('2026-07-28 works without a handshake', async () => {
    const discovered = await answerTo(
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: modernMeta } }),
    );
    expect(discovered).toMatchObject({
      result: { resultType: 'complete', supportedVersions: ['2026-07-28'] },
    });
  });

  test.each([
    ['garbage', 'not json', -32700],
    ['a binary frame', Buffer.from(JSON.stringify(placing)), -32700],
    ['JSON that is no message', '{"hello":"world"}', -32600],
    ['an empty batch', '[]', -32600],
  ])('%s is answered with an error, and the connection stays', async (_what, data, code) => {
    expect(await answerTo(data)).toMatchObject({ id: null, error: { code } });
    expect(await answerTo(JSON.stringify(placing))).toMatchObject({ id: 1 });
  });

  test('a batch is answered with an array, as soon as nothing of it is still to be answered', async () => {
    await answerTo(JSON.stringify(placing));
    const wait = { name: 'telephony_wait', arguments: { callId: 'call_1', after: 'c2' } };
    const [ping, waiting] = [
      { ...placing, method: 'ping', params: {} },
      { ...placing, id: 2, params: wait },
    ];
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } };
    socket.send(JSON.stringify([ping, waiting, ping, { hello: 'world' }]));
    await house.control.waiters(1);
    const answers: unknown = await answerTo(JSON.stringify(cancel));
    expect(answers).toHaveLength(3);
    expect(answers).toContainEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect(answers).toContainEqual(expect.objectContaining({ id: 1, error: expect.anything() }));
    expect(answers).toContainEqual(expect.objectContaining({ id: null, error: expect.anything() }));
    expect(await answerTo(JSON.stringify([ping]))).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
  });

  test('malformed parameters are refused in words', async () => {
    const refused = await answerTo(JSON.stringify({ ...placing, params: {} }));
    expect(refused).toMatchObject({
      error: { code: -32602, message: expect.stringMatching(/^Invalid request. "params.name": [^[{]+$/) },
    });
  });

  test('a message beyond the limit ends the connection', async () => {
    socket.send('x'.repeat(maxMessageBytes + 1));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });

  test('a client that leaves stops its waits', async () => {
    await answerTo(JSON.stringify(placing));
    const name = 'telephony_wait';
    const waiting = { ...placing, id: 2, params: { name, arguments: { callId: 'call_1', after: 'c2' } } };
    socket.send(JSON.stringify(waiting));
    await house.control.waiters(1);
    socket.close();
    await house.control.waiters(0);
    expect((await house.control.read('call_1')).call.state).toBe('dialing');
  });

  test('a client that answers pings stays, one that does not is cut off', async () => {
    socket.on('ping', () => socket.emit('pinged'));
    house.clock.advance(30_000);
    await once(socket, 'ping');
    expect(await answerTo(JSON.stringify(placing))).toMatchObject({ id: 1 });
    house.clock.advance(30_000);
    await once(socket, 'ping');

    const deaf = new WebSocket(house.webSocketUrl, 'mcp', { autoPong: false });
    await once(deaf, 'open');
    house.clock.advance(30_000);
    await once(deaf, 'ping');
    house.clock.advance(30_000);
    await once(deaf, 'close');
    expect(deaf.readyState).toBe(WebSocket.CLOSED);
  });

  test('closing the server says goodbye', async () => {
    await answerTo(JSON.stringify(placing));
    const closed = once(socket, 'close');
    await house.close();
    const [code] = (await closed) as [number];
    expect(code).toBe(1001);
    house = await openMcpHouse();
  });
});

describe('over stdin and stdout', () => {
  let control: FakeCallControl;
  let clock: ManualClock;
  let input: PassThrough;
  let output: PassThrough;
  let served: Promise<void>;
  let lines: string[];
  beforeEach(() => {
    control = new FakeCallControl();
    clock = new ManualClock(fakeStart);
    input = new PassThrough();
    output = new PassThrough();
    lines = [];
    output.on('data', (bytes: Buffer) => lines.push(...bytes.toString().trimEnd().split('\n')));
    served = createMcpLegs(mcpLegsOptions(control, clock)).serveStdio(input, output);
  });

  test('what was asked before the input ended is still answered, and then it is over', async () => {
    input.end(`${JSON.stringify(placing)}\n`);
    await served;
    expect(lines.map(parse)).toMatchObject([{ id: 1, result: { structuredContent: { callId: 'call_1' } } }]);
  });

  test('a batch is answered with an array on one line, also when the input ends behind it', async () => {
    input.end(JSON.stringify([placing, { ...placing, id: 2, method: 'ping', params: {} }]));
    await served;
    expect(lines).toHaveLength(1);
    expect(lines.map(parse)).toEqual([
      expect.arrayContaining([expect.objectContaining({ id: 1 }), expect.objectContaining({ id: 2 })]),
    ]);
  });

  test('a last line needs no line end', async () => {
    input.end(JSON.stringify(placing));
    await served;
    expect(lines).toHaveLength(1);
  });

  test('a wait does not keep the process after the input has ended', async () => {
    await control.place({ to: '+14155550102', goal: 'Book a table' });
    const params = { name: 'telephony_wait', arguments: { callId: 'call_1', after: 'c2' } };
    input.write(`${JSON.stringify({ ...placing, params })}\n`);
    await control.waiters(1);
    input.end();
    await once(input, 'end');
    clock.advance(5000);
    await served;
    await control.waiters(0);
    expect(lines).toEqual([]);
  });

  test('bytes split anywhere are put together, and garbage is answered', async () => {
    const bytes = Buffer.from(`nonsense\n\n${JSON.stringify({ ...placing, id: 'grüß' })}\n`);
    for (const byte of bytes) input.write(Buffer.from([byte]));
    input.end();
    await served;
    expect(lines.map(parse)).toMatchObject([{ error: { code: -32700 } }, { id: 'grüß' }]);
  });

  test('a line without end is not collected for ever', async () => {
    input.write('x'.repeat(maxMessageBytes + 1));
    await served;
    expect(lines).toEqual([]);
  });

  test('a client that no longer reads ends it', async () => {
    output.destroy(new Error('EPIPE'));
    await served;
    expect(input.listenerCount('data')).toBe(0);
  });
});
