import { callsTool, plays, says, scripted } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { saying } from './sounds.ts';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

const { stage, story } = setStage({ atOnce: 4 });

/** Greets, and at the person's next words says goodbye and hangs up. */
const politeAgent = () =>
  scripted(
    [says('Hello, how are you?')],
    [says('Thank you, goodbye.'), callsTool('end_call', { reason: 'done' })],
  );

async function costTold(call: StagedCall): Promise<Record<string, unknown>> {
  const { cost } = await stage().client.resultOf('telephony.status', { callId: call.callId });
  return cost as Record<string, unknown>;
}

story.concurrent(
  'the cost of a call grows as it goes, and settles when the carrier tells its price',
  async ({ place }) => {
    const call = await place({ agent: politeAgent() });
    expect(await costTold(call)).toMatchObject({ currency: 'USD', usd: 0, isEstimate: true });
    await call.reaches('carrier-cost-noted');
    await call.reaches('usage-noted');
    const early = await costTold(call);
    expect(early).toMatchObject({ carrierUsd: 0.014, isEstimate: true, unknown: null });
    expect(early['modelUsd']).toBeGreaterThan(0);
    await call.person.says('I am fine, thank you.');
    const { call: ended } = await call.ended();
    expect(ended.cost.isEstimate).toBe(true);
    expect(ended.cost.modelUsd).toBeGreaterThan(Number(early['modelUsd']));
    const used = call.events.flatMap((event) => (event.type === 'usage-noted' ? [event.usage] : []));
    expect(used.map(({ of }) => of)).toEqual(expect.arrayContaining(['conversation', 'transcription']));
    expect(used.some(({ output }) => output.audio > 0)).toBe(true);

    const settled = await call.reaches('carrier-cost-noted', 2, 40_000);
    expect(settled).toMatchObject({ usd: 0.014, isEstimate: false });
    const { call: record } = await call.reading();
    expect(record).toMatchObject({ state: 'completed', endReason: ended.endReason, endedAt: ended.endedAt });
    expect(await costTold(call)).toMatchObject({ carrierUsd: 0.014, isEstimate: false });
    expect(record.cost.usd).toBeCloseTo((record.cost.modelUsd ?? 0) + 0.014, 9);
    const { calls } = await stage().client.resultOf('telephony.list', { limit: 50 });
    expect(calls).toContainEqual(expect.objectContaining({ callId: call.callId, cost: { ...record.cost } }));
  },
);

story.concurrent('a call that nobody answers costs nothing, for good', async ({ place }) => {
  const call = await place({ digits: '0103' });
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ state: 'failed', cost: { usd: 0, carrierUsd: 0, isEstimate: false } });
});

story.concurrent(
  'a call that may cost next to nothing says goodbye before anything else',
  async ({ place }) => {
    const call = await place({
      maxCostUsd: 0.02,
      agent: scripted([plays(saying('goodbye', 2000), 'Goodbye.')]),
    });
    const { call: record } = await call.ended();
    expect(record).toMatchObject({
      state: 'completed',
      maxCostUsd: 0.02,
      endReason: { by: 'limit', why: 'cost_limit' },
    });
    expect(call.line.heardWords).toMatch(/goodbye$/u);
    expect(call.line.heard.at(-1)?.kind).toBe('end-of-utterance');
  },
);

story.concurrent(
  'a goodbye that does not come does not keep a call up beyond its cost limit',
  async ({ place }) => {
    const call = await place({
      maxCostUsd: 0.02,
      agent: scripted([plays(saying('and', 60_000), 'and '.repeat(200).trim())]),
    });
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ state: 'completed', endReason: { by: 'limit', why: 'cost_limit' } });
    expect((record.endedAt ?? 0) - (record.answeredAt ?? 0)).toBeLessThan(50_000);
  },
);

story.concurrent('a limit that is no amount of money is refused in a sentence', async () => {
  for (const maxCostUsd of [0, -1, 'much']) {
    const args = { to: '+14155552000', goal: 'Say hello', maxCostUsd };
    const answer = await stage().client.client.callTool({ name: 'telephony.call', arguments: args });
    expect(answer.isError).toBe(true);
    expect(JSON.stringify(answer.content)).toMatch(/maxCostUsd.{1,3} must be (more than 0|a number)/u);
  }
});
