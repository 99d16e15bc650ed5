import { plays, scripted } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { marksUpTo, readRuler, ruler } from '../stories/sounds.ts';
import { setStage } from '../stories/stage.ts';
import { scriptOf } from '../stories/staged-call.ts';
import type { StagedCall } from '../stories/staged-call.ts';
import { listens } from './ear.ts';

const { story } = setStage();

const words = Array.from({ length: 40 }, (_, i) => `word${i + 1}`).join(' ');

function heard(call: StagedCall, name: string, ms: number): Promise<true> {
  const look = () => readRuler(call.line.heard, name).includes(ms) || undefined;
  return call.line.until(look, `${ms} ms of ${name}`);
}

/** An audio event of that many bytes, for the item that is being spoken. */
function hugeAudio(bytes: number): string {
  const delta = 'f'.repeat(bytes);
  return `{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"${delta}"}`;
}

story(
  'messages of a model that are malformed, unknown or 24 MB long change nothing, for this call or another',
  async ({ place }) => {
    const neighbourEar = listens();
    const calls = await Promise.all([
      place({
        person: listens().persona,
        agent: scripted([plays(ruler('a', 4000), words)], [plays(ruler('b', 600), 'that was all')]),
      }),
      place({ person: neighbourEar.persona, agent: scripted([plays(ruler('n', 8000), words)]) }),
    ]);
    const [call, neighbour] = calls;
    await Promise.all(calls.map((each) => each.connected()));
    await Promise.all([heard(call, 'a', 600), heard(neighbour, 'n', 600)]);
    const oddAtMs = neighbourEar.passedMs();
    for (const text of [
      '',
      'null',
      '[]',
      '{',
      '{"type":7}',
      '{"type":"response.output_audio.delta","delta":"not base64!"}',
      '{"type":"response.unheard_of","event_id":"x"}',
      '{"type":"conversation.item.added"}',
      hugeAudio(24 * 1024 * 1024),
    ]) {
      call.model.sendText(text);
    }
    await heard(call, 'a', 4000);
    await heard(neighbour, 'n', 6000);
    // Nobody else waits a quarter of a second.
    expect(neighbourEar.longestSilenceSince(oddAtMs)).toBeLessThanOrEqual(240);
    expect(readRuler(call.line.heard, 'a')).toEqual(marksUpTo(4000));
    expect(call.sessions).toHaveLength(1);
    for (const each of calls) each.person.hangsUp();
    expect(scriptOf(await call.ended())[0]).toBe(`agent: ${words}`);
    expect((await neighbour.ended()).call.endReason).toMatchObject({ by: 'person' });
  },
);

story(
  'messages of a carrier that are malformed or unknown change nothing; one of 24 MB costs that call its stream, which is replaced, and no other call anything',
  async ({ place }) => {
    const ears = [listens(), listens()] as const;
    const calls = await Promise.all([
      place({
        person: ears[0].persona,
        agent: scripted([plays(ruler('a', 12_000), words)], [plays(ruler('b', 600), 'that was all')]),
      }),
      place({ person: ears[1].persona, agent: scripted([plays(ruler('n', 8000), words)]) }),
    ]);
    const [call, neighbour] = calls;
    await Promise.all(calls.map((each) => each.connected()));
    await Promise.all([heard(call, 'a', 600), heard(neighbour, 'n', 600)]);
    const [oddAtMs, neighbourOddAtMs] = [ears[0].passedMs(), ears[1].passedMs()];
    const { stream } = call.line;
    for (const text of [
      '',
      'null',
      '[]',
      '{',
      '{"event":7}',
      '{"event":"unheard_of"}',
      '{"event":"media"}',
      `{"event":"media","streamSid":"${stream?.sid}","media":{"track":"inbound","chunk":"x","timestamp":"-","payload":"not base64!"}}`,
      `{"event":"mark","streamSid":"${stream?.sid}","mark":{"name":"never played"}}`,
      '{"event":"dtmf","dtmf":{"digit":"12"}}',
    ]) {
      stream?.sendText(text);
    }
    await heard(call, 'a', 2000);
    expect(call.line.streams).toHaveLength(1);
    expect(ears[0].longestSilenceSince(oddAtMs)).toBeLessThanOrEqual(240);

    stream?.sendText(`{"event":"media","media":{"payload":"${'f'.repeat(24 * 1024 * 1024)}"}}`);
    await heard(call, 'b', 600);
    await heard(neighbour, 'n', 6000);
    expect(ears[1].longestSilenceSince(neighbourOddAtMs)).toBeLessThanOrEqual(240);
    expect(call.line.streams).toHaveLength(2);
    const a = readRuler(call.line.heard, 'a');
    expect(a).toEqual(marksUpTo(20 * a.length));
    expect(call.sessions).toHaveLength(1);
    for (const each of calls) each.person.hangsUp();
    const script = scriptOf(await call.ended());
    expect(script[0]).toMatch(/^agent: word1 word2/u);
    expect(script[1]).toBe('agent: that was all');
    expect((await neighbour.ended()).call.endReason).toMatchObject({ by: 'person' });
  },
);
