import { says, scripted } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { setStage } from './stage.ts';

const { stage, story } = setStage({ environment: { RECORD_CALLS: 'on' } });

const recordingOf = (callId: string, headers: Record<string, string> = {}) =>
  fetch(`${stage().url}/api/calls/${callId}/recording`, { headers });

/** The samples of a channel, 0 the person and 1 the agent: whether anything is heard there. */
function isHeard(wav: Buffer, channel: 0 | 1): boolean {
  for (let at = 44 + channel * 2; at + 1 < wav.length; at += 4) {
    if (Math.abs(wav.readInt16LE(at)) > 2000) return true;
  }
  return false;
}

story.concurrent(
  'a call is recorded from the notice on, a party per channel, and served in ranges',
  async ({ place, expect: expectHere }) => {
    const call = await place({
      record: true,
      agent: scripted([says('Hello there.')], [says('This call is recorded.')], [says('I see.')]),
    });
    await call.connected();
    expect(call.model.settings.instructions).toMatch(/This call is recorded\. Say so/u);
    await call.person.hears({ words: /there/u });
    await call.reaches('turn-ended');
    expect(call.line.recordings).toEqual([]);
    await call.person.says('Who is there?');
    await call.reaches('recording-started');
    expect(call.line.heardWords).toMatch(/is recorded\.$/u);
    await call.person.says('That is fine with me.');
    await call.person.hears({ words: /I see/u });
    expect((await recordingOf(call.callId)).status).toBe(404);
    call.person.hangsUp();
    const { call: record } = await call.ended();
    expect(record.recording?.recordingId).toBe(call.line.recordings[0]?.sid);
    await call.line.settled();
    const isDeleted = () => call.line.recordings[0]?.isDeleted === true;
    await expectHere.poll(isDeleted, { timeout: 20_000 }).toBe(true);
    const whole = await recordingOf(call.callId);
    expect(whole.headers.get('content-type')).toBe('audio/wav');
    const wav = Buffer.from(await whole.arrayBuffer());
    expect(wav.subarray(0, 4).toString()).toBe('RIFF');
    expect([isHeard(wav, 0), isHeard(wav, 1)]).toEqual([true, true]);
    const part = await recordingOf(call.callId, { range: 'bytes=4-43' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 4-43/${wav.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(wav.subarray(4, 44));
    expect((await recordingOf(call.callId, { range: `bytes=${wav.length}-` })).status).toBe(416);
  },
);

story.concurrent(
  'a notice of the recording that is talked over is said again, and only then is recorded',
  async ({ place }) => {
    const call = await place({
      record: true,
      agent: {
        respond: ({ isSideQuestion, responseInstructions = '' }) => {
          const notice = /word for word: "(.+)"/u.exec(responseInstructions)?.[1];
          if (isSideQuestion) return [];
          return [{ type: 'say', text: notice ?? 'I see.', lastingMs: notice === undefined ? 800 : 4000 }];
        },
      },
    });
    await call.connected();
    await call.person.hears({ words: /I see/u });
    await call.person.says('Who is there?');
    await call.person.hears({ words: /this call/u });
    await call.person.says('What was that?');
    await call.reaches('barge-in');
    expect(call.line.recordings).toEqual([]);
    await call.person.says('Tell me more.');
    await call.reaches('recording-started');
    expect(call.line.recordings).toHaveLength(1);
  },
);

story.concurrent('a call that nobody asked to record is not recorded', async ({ place }) => {
  const call = await place({ agent: scripted([says('This call is recorded, is it not?')]) });
  await call.connected();
  await call.person.hears({ words: /is it not/u });
  await call.reaches('turn-ended');
  call.person.hangsUp();
  await call.ended();
  expect(call.line.recordings).toEqual([]);
  expect((await recordingOf(call.callId)).status).toBe(404);
});
