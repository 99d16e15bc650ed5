import { once } from 'node:events';
import { createServer } from 'node:http';
import { globalAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { FrameSocket } from '../src/lib/frames/frame-socket.ts';
import { acceptFrames, connectFrames, UpgradeRefused } from '../src/lib/frames/handshake.ts';
import { silentLog } from '../src/lib/log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';

/** Our WebSocket codec against the `ws` package's, and against bytes that no library sends. */

const { clock } = systemRuntime(silentLog);
const mostMessageBytes = 100_000;
const sizes = [0, 1, 125, 126, 127, 65_535, 65_536, mostMessageBytes];
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).toReversed()) close();
});

/** What one side was told. */
class Told {
  readonly lines: string[] = [];
  #look: () => void = () => {};

  readonly listener = {
    message: (bytes: Buffer, isText: boolean) => this.add(`${isText ? 'text' : 'binary'} ${shown(bytes)}`),
    pong: () => this.add('pong'),
    closed: (code: number, reason: string) => this.add(`closed ${code} ${reason}`.trim()),
  };

  add(line: string): void {
    this.lines.push(line);
    this.#look();
  }

  async until(count: number): Promise<readonly string[]> {
    while (this.lines.length < count) await new Promise<void>((resolve) => (this.#look = resolve));
    return this.lines;
  }
}

function shown(bytes: Buffer): string {
  return bytes.length > 40 ? `${bytes.length} ${bytes.every((byte) => byte === 0x61)}` : bytes.toString();
}

/** A server of ours; each connection echoes its text. */
async function ourServer() {
  const told = new Told();
  const accepted: FrameSocket[] = [];
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    const frames = acceptFrames(request, socket, { mostMessageBytes, clock });
    if (frames === undefined) return;
    accepted.push(frames);
    frames.start(head, {
      ...told.listener,
      message: (bytes, isText) => {
        told.listener.message(bytes, isText);
        frames.sendSpliced(bytes.subarray(0, 1), bytes.subarray(1), Buffer.alloc(0));
      },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(
    () => server.close(),
    () => accepted.forEach((frames) => frames.terminate()),
  );
  const { port } = server.address() as AddressInfo;
  return { told, accepted, port, url: `ws://127.0.0.1:${port}` };
}

async function theirClient(url: string): Promise<{ socket: WebSocket; told: Told }> {
  const socket = new WebSocket(url);
  const told = new Told();
  socket.on('message', (data: Buffer, isBinary) => told.listener.message(data, !isBinary));
  socket.on('close', (code, reason) => told.listener.closed(code, reason.toString()));
  socket.on('pong', () => told.listener.pong());
  socket.on('error', () => {});
  await once(socket, 'open');
  closers.push(() => socket.terminate());
  return { socket, told };
}

/** A client that writes raw bytes behind a handshake. */
async function rawClient(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  closers.push(() => socket.destroy());
  return socket;
}

/** A masked frame, byte by byte as RFC 6455, 5.2 draws it. */
function masked(first: number, payload: string): Buffer {
  const mask = [1, 2, 3, 4];
  const bytes = Buffer.from(payload).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.from([first, 0x80 | bytes.length, ...mask, ...bytes]);
}

test('messages of every size come through both ways', async () => {
  const { told, url } = await ourServer();
  const client = await theirClient(url);
  for (const size of sizes) client.socket.send('a'.repeat(size));
  const wanted = sizes.map((size) => `text ${shown(Buffer.alloc(size, 'a'))}`);
  expect(await told.until(sizes.length)).toEqual(wanted);
  expect(await client.told.until(sizes.length)).toEqual(wanted);
});

test('messages of a server come through, and ours to it, masked anew each time', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  closers.push(() => server.close());
  await once(server, 'listening');
  server.on('connection', (socket) => {
    closers.push(() => socket.terminate());
    socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const told = new Told();
  const frames = await new Promise<FrameSocket>((resolve, reject) => {
    connectFrames(
      `ws://127.0.0.1:${(server.address() as AddressInfo).port}/path`,
      { headers: {}, tlsAgent: globalAgent, signal: new AbortController().signal, mostMessageBytes, clock },
      (opened, start) => {
        start(told.listener);
        resolve(opened);
      },
      reject,
    );
  });
  closers.push(() => frames.terminate());
  for (const size of sizes) frames.send('a'.repeat(size));
  frames.ping();
  await told.until(sizes.length + 1);
  expect(told.lines).toEqual([...sizes.map((size) => `text ${shown(Buffer.alloc(size, 'a'))}`), 'pong']);
  frames.close(1000, 'done');
  expect((await told.until(sizes.length + 2)).at(-1)).toBe('closed 1000 done');
  expect(frames.isOpen).toBe(false);
});

test('a status in place of the upgrade is told as it is', async () => {
  const server = createServer((_request, response) => response.writeHead(429).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const refusal = await new Promise<Error>((resolve, reject) => {
    connectFrames(
      `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      { headers: {}, tlsAgent: globalAgent, signal: new AbortController().signal, mostMessageBytes, clock },
      () => reject(new Error('it opened')),
      resolve,
    );
  });
  expect(refusal).toBeInstanceOf(UpgradeRefused);
  expect((refusal as UpgradeRefused).status).toBe(429);
});

test('frames that come byte by byte, in pieces and with pings between are put together', async () => {
  const { told, port } = await ourServer();
  const socket = await rawClient(port);
  const bytes = Buffer.concat([
    masked(0x01, 'Good '),
    masked(0x89, 'there?'),
    masked(0x00, 'morn'),
    masked(0x80, 'ing'),
    masked(0x81, 'again'),
    masked(0x82, 'bytes'),
  ]);
  for (const byte of bytes) socket.write(Buffer.from([byte]));
  expect(await told.until(3)).toEqual(['text Good morning', 'text again', 'binary bytes']);
  expect(socket.read() ?? (await once(socket, 'data'))[0]).toBeDefined();
});

test('a ping is answered with what it carries', async () => {
  const { url } = await ourServer();
  const client = await theirClient(url);
  const answered = once(client.socket, 'pong');
  client.socket.ping('are you there?');
  expect(String(((await answered) as [Buffer])[0])).toBe('are you there?');
});

test('a close is answered, and told once', async () => {
  const { told, url } = await ourServer();
  const client = await theirClient(url);
  client.socket.close(4001, 'enough');
  expect(await told.until(1)).toEqual(['closed 4001 enough']);
  expect(await client.told.until(1)).toEqual(['closed 4001']);
});

test('a connection that ends without a close is told as 1006', async () => {
  const { told, port } = await ourServer();
  (await rawClient(port)).end();
  expect(await told.until(1)).toEqual(['closed 1006']);
});

test.each([
  ['reserved bits', Buffer.from([0xc1, 0x80, 0, 0, 0, 0])],
  ['no mask', Buffer.from([0x81, 0x01, 0x61])],
  ['an unknown kind', masked(0x83, 'x')],
  ['an unknown control frame', masked(0x8b, 'x')],
  ['a control frame in pieces', masked(0x09, 'x')],
  ['a piece of nothing', masked(0x80, 'x')],
  ['a message within a message', Buffer.concat([masked(0x01, 'x'), masked(0x81, 'y')])],
  ['half a close code', masked(0x88, 'x')],
])('%s ends the connection with 1002', async (_, bytes) => {
  const { told, port } = await ourServer();
  const socket = await rawClient(port);
  socket.write(bytes);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect([...answer]).toEqual([0x88, 2, 1002 >> 8, 1002 & 0xff]);
  expect((await told.until(1))[0]).toMatch(/^closed 1002/u);
});

test.each([
  ['in one frame', (socket: WebSocket) => socket.send('a'.repeat(mostMessageBytes + 1))],
  [
    'in pieces',
    (socket: WebSocket) => {
      for (let sent = 0; sent <= mostMessageBytes; sent += 1000)
        socket.send('a'.repeat(1000), { fin: false });
    },
  ],
])('a message that is too long, %s, ends the connection with 1009', async (_, send) => {
  const { told, url } = await ourServer();
  const client = await theirClient(url);
  send(client.socket);
  expect(await client.told.until(1)).toEqual(['closed 1009']);
  expect((await told.until(1))[0]).toMatch(/^closed 1009/u);
});

test('a request that is no WebSocket handshake is refused', async () => {
  const { port } = await ourServer();
  const socket = connect(port, '127.0.0.1');
  closers.push(() => socket.destroy());
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /u);
});
