import { expect } from 'vitest';
import { plays, scripted } from '@mcp-telephone/simulator';
import { ruler } from './sounds.ts';
import { setStage } from './stage.ts';
import { scriptOf } from './staged-call.ts';

const { stage, story } = setStage();

story('a number on the do-not-call list is not dialed, and is again once it is off it', async ({ place }) => {
  const { url, client, peers } = stage();
  const number = '+14155557711';
  const list = `${url}/api/do-not-call`;
  const added = await fetch(list, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number }),
  });
  expect(added.status).toBe(201);
  const dialings = () => peers.network.calls.length;
  const before = dialings();
  const errand = { to: number, goal: 'Ask for the opening hours' };
  expect(await client.refusalOf('telephony.call', errand)).toMatch(
    /asked not to be called.*\[do-not-call\]/u,
  );
  expect(await client.resultOf('telephony.call', { ...errand, dryRun: true })).toMatchObject({
    allowed: false,
    reasons: [{ rule: 'do-not-call' }],
  });
  expect(dialings()).toBe(before);
  await fetch(`${list}/${encodeURIComponent(number)}`, { method: 'DELETE' });
  expect(await client.resultOf('telephony.call', { ...errand, dryRun: true })).toMatchObject({
    allowed: true,
    reasons: [],
  });
  await (await place({ callee: 'person' })).reaches('call-dialed');
});

story.concurrent(
  'whoever asks not to be called again hears an apology, and is not called again',
  async ({ place }) => {
    const { client } = stage();
    const call = await place({ digits: '0121', goal: 'Ask whether they need a new roof' });
    const reading = await call.ended();
    expect(reading.call).toMatchObject({
      state: 'completed',
      endReason: { by: 'agent', why: 'do_not_call' },
      outcome: { status: 'failed' },
    });
    expect(scriptOf(reading).at(-1)).toMatch(/agent: I am sorry.*Goodbye/u);
    expect(call.line.heardWords).toMatch(/not be called again/iu);
    const again = { to: reading.call.to, goal: 'Ask once more' };
    expect(await client.refusalOf('telephony.call', again)).toContain('[do-not-call]');
  },
);

story.concurrent(
  'whoever wants a human is promised a call-back where nobody can take over',
  async ({ place }) => {
    const call = await place({ digits: '0122', goal: 'Ask for the opening hours' });
    const reading = await call.ended();
    expect(reading.call).toMatchObject({
      state: 'completed',
      endReason: { by: 'agent', why: 'said_goodbye' },
      outcome: { status: 'human_escalation', summary: 'The person wants to talk to a human.' },
    });
    expect(call.line.heardWords).toMatch(/human will call you back/iu);
  },
);

story.concurrent(
  'an agent that does not say what it is, is told to',
  async ({ place, expect: expectHere }) => {
    const call = await place({
      agent: scripted([plays(ruler('a', 600), 'Good morning, a table for two, please.')]),
    });
    await expectHere
      .poll(() => JSON.stringify(call.model.received), { timeout: 30_000 })
      .toContain('not yet said');
  },
);
