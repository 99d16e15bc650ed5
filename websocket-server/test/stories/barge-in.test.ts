import { plays, scripted } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { marksUpTo, readRuler, ruler, saying } from './sounds.ts';
import { setStage } from './stage.ts';
import { spokenIn } from './staged-call.ts';
import type { StagedCall } from './staged-call.ts';
import type { TappedMessage } from './model-tap.ts';

const { stage, story } = setStage({ tapsModel: true });

/** How far what the model is told may be from what the person has really heard, in ms. */
const toleranceMs = 60;
const words = Array.from({ length: 40 }, (_, i) => `word${i + 1}`).join(' ');

/** How far along a ruler the person has come; there must be no gap and nothing behind. */
function heardMs(call: StagedCall, name: string): number {
  const marks = readRuler(call.line.heard, name);
  expect(marks).toEqual(marksUpTo(20 * marks.length));
  return marks.at(-1) ?? 0;
}

function clears(call: StagedCall): number {
  return call.line.received.filter(({ event }) => event === 'clear').length;
}

/** The cuts that the model was told of, in ms. */
function cuts(call: StagedCall): { readonly itemId: string; readonly ms: number }[] {
  return call.model.received.flatMap((event) =>
    event.type === 'conversation.item.truncate' ? [{ itemId: event.item_id, ms: event.audio_end_ms }] : [],
  );
}

/** The messages that carried audio to the server. */
function deltas(call: StagedCall): readonly TappedMessage[] {
  const { fromModel } = stage().tap?.session(call.model.settings.id) ?? { fromModel: [] };
  return fromModel.filter(({ type }) => type === 'response.output_audio.delta');
}

/** Interrupts the agent when so much of a ruler was heard, and waits until both ends know. */
async function interrupts(call: StagedCall, name: string, atMs: number, nth = 1): Promise<number> {
  await call.line.until(
    () => readRuler(call.line.heard, name).includes(atMs) || undefined,
    `${atMs} ms of ${name}`,
  );
  const wasSaid = call.person.plays(saying('wait', 600));
  await call.reaches('barge-in', nth);
  await call.line.until(() => clears(call) >= nth || undefined, `clear number ${nth}`);
  const cut = await call.model.until(`cut number ${nth}`, () => cuts(call)[nth - 1]);
  await wasSaid;
  return cut.ms;
}

story.concurrent(
  'the agent stops when the person talks into its sentence, and remembers only what was heard',
  async ({ place }) => {
    const call = await place({
      agent: scripted([plays(ruler('a', 12_000), words)], [plays(ruler('b', 1000), 'Yes?')]),
    });
    await call.connected();
    const cutMs = await interrupts(call, 'a', 1400);
    await call.person.hears({ ms: 1000 });
    const heard = heardMs(call, 'a');
    expect(heard).toBeGreaterThanOrEqual(1400);
    expect(heard).toBeLessThan(2400);
    expect(Math.abs(cutMs - heard)).toBeLessThanOrEqual(toleranceMs);
    expect(readRuler(call.line.heard, 'b')).toEqual(marksUpTo(1000));
    expect(clears(call)).toBe(1);
    const [cut] = cuts(call);
    expect(deltas(call)[0]).toMatchObject({ item_id: cut?.itemId });
    call.person.hangsUp();
    const [turn] = spokenIn(await call.ended());
    expect(turn).toMatchObject({ speaker: 'agent', isInterrupted: true });
    expect(words.startsWith(turn?.text ?? '-')).toBe(true);
    const share = (turn?.text ?? '').length / words.length;
    expect(Math.abs(share - heard / 12_000)).toBeLessThan(0.15);
  },
);

story.concurrent(
  'the agent stops though the model has long finished its sentence and only the carrier plays on',
  async ({ place }) => {
    const call = await place({
      agent: scripted([plays(ruler('a', 3000), words)], [plays(ruler('b', 600), 'Yes?')]),
    });
    await call.connected();
    const done = () => {
      const { fromModel } = stage().tap?.session(call.model.settings.id) ?? { fromModel: [] };
      return fromModel.some(({ type }) => type === 'response.done') || undefined;
    };
    await call.line.until(done, 'the end of the response');
    const cutMs = await interrupts(call, 'a', 1500);
    await call.person.hears({ ms: 600 });
    expect(Math.abs(cutMs - heardMs(call, 'a'))).toBeLessThanOrEqual(toleranceMs);
    expect(cutMs).toBeLessThan(2500);
    call.person.hangsUp();
    const [turn] = spokenIn(await call.ended());
    expect(turn).toMatchObject({ speaker: 'agent', isInterrupted: true });
    expect((turn?.text ?? '').length).toBeLessThan(words.length);
  },
);

story.concurrent(
  'a person who interrupts twice within moments is let speak both times',
  async ({ place }) => {
    const call = await place({
      agent: scripted(
        [plays(ruler('a', 8000), words)],
        [plays(ruler('b', 8000), words)],
        [plays(ruler('c', 600), 'Yes?')],
      ),
    });
    await call.connected();
    const first = await interrupts(call, 'a', 1000);
    const second = await interrupts(call, 'b', 200, 2);
    await call.line.until(() => readRuler(call.line.heard, 'c').includes(600) || undefined, 'the third try');
    expect(Math.abs(first - heardMs(call, 'a'))).toBeLessThanOrEqual(toleranceMs);
    expect(Math.abs(second - heardMs(call, 'b'))).toBeLessThanOrEqual(toleranceMs);
    expect(new Set(cuts(call).map(({ itemId }) => itemId)).size).toBe(2);
    expect(clears(call)).toBe(2);
    call.person.hangsUp();
    const turns = spokenIn(await call.ended()).filter(({ speaker }) => speaker === 'agent');
    expect(turns.map(({ isInterrupted }) => isInterrupted)).toEqual([true, true, false]);
  },
);

story.concurrent(
  'audio that the model sends late of a cut sentence never reaches the person',
  async ({ place }) => {
    const call = await place({
      agent: scripted([plays(ruler('a', 8000), words)], [plays(ruler('b', 2000), 'Yes?')]),
    });
    await call.connected();
    await interrupts(call, 'a', 1000);
    const [cutDelta] = deltas(call);
    const late = { ...cutDelta, event_id: 'event_late', type: 'response.output_audio.delta' };
    const delta = Buffer.from(ruler('late', 400)).toString('base64');
    call.model.send({ ...late, delta });
    await call.line.until(
      () => readRuler(call.line.heard, 'b').includes(400) || undefined,
      'the next sentence',
    );
    call.model.send({ ...late, event_id: 'event_later', delta });
    await call.line.until(() => readRuler(call.line.heard, 'b').includes(2000) || undefined, 'all of it');
    expect(readRuler(call.line.heard, 'late')).toEqual([]);
    expect(readRuler(call.line.heard, 'b')).toEqual(marksUpTo(2000));
    heardMs(call, 'a');
  },
);

/** The ids of the items whose audio came from the model, in order. */
function spokenItems(call: StagedCall): unknown[] {
  return [...new Set(deltas(call).map((delta) => delta['item_id']))];
}

story.concurrent(
  'of several sentences in one response the one that was cut is remembered as heard, the next not at all, the one before whole',
  async ({ place }) => {
    const call = await place({
      agent: scripted(
        [plays(ruler('a', 2400), words), plays(ruler('b', 4000), 'never heard')],
        [plays(ruler('c', 600), 'Well.'), plays(ruler('d', 8000), words)],
        [plays(ruler('e', 600), 'Yes?')],
      ),
    });
    await call.connected();
    await call.line.until(() => spokenItems(call).length > 1 || undefined, 'audio of the second sentence');
    const first = await interrupts(call, 'a', 1000);
    const [a, b] = spokenItems(call);
    const deleted = await call.model.waitFor('conversation.item.delete');
    expect(deleted).toMatchObject({ item_id: b });
    // What comes late of the response, of either sentence, is not played.
    for (const item_id of [a, b]) {
      const delta = Buffer.from(ruler('late', 400)).toString('base64');
      call.model.send({
        ...deltas(call)[0],
        event_id: 'event_late',
        type: 'response.output_audio.delta',
        item_id,
        delta,
      });
    }
    const second = await interrupts(call, 'd', 200, 2);
    await call.line.until(() => readRuler(call.line.heard, 'e').includes(600) || undefined, 'the third try');

    expect(Math.abs(first - heardMs(call, 'a'))).toBeLessThanOrEqual(toleranceMs);
    expect(Math.abs(second - heardMs(call, 'd'))).toBeLessThanOrEqual(toleranceMs);
    expect([readRuler(call.line.heard, 'b'), readRuler(call.line.heard, 'late')]).toEqual([[], []]);
    expect(readRuler(call.line.heard, 'c')).toEqual(marksUpTo(600));
    expect(cuts(call).map(({ itemId }) => itemId)).toEqual([a, spokenItems(call)[3]]);
    expect(call.model.received.filter(({ type }) => type === 'conversation.item.delete')).toHaveLength(1);
    expect(clears(call)).toBe(2);
    // The carrier gives back each mark that waits when it is cleared: none of them counts as heard.
    call.person.hangsUp();
    const turns = spokenIn(await call.ended()).filter(({ speaker }) => speaker === 'agent');
    expect(turns.map(({ isInterrupted }) => isInterrupted)).toEqual([true, false, true, false]);
    expect(turns.map(({ text }) => text.split(' ')[0])).toEqual(['word1', 'Well.', 'word1', 'Yes?']);
    expect(Math.abs((turns[0]?.text ?? '').length / words.length - first / 2400)).toBeLessThan(0.15);
    expect(Math.abs((turns[2]?.text ?? '').length / words.length - second / 8000)).toBeLessThan(0.15);
  },
);

story.concurrent('a person who talks while the agent is silent interrupts nothing', async ({ place }) => {
  const call = await place({
    agent: scripted([plays(ruler('a', 600), 'Hello.')], [plays(ruler('b', 600), 'Yes?')]),
  });
  await call.connected();
  await call.line.until(() => readRuler(call.line.heard, 'a').includes(600) || undefined, 'the greeting');
  await call.person.plays(saying('hello', 800));
  await call.line.until(() => readRuler(call.line.heard, 'b').includes(600) || undefined, 'the answer');
  expect(clears(call)).toBe(0);
  expect(cuts(call)).toEqual([]);
  call.person.hangsUp();
  const turns = spokenIn(await call.ended());
  expect(turns.map(({ speaker }) => speaker)).toEqual(['agent', 'person', 'agent']);
  expect(turns.some(({ isInterrupted }) => isInterrupted)).toBe(false);
});
