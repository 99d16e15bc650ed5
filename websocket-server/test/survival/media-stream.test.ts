import { once } from 'node:events';
import { plays, scripted } from '@mcp-telephone/simulator';
import type { CallFaults } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import {
  asCarrier,
  mediaMessages,
  openMediaSocket,
  parameterIn,
  postWebhook,
  startMessage,
} from '../stories/carrier-wire.ts';
import { marksUpTo, readRuler, ruler, saying } from '../stories/sounds.ts';
import { picksUp, setStage } from '../stories/stage.ts';
import { scriptOf } from '../stories/staged-call.ts';
import type { StagedCall } from '../stories/staged-call.ts';
import { listens } from './ear.ts';

const { stage, story } = setStage();

const longestBearableMs = 6000;
const words = Array.from({ length: 40 }, (_, i) => `word${i + 1}`).join(' ');

function heard(call: StagedCall, name: string, ms: number): Promise<true> {
  const look = () => readRuler(call.line.heard, name).includes(ms) || undefined;
  return call.line.until(look, `${ms} ms of ${name}`);
}

story.concurrent(
  'a media stream that breaks off is replaced in moments, and the agent goes on from where it was heard',
  async ({ place }) => {
    const ear = listens();
    const call = await place({
      person: ear.persona,
      agent: scripted([plays(ruler('a', 12_000), words)], [plays(ruler('b', 1000), 'and that was all.')]),
    });
    await call.connected();
    await heard(call, 'a', 1400);
    const droppedAtMs = ear.passedMs();
    call.line.stream?.drop();
    await heard(call, 'b', 1000);
    expect(ear.longestSilenceSince(droppedAtMs)).toBeLessThan(2000);
    const a = readRuler(call.line.heard, 'a');
    expect(a).toEqual(marksUpTo(20 * a.length));
    call.person.hangsUp();
    const script = scriptOf(await call.ended());
    expect(script[0]).toMatch(/^agent: word1 word2/u);
    expect(script[0]?.length).toBeLessThan(words.length / 2);
    expect(script[1]).toBe('agent: and that was all.');
    expect(script).toHaveLength(2);
    expect(call.sessions).toHaveLength(1);
  },
);

story.concurrent(
  'a line whose media stream breaks off again and again ends with a sentence',
  async ({ place }) => {
    const ear = listens();
    const call = await place({
      person: ear.persona,
      faults: { streamDropsAfterMs: 300 },
      agent: scripted(...Array.from({ length: 100 }, () => [plays(ruler('a', 4000), words)])),
    });
    const reading = await call.ended(30_000);
    expect(reading.call.endReason).toMatchObject({ by: 'fault', why: 'stream_lost' });
    expect(call.line.heardWords).toMatch(/sorry.*goodbye/iu);
    expect(ear.longestSilenceMs()).toBeLessThan(longestBearableMs);
  },
);

/** A call whose carrier is played by the story from the answer on; the simulated one only rings. */
async function pickedUpByHand(call: StagedCall) {
  await call.reaches('call-ringing');
  const knock = asCarrier(stage());
  const form = { CallSid: call.line.sid, AccountSid: stage().peers.accountSid, CallStatus: 'in-progress' };
  const answer = await postWebhook(knock, `/twiml?call=${call.callId}`, form);
  return { knock, form, answer };
}

async function answeredByHand(call: StagedCall) {
  const { knock, form, answer } = await pickedUpByHand(call);
  const token = parameterIn(await answer.text(), 'token');
  const socket = await openMediaSocket(knock);
  socket.send(startMessage({ accountSid: form.AccountSid, callSid: form.CallSid, call: call.callId, token }));
  await call.connected();
  return socket;
}

/** The carrier forgets to tell that a call is over. */
const untold: CallFaults = { callbacks: { missing: ['completed'] } };

story.concurrent(
  'a stream that is stopped and never closed leaves no model session open',
  async ({ place }) => {
    const call = await place({
      person: picksUp(60_000),
      faults: untold,
      agent: scripted([plays(ruler('a', 4000), words)]),
    });
    const socket = await answeredByHand(call);
    const { accountSid } = stage().peers;
    const stop = { event: 'stop', streamSid: 'MZ', stop: { accountSid, callSid: call.line.sid } };
    const isClosed = once(socket, 'close');
    call.line.end('completed', 'person');
    socket.send(JSON.stringify(stop));
    const { call: record } = await call.ended(10_000);
    expect(record.state).toBe('completed');
    expect(call.model.isOpen).toBe(false);
    await isClosed;
  },
);

story.concurrent(
  'a stream that falls silent without a word leaves no model session open',
  async ({ place }) => {
    const call = await place({
      person: picksUp(60_000),
      faults: untold,
      agent: scripted([plays(ruler('a', 4000), words)]),
    });
    const socket = await answeredByHand(call);
    for (const message of mediaMessages(saying('hello', 400))) socket.send(message);
    socket.pause();
    call.line.end('completed', 'person');
    const { call: record } = await call.ended(30_000);
    expect(record.state).toBe('completed');
    expect(call.model.isOpen).toBe(false);
    socket.terminate();
  },
);

story.concurrent('a stream that is lost for good ends with a sentence of the carrier', async ({ place }) => {
  const call = await place({ person: picksUp(60_000), agent: scripted([plays(ruler('a', 4000), words)]) });
  const socket = await answeredByHand(call);
  socket.terminate();
  const { call: record } = await call.ended(30_000);
  expect(record.endReason).toMatchObject({ by: 'fault', why: 'stream_lost' });
  const updates = stage().peers.network.requests.filter(
    ({ method, path }) => method === 'POST' && path.includes(call.line.sid),
  );
  expect(updates.map(({ params }) => String(params['Twiml'] ?? ''))).toContainEqual(
    expect.stringMatching(/<Say>.*sorry.*<\/Say><Hangup\/>/iu),
  );
});

story.concurrent(
  'a stream that the carrier cannot open is told as such, and not as a person who hung up',
  async ({ place }) => {
    const call = await place({ person: picksUp(60_000), faults: untold, agent: scripted([]) });
    const { knock, form } = await pickedUpByHand(call);
    const failed = { ...form, StreamEvent: 'stream-error', StreamError: '31920 - WebSocket handshake error' };
    await postWebhook(knock, `/stream-status?call=${call.callId}`, failed);
    const over = { ...form, CallStatus: 'completed', CallDuration: '3' };
    await postWebhook(knock, `/status?call=${call.callId}`, over);
    const { call: record } = await call.ended();
    expect(record.endReason).toMatchObject({ by: 'fault', why: 'stream_lost' });
    expect(record.endReason?.message).toMatch(/PUBLIC_URL.*WebSocket/u);
  },
);

story.concurrent('a phone that is muted in mid-sentence ends the person’s turn', async ({ place }) => {
  const ear = listens();
  const call = await place({
    person: ear.persona,
    agent: scripted([plays(ruler('a', 600), 'Good evening.')], [plays(ruler('b', 1000), 'I see.')]),
  });
  await call.connected();
  await heard(call, 'a', 600);
  const mutedMs = 5000;
  void call.person.plays(saying('well', 1000 + mutedMs));
  await call.model.hears('well well well');
  const mutedAtMs = ear.passedMs();
  call.line.stream?.goesMute(mutedMs);
  await heard(call, 'b', 20);
  expect(ear.passedMs() - mutedAtMs).toBeLessThan(3500);
  call.person.hangsUp();
  const script = scriptOf(await call.ended());
  expect(script.slice(0, 2)).toEqual(['agent: Good evening.', expect.stringMatching(/^person: well/u)]);
});
