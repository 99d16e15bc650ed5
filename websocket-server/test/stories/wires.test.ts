import path from 'node:path';
import { decodeMulaw, plays, scripted, waits } from '@mcp-telephone/simulator';
import type { StreamEnd } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { readRecording } from './recording.ts';
import { noise, saying } from './sounds.ts';
import { picksUp, setStage } from './stage.ts';
import { spokenIn } from './staged-call.ts';

const { stage, story } = setStage({ tapsModel: true, records: true });

story.concurrent(
  'a dialing tells the carrier its limits, and where to ask and to report',
  async ({ place }) => {
    const call = await place({ timeoutSec: 77, from: '+15005550001', agent: scripted() });
    await call.reaches('call-dialed');
    const { peers, url } = stage();
    const dialings = peers.network.requests.filter(({ params }) => params['To'] === call.line.to);
    expect(dialings).toHaveLength(1);
    const [dialing] = dialings;
    expect(dialing).toMatchObject({ method: 'POST', status: 201 });
    expect(dialing?.params).toMatchObject({
      From: '+15005550001',
      TimeLimit: '77',
      Timeout: expect.stringMatching(/^\d+$/u),
      Url: expect.stringMatching(new RegExp(`^${url}/twiml\\?`, 'u')),
      StatusCallback: expect.stringMatching(new RegExp(`^${url}/status\\?`, 'u')),
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
    });
    expect(Number(dialing?.params['Timeout'])).toBeLessThan(77);
  },
);

story.concurrent('the voice session is open and set up before anybody picks up', async ({ place }) => {
  const call = await place({ person: picksUp(4000), agent: scripted(), goal: 'Say what the weather is' });
  await call.reaches('voice-session-opened');
  expect(call.line.answeredAt).toBeUndefined();
  expect(call.model.settings).toMatchObject({
    type: 'realtime',
    instructions: expect.stringContaining('# Goal\nSay what the weather is'),
    audio: { input: { format: { type: 'audio/pcmu' } }, output: { format: { type: 'audio/pcmu' } } },
    tools: expect.arrayContaining([expect.objectContaining({ name: 'end_call' })]),
  });
  expect(call.model.audio.bytes).toBe(0);
  await call.connected();
  const { toModel } = stage().tap?.session(call.model.settings.id) ?? { toModel: [] };
  const firstAudio = toModel.findIndex(({ type }) => type === 'input_audio_buffer.append');
  expect(toModel.slice(0, firstAudio === -1 ? undefined : firstAudio)[0]).toMatchObject({
    type: 'session.update',
  });
});

story.concurrent(
  'what the agent says reaches the person bit by bit as the model made it',
  async ({ place }) => {
    const audio = noise(1, 4000);
    const call = await place({ agent: scripted([plays(audio, 'Psst.')]) });
    await call.connected();
    await call.person.hears({ ms: 4000 });
    call.person.hangsUp();
    await call.ended();
    await call.line.settled();
    const { agent } = await recordingOf(call.line.sid);
    expect(agent.indexOf(samplesOf(audio))).toBeGreaterThanOrEqual(0);
    expect(call.line.receivedAudio.bytes).toBe(audio.length);
  },
);

story.concurrent(
  'what the person says reaches the model bit by bit as the carrier sent it',
  async ({ place }) => {
    const audio = noise(2, 4000);
    const call = await place({ agent: scripted() });
    await call.connected();
    await call.person.plays(audio);
    await call.reaches('turn-started');
    call.person.hangsUp();
    await call.ended();
    await call.line.settled();
    const { toModel } = stage().tap?.session(call.model.settings.id) ?? { toModel: [] };
    const appended = Buffer.concat(
      toModel.flatMap(({ type, audio: piece }) =>
        type === 'input_audio_buffer.append' ? [Buffer.from(String(piece), 'base64')] : [],
      ),
    );
    expect(appended.indexOf(audio)).toBeGreaterThanOrEqual(0);
    const { person } = await recordingOf(call.line.sid);
    expect(person.indexOf(samplesOf(audio))).toBeGreaterThanOrEqual(0);
  },
);

story.concurrent('the media stream ends with the call, and not by a fault', async ({ place }) => {
  const call = await place({ agent: scripted() });
  await call.connected();
  const [stream] = call.line.streams;
  call.person.hangsUp();
  await call.ended();
  const end: StreamEnd | undefined = await stream?.ended;
  expect(end).toEqual({ by: 'network' });
  await call.model.until('its end', () => (call.model.isOpen ? undefined : true));
  expect(call.line.problems).toEqual([]);
});

/** What the recording has of both, as bytes. */
async function recordingOf(sid: string): Promise<{ person: Buffer; agent: Buffer }> {
  const { person, agent } = await readRecording(path.join(stage().recordingsFolder, `${sid}.wav`));
  return { person: bytesOf(person), agent: bytesOf(agent) };
}

function samplesOf(audio: Uint8Array): Buffer {
  return bytesOf(decodeMulaw(audio));
}

function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

story.concurrent(
  'each reply is timed from the person’s last word: at the model, at the carrier, and when it is heard',
  async ({ place }) => {
    const modelWaitsMs = 1000;
    const call = await place({
      agent: scripted(
        [plays(noise(3, 600), 'Yes?')],
        [waits(modelWaitsMs), plays(noise(4, 600), 'Certainly.')],
      ),
    });
    await call.connected();
    await call.reaches('turn-ended');
    await call.person.plays(saying('table', 800));
    await call.reaches('turn-ended', 3);
    call.person.hangsUp();
    const reading = await call.ended();
    const [timed, another] = call.events.filter((event) => event.type === 'reply-timed');
    if (timed === undefined) throw new Error('the reply was not timed');
    expect(another).toBeUndefined();
    const { modelMs, sentMs, heardMs } = timed;
    expect(modelMs).toBeGreaterThan(modelWaitsMs - 50);
    expect(sentMs).toBeGreaterThanOrEqual(modelMs);
    expect(heardMs).toBeGreaterThanOrEqual(sentMs);
    expect(reading.call.replies).toEqual({ count: 1, lastMs: heardMs, meanMs: heardMs, longestMs: heardMs });
    expect(await stage().client.resultOf('telephony.status', { callId: call.callId })).toMatchObject({
      latency: { replies: 1, lastMs: heardMs, meanMs: heardMs, longestMs: heardMs },
    });
    const reply = spokenIn(reading).at(-1);
    expect(reply).toMatchObject({ text: 'Certainly.', latency: { modelMs, sentMs, heardMs } });
    const metrics = await (await fetch(`${stage().url}/metrics`)).text();
    for (const part of ['model', 'sent', 'heard']) {
      expect(metrics).toMatch(new RegExp(`^telephone_reply_${part}_seconds_count [1-9]`, 'mu'));
    }
  },
);
