import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { CallEvent } from '../src/call/call-event.ts';
import type { Clock } from '../src/lib/runtime.ts';
import { chunkOfBase64 } from '../src/lib/chunk.ts';
import { silentLog } from '../src/lib/log.ts';
import type { HttpRooms } from '../src/http/http-doors.ts';
import { readConfig } from '../src/config/read-config.ts';
import { Client, requested, serve } from './http-fakes.ts';
import type { Served } from './http-fakes.ts';

async function served(rooms: Partial<HttpRooms> = {}): Promise<Served> {
  const doors = await serve({}, rooms);
  onTestFinished(() => doors.close());
  return doors;
}

function ringing(callId: string): CallEvent {
  return { type: 'call-ringing', callId, sequence: 2, at: 2_000 };
}

test('a page’s phone is joined to the simulated network, in both directions, until either leaves', async () => {
  const network = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => network.close());
  await once(network, 'listening');
  const plugged = once(network, 'connection') as Promise<[WebSocket]>;
  const { port } = network.address() as AddressInfo;
  const config = { ...readConfig({ PORT: '0' }), softphoneUrl: `ws://127.0.0.1:${port}` };
  const { url } = await served({ config });
  const page = new Client(`${url}/phone/ws`);
  await once(page.socket, 'open');
  page.socket.send('{"type":"answer"}');
  const [phone] = await plugged;
  expect(String((await once(phone, 'message'))[0])).toBe('{"type":"answer"}');
  page.socket.send(Buffer.from([1, 2, 3]));
  expect(await once(phone, 'message')).toEqual([Buffer.from([1, 2, 3]), true]);
  phone.send('{"type":"connected"}');
  expect(await page.received(1)).toEqual([{ type: 'connected' }]);
  const closed = page.closed();
  phone.close();
  expect(await closed).toMatchObject({ code: 1011 });
});

test('a listener is told who speaks, and what it says faster than real time is dropped', async () => {
  const { url, control } = await served();
  control.record(requested('call_a'));
  const frames: Buffer[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/phone/listen?callId=call_a`);
  const texts: string[] = [];
  socket.on('message', (data: Buffer, isBinary) =>
    isBinary ? frames.push(data) : texts.push(data.toString('utf8')),
  );
  await expect.poll(() => texts).toEqual(['{"type":"listening"}']);
  const [listened] = control.listened;
  listened?.ear.audio('agent', chunkOfBase64(Buffer.from('AQID')));
  listened?.ear.audio('person', chunkOfBase64(Buffer.from('BA==')));
  await expect.poll(() => frames).toEqual([Buffer.from([1, 1, 2, 3]), Buffer.from([0, 4])]);

  socket.send('{"type":"take-over"}');
  await expect.poll(() => texts.at(-1)).toBe('{"type":"taken-over"}');
  for (let second = 0; second < 60; second++) socket.send(Buffer.alloc(8000));
  socket.send('{"type":"give-back"}');
  await expect.poll(() => control.wishes).toEqual(['take over', 'give back']);
  expect(control.spoken.length).toBeLessThan(30);
  listened?.onEnd();
  expect(await once(socket, 'close')).toEqual([1000, Buffer.alloc(0)]);
  await expect.poll(() => control.wishes.at(-1)).toBe('stop');
});

test('in front of a real phone network no page has a phone', async () => {
  const { url } = await served();
  expect(await new Client(`${url}/phone/ws`).closed()).toMatchObject({ code: 1008 });
});

test('a watcher is told history, then that it is caught up, then what happens', async () => {
  const { url, control } = await served();
  control.record(requested('call_a'));
  const client = new Client(`${url}/logs`);
  await client.received(2);
  control.record(ringing('call_a'));
  for (const watcher of control.watchers.keys()) {
    watcher.hint({ type: 'turn-growing', callId: 'call_a', turnId: 't1', speaker: 'agent', text: 'Hel' });
  }
  expect(await client.received(4)).toEqual([
    { type: 'event', position: 10, event: requested('call_a') },
    { type: 'caught-up' },
    { type: 'event', position: 20, event: ringing('call_a') },
    {
      type: 'hint',
      hint: { type: 'turn-growing', callId: 'call_a', turnId: 't1', speaker: 'agent', text: 'Hel' },
    },
  ]);
});

test('a watcher may ask for one call, and only for what came after a position', async () => {
  const { url, control } = await served();
  control.record(requested('call_a'));
  control.record(requested('call_b'));
  control.record(ringing('call_a'));
  const one = new Client(`${url}/logs?callId=call_b`);
  expect(await one.received(2)).toMatchObject([{ event: { callId: 'call_b' } }, { type: 'caught-up' }]);
  const resumed = new Client(`${url}/logs?callId=call_a&after=10`);
  expect(await resumed.received(2)).toMatchObject([{ position: 30 }, { type: 'caught-up' }]);
});

test.each(['abc', '-1', '1.5', '1e3', '99999999999999999999'])(
  'a watcher with the cursor %s is told that it makes no sense',
  async (after) => {
    const { url } = await served();
    const closed = await new Client(`${url}/logs?after=${after}`).closed();
    expect(closed.code).toBe(1008);
    expect(closed.reason).toContain('after');
  },
);

test('a watcher that leaves is no longer told anything', async () => {
  const { url, control } = await served();
  const before = control.watchers.size;
  const client = new Client(`${url}/logs`);
  await client.received(1);
  expect(control.watchers.size).toBe(before + 1);
  client.socket.terminate();
  await expect.poll(() => control.watchers.size).toBe(before);
});

test('a watcher that was dropped is told to come back, and what it says itself is ignored', async () => {
  const { url, control } = await served();
  const before = new Set(control.watchers.keys());
  const client = new Client(`${url}/logs`);
  await client.received(1);
  client.socket.send('{"type":"session.update"}');
  const watcher = [...control.watchers.keys()].find((watcher) => !before.has(watcher));
  expect(watcher?.isSlow()).toBe(false);
  const closing = client.closed();
  watcher?.onDropped();
  expect(await closing).toMatchObject({ code: 1013 });
});

test('a watcher that reads nothing becomes slow', async () => {
  const { url, control } = await served();
  const before = new Set(control.watchers.keys());
  const client = new Client(`${url}/logs`);
  await client.received(1);
  client.socket.pause();
  const watcher = [...control.watchers.keys()].find((watcher) => !before.has(watcher));
  const text = 'word '.repeat(20_000);
  for (let hints = 0; hints < 200 && watcher?.isSlow() === false; hints += 1) {
    watcher.hint({ type: 'turn-growing', callId: 'c', turnId: 't', speaker: 'agent', text });
    await new Promise(setImmediate);
  }
  expect(watcher?.isSlow()).toBe(true);
  client.socket.terminate();
});

test('a peer that answers no ping is dropped', async () => {
  const checks = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    elapsed: () => 0,
    after(_ms, task) {
      checks.add(task);
      return () => checks.delete(task);
    },
  };
  const { url, control } = await served({ runtime: { clock, log: silentLog, fetch } });
  const before = control.watchers.size;
  const client = new Client(`${url}/logs`);
  await client.received(1);
  const runChecks = (): void => {
    for (const check of checks) {
      checks.delete(check);
      check();
    }
  };
  runChecks();
  await once(client.socket, 'ping');
  client.socket.pause();
  await expect
    .poll(() => {
      runChecks();
      return control.watchers.size;
    })
    .toBe(before);
  client.socket.terminate();
});

test('MCP over WebSocket echoes its subprotocol and gets whole messages', async () => {
  const { url } = await served();
  const client = new Client(`${url}/mcp/ws`, { protocols: ['other', 'mcp'] });
  await once(client.socket, 'open');
  expect(client.socket.protocol).toBe('mcp');
  client.socket.send(JSON.stringify({ jsonrpc: '2.0' }));
  expect(await client.received(1)).toEqual([{ jsonrpc: '2.0' }]);
});

test('MCP over WebSocket also takes clients that offer no subprotocol', async () => {
  const { url } = await served();
  const client = new Client(`${url}/mcp/ws`);
  await once(client.socket, 'open');
  expect(client.socket.protocol).toBe('');
});

test.each([
  ['/mcp/ws', 1024 * 1024 + 1],
  ['/logs', 5000],
])('at %s a message of %d bytes ends the socket and nothing else', async (path, bytes) => {
  const { url } = await served();
  const client = new Client(url + path);
  await once(client.socket, 'open');
  client.socket.send('x'.repeat(bytes));
  expect(await client.closed()).toMatchObject({ code: 1009 });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('sockets are not compressed, even when the client offers it', async () => {
  const { url } = await served();
  const clients = ['/mcp/ws', '/logs'].map((path) => new Client(url + path));
  await Promise.all(clients.map((client) => once(client.socket, 'open')));
  expect(clients.map((client: { socket: WebSocket }) => client.socket.extensions)).toEqual(['', '']);
});

test('media sockets go to the carrier, whoever they come from', async () => {
  const { url, carrierDoors } = await served();
  const client = new Client(`${url}/call/?x=1`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect(await client.received(1)).toEqual(['media']);
  expect(carrierDoors.mediaSockets.clients.size).toBe(1);
});

test('a failing carrier answers an upgrade with a fault, and the server goes on', async () => {
  const { url, carrierDoors } = await served();
  carrierDoors.upgrade = () => {
    throw new Error('secret detail');
  };
  expect(await new Client(`${url}/call`).refused()).toBe(500);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
