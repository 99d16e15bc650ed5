import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { plays, scripted } from '@mcp-telephone/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { marksUpTo, readRuler, ruler, saying } from '../stories/sounds.ts';
import { listens } from './ear.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const longestBearableMs = 6000;
/** Together more than the system takes off a server's hands for a watcher. */
const pastCalls = 400;
const factBytes = 15_000;
const deafWatchers = 4;
/** What their sockets hold, 1 MB each, and what was read for them and waits for the collector. */
const mostMoreMb = 48;
const placersAtOnce = 8;
const longAfter = 20 * 24 * 60 * 60_000;

let house: House | undefined;
const deaf: Socket[] = [];
afterEach(async () => {
  for (const socket of deaf.splice(0)) socket.destroy();
  await house?.close();
});

/** A page that follows all calls from the first on, and never reads a byte of it. */
async function followsDeafly(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  deaf.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(
    `GET /logs?after=0 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
}

test('watchers that never read cost little memory, keep no call and no other watcher waiting, and miss nothing when they read', async () => {
  house = await openHouse();
  const { peers, server, place, until } = house;
  const scheduleAt = new Date(Date.now() + longAfter).toISOString();
  const context = { fact: 'x'.repeat(factBytes) };
  for (let placed = 0; placed < pastCalls; placed += placersAtOnce) {
    await Promise.all(Array.from({ length: placersAtOnce }, () => place({ scheduleAt, context })));
  }
  const gauge = async (name: string) => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)`, 'mu').exec(metrics)?.[1]);
  };
  // What a server's first call makes it take for good is not the watchers'.
  const first = await place({ agent: scripted([plays(ruler('first', 1000), 'Good evening.')]) });
  await until(first, ({ transcript }) => transcript.length > 0);
  peers.network.calls[0]?.person.hangsUp();
  await until(first, ({ call }) => call.endedAt !== null);
  const risenMb = await server.watchMemory();
  await Promise.all(Array.from({ length: deafWatchers }, () => followsDeafly(house?.port ?? 0)));
  await expect.poll(() => gauge('telephone_watchers_behind')).toBe(deafWatchers);

  const seen: string[] = [];
  const attentive = new WebSocket(`ws://127.0.0.1:${house.port}/logs`);
  attentive.on('message', (frame: Buffer) => seen.push(frame.toString()));
  await once(attentive, 'open');
  const ear = listens();
  const callId = await place({
    person: ear.persona,
    agent: scripted(...['a', 'b', 'c'].map((name) => [plays(ruler(name, 1000), `reply ${name}`)])),
  });
  await until(callId, ({ call }) => call.state === 'connected');
  const [, line] = peers.network.calls;
  if (line === undefined) throw new Error('no call was dialed');
  for (const name of ['a', 'b', 'c']) {
    if (name !== 'a') await line.person.plays(saying(`to-${name}`, 800));
    await line.until(() => readRuler(line.heard, name).includes(1000) || undefined, `all of ${name}`);
    expect(readRuler(line.heard, name)).toEqual(marksUpTo(1000));
  }
  line.person.hangsUp();
  expect(ear.longestSilenceMs()).toBeLessThan(longestBearableMs);
  const { call } = await until(callId, (reading) => reading.call.endedAt !== null);
  expect(call.endReason).toMatchObject({ by: 'person', why: 'hung_up' });
  await expect
    .poll(() => seen.some((frame) => frame.includes('call-ended') && frame.includes(callId)))
    .toBe(true);
  attentive.close();
  expect(await gauge('telephone_watchers_behind')).toBe(deafWatchers);
  expect(await risenMb()).toBeLessThan(mostMoreMb);

  // Whoever reads again is told all of it, from the record.
  const [late] = deaf;
  let told = '';
  late?.on('data', (bytes: Buffer) => (told = (told + bytes.toString('latin1')).slice(-100_000)));
  late?.resume();
  const isTold = () => told.includes('"type":"call-ended"') && told.includes(callId);
  await expect.poll(isTold, { timeout: 30_000 }).toBe(true);
});
