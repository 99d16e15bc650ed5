import { existsSync, readdirSync } from 'node:fs';
import { plays, scripted } from '@mcp-telephone/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { marksUpTo, readRuler, ruler, saying } from '../stories/sounds.ts';
import { openCrowd } from './crowd.ts';
import type { Crowd } from './crowd.ts';
import { listens } from './ear.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const crowdSize = 1200;
const replyMs = 1000;
const longestBearableMs = 6000;
/** What a server may hold more than before when nobody is left: pools and caches, but no thousand connections. */
const moreFiles = 20;
const moreMb = 64;

let house: House | undefined;
let crowd: Crowd | undefined;
let counting: NodeJS.Timeout | undefined;
afterEach(async () => {
  clearInterval(counting);
  crowd?.leave();
  await house?.close();
});

/** The open files of a process, its connections among them; undefined where the system does not tell. */
function openFiles(pid: number): number | undefined {
  const folder = `/proc/${pid}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : undefined;
}

test('a crowd that connects and never says what it wants is shed in seconds, and a call goes on meanwhile', async () => {
  house = await openHouse({ MAX_CONNECTIONS_PER_ADDRESS: '100000' });
  const { peers, server, place, until } = house;
  const ear = listens();
  const callId = await place({
    person: ear.persona,
    agent: scripted(
      ...Array.from({ length: 60 }, (_, nth) => [plays(ruler(`r${nth}`, replyMs), `reply ${nth}`)]),
    ),
  });
  await until(callId, ({ call }) => call.state === 'connected');
  const [line] = peers.network.calls;
  const [model] = peers.model.sessions;
  if (line === undefined || model === undefined) throw new Error('the call has no line or no model');
  const isAnswered = (nth: number) =>
    line.until(() => readRuler(line.heard, `r${nth}`).includes(replyMs) || undefined, `reply ${nth}`);
  await isAnswered(0);
  const filesBefore = openFiles(server.pid);
  const memoryBefore = await server.memoryMb().catch(() => undefined);

  let mostFiles = 0;
  // Whoever has connected is not yet with the server: it takes them in when it comes to it.
  counting = setInterval(() => (mostFiles = Math.max(mostFiles, openFiles(server.pid) ?? 0)), 50);
  const comers = openCrowd(house.port, peers.authToken, crowdSize);
  crowd = comers;
  // They talk with each other, and another call is placed, until the last of the crowd is gone.
  const another = place({ agent: scripted([plays(ruler('z', replyMs), 'another greeting')]) });
  let replies = 1;
  for (; comers.left > 0; replies++) {
    await line.person.plays(saying(`to-${replies}`, 800));
    await isAnswered(replies);
  }
  line.person.hangsUp();
  expect(replies).toBeGreaterThan(2);
  expect(ear.longestSilenceMs()).toBeLessThan(longestBearableMs);
  const numbers = Array.from({ length: replies }, (_, nth) => nth);
  for (const nth of numbers) expect(readRuler(line.heard, `r${nth}`)).toEqual(marksUpTo(replyMs));
  const said = numbers.slice(1).flatMap((nth) => Array<string>(4).fill(`to-${nth}`));
  expect(model.words).toBe(said.join(' '));
  const { call, transcript } = await until(callId, (reading) => reading.call.endedAt !== null);
  expect(call.endReason).toMatchObject({ by: 'person', why: 'hung_up' });
  const agentSaid = transcript.flatMap((turn) => (turn.speaker === 'agent' ? [turn.text] : []));
  expect(agentSaid).toEqual(numbers.map((nth) => `reply ${nth}`));
  const { call: other } = await until(await another, (reading) => reading.call.answeredAt !== null);
  expect(other.state).toBe('connected');

  if (filesBefore !== undefined) {
    await comers.arrived;
    expect(mostFiles).toBeGreaterThan(filesBefore + crowdSize / 2);
    await expect.poll(() => openFiles(server.pid)).toBeLessThan(filesBefore + moreFiles);
  }
  if (memoryBefore !== undefined) expect(await server.memoryMb()).toBeLessThan(memoryBefore + moreMb);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/telephone_media_sockets_refused_total\{reason="no-start"\} [1-9]/u);
});
