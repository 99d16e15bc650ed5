import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { CarrierDoors, MediaStream, MediaStreamListener, StreamClaim } from '../src/carriers/carrier.ts';
import { createTwilio } from '../src/carriers/twilio/index.ts';
import { chunkOfBase64 } from '../src/lib/chunk.ts';
import {
  callSid,
  doorServer,
  HandClock,
  mediaSocket,
  messages,
  streamSid,
  testRuntime,
  twilioConfig,
} from './twilio-side.ts';

const claim = { call: 'call-1', token: 'token-1' };
const payload = Buffer.alloc(160, 0xd5).toString('base64');

/** One attached stream, and what its listener heard. */
interface Attached {
  claim: StreamClaim;
  carrierCallId: string;
  stream: MediaStream;
  heard: string[];
}

let server: Awaited<ReturnType<typeof doorServer>>;
let doors: CarrierDoors;
let clock: HandClock;
let attached: Attached[];
let sockets: WebSocket[];

beforeEach(async () => {
  server = await doorServer();
  clock = new HandClock();
  attached = [];
  sockets = [];
  const office = {
    reported() {},
    detected() {},
    transferAnswered: () => undefined,
    transferTaken: async () => false,
    transferEnded: () => undefined,
    streamFailed() {},
    recorded() {},
    answered: () => Promise.resolve(undefined),
    attached(
      claim: StreamClaim,
      carrierCallId: string,
      stream: MediaStream,
    ): MediaStreamListener | undefined {
      if (claim.streamToken === 'token-that-throws') throw new Error('the office is on fire');
      if (claim.streamToken !== 'token-1') return undefined;
      const heard: string[] = [];
      attached.push({ claim, carrierCallId, stream, heard });
      return {
        audio: (chunk, streamTimeMs) => {
          heard.push(`audio ${chunk.ms} ms at ${streamTimeMs}: ${Buffer.from(chunk.base64).toString()}`);
        },
        markReached: (name) => {
          if (name === 'mark-that-throws') throw new Error('the listener is on fire');
          heard.push(`mark ${name}`);
        },
        digit: (digit) => void heard.push(`digit ${digit}`),
        closed: () => void heard.push('closed'),
      };
    },
  };
  doors = createTwilio(twilioConfig({ publicUrl: server.origin }), testRuntime(clock)).doors(office);
  server.open(doors);
});

afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await server.stop();
});

async function opened(): Promise<WebSocket> {
  const socket = mediaSocket(server.origin);
  sockets.push(socket);
  await once(socket, 'open');
  return socket;
}

async function started(call = 'call-1'): Promise<{ socket: WebSocket } & Attached> {
  const socket = await opened();
  const isNew = ({ claim }: Attached) => claim.callId === call && !before.has(claim);
  const before = new Set(attached.map(({ claim }) => claim));
  socket.send(messages.connected);
  socket.send(messages.start({ ...claim, call }));
  await until(() => attached.some(isNew));
  return { socket, ...(attached.find(isNew) as Attached) };
}

const closeCode = async (socket: WebSocket): Promise<number> =>
  ((await once(socket, 'close')) as [number])[0];
const until = (isTrue: () => boolean) => vi.waitUntil(isTrue, { interval: 1, timeout: 4_000 });

/** Resolves to the HTTP status that an upgrade was refused with. */
async function refusal(socket: WebSocket): Promise<number | undefined> {
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode?: number }];
  socket.terminate();
  return response.statusCode;
}

describe('who may open a media stream', () => {
  test('nobody without the right signature', async () => {
    expect(await refusal(mediaSocket(server.origin, 'a guessed token'))).toBe(403);
    expect(attached).toEqual([]);
  });

  test('a stranger whose connection breaks during the refusal does no harm', async () => {
    const { port } = new URL(server.origin);
    for (let count = 0; count < 20; count += 1) {
      const raw = connect(Number(port), '127.0.0.1');
      await once(raw, 'connect');
      raw.write('GET /call HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      raw.resetAndDestroy();
    }
    expect((await started()).carrierCallId).toBe(callSid);
  });

  test('one whose start presents a known claim', async () => {
    const { claim, carrierCallId, stream } = await started();
    expect(claim).toEqual({ callId: 'call-1', streamToken: 'token-1' });
    expect(carrierCallId).toBe(callSid);
    expect(stream.streamId).toBe(streamSid);
  });

  test.each([
    ['an unknown token', { call: 'call-1', token: 'used' }],
    ['no token', { call: 'call-1' }],
    ['no call', { token: 'token-1' }],
    ['nothing', {}],
  ])('a start with %s is closed with 1008', async (_, parameters: Record<string, string>) => {
    const socket = await opened();
    socket.send(messages.start(parameters));
    expect(await closeCode(socket)).toBe(1008);
    expect(attached).toEqual([]);
  });

  test('a start that the office fails on is closed with 1011', async () => {
    const socket = await opened();
    socket.send(messages.start({ ...claim, token: 'token-that-throws' }));
    expect(await closeCode(socket)).toBe(1011);
  });

  test('a socket that sends no valid start within 5 s is closed with 1008', async () => {
    const socket = await opened();
    socket.send(messages.connected);
    socket.send(messages.media(20, payload));
    socket.send('{"event":"start"}');
    socket.send('garbage');
    socket.send(Buffer.from([1, 2, 3]));
    clock.advance(4_999);
    await nextTurn();
    expect(socket.readyState).toBe(socket.OPEN);
    clock.advance(1);
    expect(await closeCode(socket)).toBe(1008);
  });

  test('sockets waiting for their start are capped, and a place is free again once one has started', async () => {
    const waiting = await Promise.all(Array.from({ length: 200 }, () => opened()));
    expect(await refusal(mediaSocket(server.origin))).toBe(503);
    (waiting[0] as WebSocket).send(messages.start(claim));
    await until(() => attached.length === 1);
    await opened();
    expect(await refusal(mediaSocket(server.origin))).toBe(503);
    (waiting[1] as WebSocket).terminate();
    await until(() => clock.pendingCount === 1 + 199);
    await opened();
  });
});

describe('a stream that runs', () => {
  test('brings audio with its stream time, marks and digits, in order', async () => {
    const { socket, heard } = await started();
    socket.send(messages.media(20, payload));
    socket.send(messages.media(40, 'fw=='));
    socket.send(messages.media(60, payload).replace('"inbound"', '"outbound"'));
    socket.send('{"event":"new-thing"}');
    socket.send('{"event":"media"');
    socket.send(Buffer.from(messages.mark('binary')));
    socket.send(messages.start({ call: 'call-1', token: 'token-1' }));
    socket.send(messages.mark('item_1:200'));
    socket.send(messages.dtmf('#'));
    await until(() => heard.length === 4);
    expect(heard).toEqual([
      `audio 20 ms at 20: ${payload}`,
      'audio 0.125 ms at 40: fw==',
      'mark item_1:200',
      'digit #',
    ]);
    expect(attached).toHaveLength(1);
  });

  test('goes on after a text message that is not UTF-8', async () => {
    const { socket, heard } = await started();
    socket.send(Buffer.from([0xff, 0xfe, 0x7b]), { binary: false });
    socket.send(messages.mark('item_1:200'));
    await until(() => heard.length === 1);
    expect(heard).toEqual(['mark item_1:200']);
  });

  test('plays, marks and clears in text frames, without compression', async () => {
    const { socket, stream } = await started();
    const received: string[] = [];
    socket.on('message', (data: Buffer, isBinary) => received.push(`${isBinary} ${data.toString()}`));
    stream.play(chunkOfBase64(Buffer.from(payload)), 'item_1:20');
    stream.clear();
    await until(() => received.length === 3);
    expect(received).toEqual([
      `false {"event":"media","streamSid":"${streamSid}","media":{"payload":"${payload}"}}`,
      `false {"event":"mark","streamSid":"${streamSid}","mark":{"name":"item_1:20"}}`,
      `false {"event":"clear","streamSid":"${streamSid}"}`,
    ]);
    expect(socket.extensions).toBe('');
  });

  test('ends for its listener once, at stop, and is closed although Twilio does not', async () => {
    const { socket, heard } = await started();
    socket.send(messages.stop);
    socket.send(messages.media(20, payload));
    expect(await closeCode(socket)).toBe(1000);
    expect(heard).toEqual(['closed']);
  });

  test('ends when its socket breaks, and then takes no more', async () => {
    const { socket, heard, stream } = await started();
    socket.terminate();
    await until(() => heard.length === 1);
    stream.play(chunkOfBase64(Buffer.from(payload)), 'late');
    stream.clear();
    stream.close();
    expect(heard).toEqual(['closed']);
    expect(stream.backlogBytes).toBe(0);
    expect(clock.pendingCount).toBe(0);
  });

  test('closed by us sends what was played before, and drops what comes after', async () => {
    const { socket, heard, stream } = await started();
    const received: string[] = [];
    socket.on('message', (data: Buffer) => received.push(data.toString()));
    stream.play(chunkOfBase64(Buffer.from(payload)), 'last');
    stream.close();
    stream.play(chunkOfBase64(Buffer.from(payload)), 'too late');
    socket.send(messages.media(20, payload));
    expect(await closeCode(socket)).toBe(1000);
    await until(() => heard.length === 1);
    expect(heard).toEqual(['closed']);
    const marks = received.map((text) => (JSON.parse(text) as { mark?: { name: string } }).mark?.name);
    expect(marks).toEqual([undefined, 'last']);
  });

  test('ends when Twilio goes quiet for 10 s without closing, and not before', async () => {
    const { socket, heard } = await started();
    clock.advance(8_000);
    socket.send(messages.media(20, payload));
    await until(() => heard.length === 1);
    clock.advance(10_000);
    expect(heard).not.toContain('closed');
    clock.advance(2_000);
    expect(heard.at(-1)).toBe('closed');
    await closeCode(socket);
    expect(clock.pendingCount).toBe(0);
  });

  test('ends with 1009 at a message above 1 MB', async () => {
    const { socket, heard } = await started();
    socket.on('error', () => {});
    socket.send(messages.media(20, 'A'.repeat(1024 * 1024)));
    expect(await closeCode(socket)).toBe(1009);
    await until(() => heard.length === 1);
    expect(heard).toEqual(['closed']);
  });

  test('keeps the newest audio, and no more than 3 MB, while Twilio takes none', async () => {
    const { socket, stream } = await started();
    const marks: string[] = [];
    socket.on('message', (data: Buffer) => {
      const { mark } = JSON.parse(data.toString()) as { mark?: { name: string } };
      if (mark !== undefined) marks.push(mark.name);
    });
    socket.pause();
    const second = chunkOfBase64(Buffer.from(Buffer.alloc(8000, 0xff).toString('base64')));
    const names = Array.from({ length: 3000 }, (_, index) => String(index));
    for (const name of names) stream.play(second, name);
    expect(stream.backlogBytes).toBeGreaterThan(1024 * 1024);
    expect(stream.backlogBytes).toBeLessThan(3 * 1024 * 1024);
    socket.resume();
    await until(() => marks.at(-1) === '2999');
    expect(marks[0]).toBe('0');
    expect(marks.length).toBeLessThan(names.length);
    expect(marks.slice(-100)).toEqual(names.slice(-100));
    expect(stream.backlogBytes).toBe(0);
  });

  test('drops what waits at a clear', async () => {
    const { socket, stream } = await started();
    const texts: string[] = [];
    socket.on('message', (data: Buffer) => texts.push(data.toString()));
    socket.pause();
    const second = chunkOfBase64(Buffer.from(Buffer.alloc(8000, 0xff).toString('base64')));
    for (let count = 0; count < 1000; count += 1) stream.play(second, String(count));
    stream.clear();
    socket.resume();
    await until(() => texts.at(-1)?.includes('clear') === true);
    expect(texts.filter((text) => text.includes('"mark"')).length).toBeLessThan(900);
  });

  test('is lost when Twilio takes no audio for 10 s', async () => {
    const { socket, heard, stream } = await started();
    socket.pause();
    const second = chunkOfBase64(Buffer.from(Buffer.alloc(8000, 0xff).toString('base64')));
    for (let count = 0; count < 1000; count += 1) stream.play(second, String(count));
    for (let passedMs = 0; passedMs < 8000; passedMs += 2000) {
      socket.send(messages.mark(`still here ${passedMs}`));
      await until(() => heard.length === 1 + passedMs / 2000);
      clock.advance(2000);
    }
    expect(heard).not.toContain('closed');
    socket.send(messages.mark('and here'));
    await until(() => heard.length === 5);
    clock.advance(2000);
    expect(heard.at(-1)).toBe('closed');
  });

  test('whose listener fails is closed with 1011, and its neighbour does not notice', async () => {
    const broken = await started();
    const neighbour = await started();
    broken.socket.send(messages.mark('mark-that-throws'));
    expect(await closeCode(broken.socket)).toBe(1011);
    await until(() => broken.heard.length === 1);
    expect(broken.heard).toEqual(['closed']);
    neighbour.socket.send(messages.mark('fine'));
    await until(() => neighbour.heard.length === 1);
    expect(neighbour.heard).toEqual(['mark fine']);
  });

  test('never brings its digits to another call', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `call-${index}`);
    const calls = await Promise.all(names.map((name) => started(name)));
    for (const [index, { socket }] of calls.entries()) socket.send(messages.dtmf(String(index % 10)));
    await until(() => calls.every(({ heard }) => heard.length > 0));
    expect(calls.map(({ claim, heard }) => [claim.callId, heard.join()])).toEqual(
      names.map((name, index) => [name, `digit ${index % 10}`]),
    );
  });
});

test('closing the doors closes every socket with 1001 and refuses new ones', async () => {
  const { socket, heard } = await started();
  const waiting = await opened();
  const codes = Promise.all([closeCode(socket), closeCode(waiting)]);
  doors.close();
  expect(await codes).toEqual([1001, 1001]);
  await until(() => heard.length === 1);
  expect(await refusal(mediaSocket(server.origin))).toBe(503);
  expect(clock.pendingCount).toBe(0);
});
