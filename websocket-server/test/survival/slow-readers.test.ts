import { plays, scripted } from '@mcp-telephone/simulator';
import type { Act } from '@mcp-telephone/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { marksUpTo, readRuler, ruler, saying } from '../stories/sounds.ts';
import { picksUp } from '../stories/peers.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const words = Array.from({ length: 60 }, (_, i) => `word${i + 1}`).join(' ');
/** Far more than a server may keep for a peer that takes nothing. */
const floodBytes = 96 * 1024 * 1024;
const mostKeptMb = 4;
/** What is kept, and some 30 to 50 MB that were read and that the collector has not taken yet. */
const mostMoreMb = 72;
const floodChunkMs = 2000;
const silentByte = 0xff;

let house: House | undefined;
afterEach(() => house?.close());

/** A call in which the agent has greeted, and a little audio went both ways before anything is measured. */
async function talking(...agent: readonly (readonly Act[])[]) {
  house = await openHouse();
  const callId = await house.place({
    person: picksUp(),
    agent: scripted([plays(ruler('hi', 600), 'Good evening.')], ...agent),
  });
  await house.until(callId, ({ call }) => call.state === 'connected');
  const [line] = house.peers.network.calls;
  const [model] = house.peers.model.sessions;
  if (line === undefined || model === undefined) throw new Error('the call has no line or no model');
  const heard = (name: string, ms: number) =>
    line.until(() => readRuler(line.heard, name).includes(ms) || undefined, `${ms} ms of ${name}`);
  await heard('hi', 600);
  const { stream } = line;
  if (stream === undefined) throw new Error('the call has no media stream');
  return { house, callId, line, stream, model, heard };
}

async function expectLittleKept({ server }: House, risenMb: () => Promise<number>): Promise<void> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const waiting = [...metrics.matchAll(/^telephone_audio_waiting_bytes\{[^}]*\} (\d+)/gmu)];
  expect(waiting).toHaveLength(2);
  const keptMb = waiting.reduce((sum, [, bytes]) => sum + Number(bytes), 0) / 2 ** 20;
  expect(keptMb).toBeGreaterThan(0);
  expect(keptMb).toBeLessThan(mostKeptMb);
  expect(await risenMb()).toBeLessThan(mostMoreMb);
}

test('a carrier that stops reading in mid-sentence costs little memory, and the person then hears what is newest', async () => {
  const call = await talking(
    [plays(ruler('a', 20_000), words)],
    [plays(ruler('b', 1000), 'You were saying?')],
  );
  const { line, stream, model, heard } = call;
  await line.person.plays(saying('hello', 800));
  await heard('a', 1000);
  const risenMb = await call.house.server.watchMemory();
  stream.stopsReading();
  const delta = Buffer.from(ruler('f', floodChunkMs)).toString('base64');
  const ids = '"event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0';
  const flood = `{"type":"response.output_audio.delta",${ids},"delta":"${delta}"}`;
  for (let sent = 0; sent < floodBytes; sent += delta.length) model.sendText(flood);
  await line.person.plays(saying('wait', 800));
  // Whoever knows of the interruption has read all that came before it.
  await model.waitFor('conversation.item.truncate');
  await expectLittleKept(call.house, risenMb);
  stream.readsOn();
  await heard('b', 1000);
  const marks = line.heard.map(({ text }) => text).filter((text) => /^[abf]:/u.test(text));
  expect(marks.slice(marks.indexOf('b:20'))).toEqual(marksUpTo(1000).map((ms) => `b:${ms}`));
  const a = readRuler(line.heard, 'a');
  expect(a).toEqual(marksUpTo(20 * a.length));
  line.person.hangsUp();
  const { call: record, transcript } = await call.house.until(
    call.callId,
    (now) => now.call.endedAt !== null,
  );
  expect(record.endReason).toMatchObject({ by: 'person', why: 'hung_up' });
  expect(transcript).toMatchObject([
    { speaker: 'agent', text: 'Good evening.' },
    { speaker: 'person', text: expect.stringMatching(/^hello/u) },
    { speaker: 'agent', text: expect.stringMatching(/^word1 /u), isInterrupted: true },
    { speaker: 'person', text: expect.stringMatching(/^wait/u) },
    { speaker: 'agent', text: 'You were saying?', isInterrupted: false },
  ]);
  expect(call.house.peers.model.sessions).toHaveLength(1);
});

test('a model that stops reading costs little memory, and then hears and answers what the person said last', async () => {
  const call = await talking([plays(ruler('b', 1000), 'Certainly.')]);
  const { line, stream, model, heard } = call;
  const risenMb = await call.house.server.watchMemory();
  model.stopsReading();
  const silence = new Uint8Array(8 * floodChunkMs).fill(silentByte);
  const before = model.audio.bytes;
  for (let sent = 0; sent < floodBytes; sent += silence.length) stream.sendChunk(silence);
  await line.person.plays(saying('newest', 1500));
  await expectLittleKept(call.house, risenMb);
  model.readsOn();
  await heard('b', 1000);
  expect(model.words).toMatch(/newest newest$/u);
  expect(model.audio.bytes - before).toBeLessThan(floodBytes / 2);
  expect(readRuler(line.heard, 'b')).toEqual(marksUpTo(1000));
  line.person.hangsUp();
  const { transcript } = await call.house.until(call.callId, (now) => now.call.endedAt !== null);
  expect(transcript).toMatchObject([
    { speaker: 'agent', text: 'Good evening.' },
    { speaker: 'person', text: expect.stringMatching(/newest$/u) },
    { speaker: 'agent', text: 'Certainly.', isInterrupted: false },
  ]);
  expect(call.house.peers.model.sessions).toHaveLength(1);
});
