import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { Clock } from '../src/lib/runtime.ts';
import { chunkOf, HandClock } from './openai-side.ts';
import { audioDelta, Stage } from './openai-stage.ts';

let stage: Stage;

async function open(clock?: Clock) {
  stage = await Stage.open({}, clock);
  return stage;
}

afterEach(() => stage.side.stop());

test('a dropped connection is told once, and nothing done afterwards throws', async () => {
  const { session, peer, ears } = await open();
  peer.socket.terminate();
  expect(await ears.isTold('closed')).toEqual({
    type: 'closed',
    message: 'The connection to OpenAI was lost.',
  });
  session.append(chunkOf(Buffer.alloc(160)));
  session.requestResponse({ requestId: 'r1' });
  session.truncate('item_1', 5);
  session.close();
  session.close();
  expect(ears.events).toHaveLength(1);
});

test("the model's own goodbye is told with its reason", async () => {
  const { peer, ears } = await open();
  peer.socket.close(1001, 'Your session hit the maximum duration.');
  expect((await ears.isTold('closed')).message).toBe(
    'OpenAI closed the connection (1001): Your session hit the maximum duration.',
  );
});

test('closing is told once, however often it is asked for, and the model sees a proper end', async () => {
  const { session, peer, ears } = await open();
  session.close();
  session.close();
  const [code] = (await once(peer.socket, 'close')) as [number];
  expect(code).toBe(1000);
  await ears.isTold('closed');
  session.close();
  expect(ears.events).toEqual([{ type: 'closed', message: 'The voice session was closed by us.' }]);
});

test('after closing nothing more is heard', async () => {
  const { session, peer, ears } = await open();
  session.close();
  peer.send(audioDelta('AAAA'));
  peer.send({ type: 'input_audio_buffer.speech_started', item_id: 'i1' });
  await ears.isTold('closed');
  expect(ears.sounds).toEqual([]);
  expect(ears.events).toHaveLength(1);
});

test('a message beyond every measure ends the session at once, with a reason', async () => {
  const { peer, ears } = await open();
  peer.socket.send(Buffer.alloc(33 * 1024 * 1024, 0x20));
  expect((await ears.isTold('closed')).message).toContain('a message is too long');
});

test('a peer that no longer answers is found out within 25 seconds', async () => {
  const clock = new HandClock();
  const { peer, ears } = await open(clock);
  peer.socket.pause();
  clock.advance(15_000);
  clock.advance(9_999);
  expect(ears.events).toEqual([]);
  clock.advance(1);
  expect(await ears.isTold('closed')).toEqual({ type: 'closed', message: 'OpenAI no longer answers.' });
  expect(clock.waiting).toBe(0);
});

test('a peer that answers pings stays', async () => {
  const clock = new HandClock();
  const { session, peer, ears } = await open(clock);
  for (let round = 0; round < 3; round += 1) {
    clock.advance(15_000);
    await once(peer.socket, 'ping');
    await stage.settled();
    clock.advance(10_000);
  }
  expect(ears.events).toEqual([]);
  session.close();
  await ears.isTold('closed');
  expect(clock.waiting).toBe(0);
});
