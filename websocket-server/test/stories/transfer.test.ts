import { callsTool, says, scripted } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

const owner = '+14155550101';
const mailbox = '+14155550106';
const busyColleague = '+14155550103';
const colleague = '+14155550115';
const { stage, story } = setStage({
  environment: {
    OWNER_PHONE_NUMBER: owner,
    TRANSFER_NUMBERS: `${mailbox}, ${busyColleague}, ${colleague}`,
  },
});

const agent = () =>
  scripted(
    [says('Hello there.')],
    [says('One moment, I put you through.')],
    [says('Nobody is there. What may I tell them?')],
  );

async function transfers(call: StagedCall, to: string, mode: 'cold' | 'warm'): Promise<void> {
  await call.connected();
  await call.person.hears({ words: /there/u });
  await call.reaches('turn-ended');
  const { control } = stage();
  await control.steer(call.callId, { action: 'transfer', to, mode });
  await call.reaches('transfer-started');
  expect(call.line.heardWords).toMatch(/I put you through\.$/u);
}

story.concurrent(
  'a call is handed over cold to whoever picks up, once the person knows',
  async ({ place }) => {
    const call = await place({ agent: agent() });
    await transfers(call, owner, 'cold');
    await call.reaches('call-transferred');
    await call.person.hears({ words: /put through/u });
    const { call: record } = await call.ended();
    expect(call.line.legs).toMatchObject([{ number: owner, told: '', isJoined: true }]);
    expect(record).toMatchObject({
      state: 'completed',
      endReason: { by: 'owner', why: 'transferred' },
      outcome: { status: 'human_escalation' },
    });
    expect(call.line.streams).toHaveLength(1);
    expect(call.line.problems).toEqual([]);
    // Both phones, by the minute: as estimated while they talk, and as the carrier bills it.
    expect(record.cost).toMatchObject({ carrierUsd: 0.028, isEstimate: true });
    const settled = await call.reaches('carrier-cost-noted', 3, 40_000);
    expect(settled).toMatchObject({ usd: 0.028, isEstimate: false });
  },
);

story.concurrent(
  'an owner who takes a warm transfer by a key hears first who it is and why',
  async ({ place }) => {
    const call = await place({ agent: agent(), goal: 'Order the blue bicycle' });
    await transfers(call, owner, 'warm');
    await call.reaches('call-transferred');
    const { call: record } = await call.ended();
    const [leg] = call.line.legs;
    expect(leg).toMatchObject({ number: owner, isJoined: true });
    expect(leg?.told).toContain('It is about: Order the blue bicycle.');
    expect(leg?.told).toContain(call.line.to.slice(1).split('').join(' '));
    expect(record.endReason).toMatchObject({ by: 'owner', why: 'transferred' });
  },
);

for (const [who, number, mode] of [
  ['a mailbox picks up', mailbox, 'warm'],
  ['the other line is busy', busyColleague, 'cold'],
] as const) {
  story.concurrent(`the agent comes back to the person and goes on when ${who}`, async ({ place }) => {
    const call = await place({ agent: agent() });
    await transfers(call, number, mode);
    await call.reaches('transfer-failed');
    await call.person.hears({ words: /What may I tell them\?/u });
    expect(call.line.streams).toHaveLength(2);
    expect(call.sessions).toHaveLength(1);
    call.person.hangsUp();
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ state: 'completed', endReason: { by: 'person', why: 'hung_up' } });
    expect(call.line.problems).toEqual([]);
  });
}

story.concurrent('nobody but the allowed numbers is rung for a transfer', async ({ place }) => {
  const call = await place({ agent: agent() });
  await call.connected();
  await call.person.hears({ words: /there/u });
  const { control } = stage();
  const stranger = { action: 'transfer', to: '+14155559999' } as const;
  await expect(control.steer(call.callId, stranger)).rejects.toThrow(/TRANSFER_NUMBERS/u);
  expect(call.line.dialed).toEqual([]);
});

story.concurrent(
  'an agent hands the call to the colleague whom its authority names, and is given nobody else',
  async ({ place }) => {
    const stranger = { authority: { transferTo: [colleague, '+14155559999'] } };
    await expect(place(stranger)).rejects.toThrow(/authority\.transferTo\.1.*TRANSFER_NUMBERS/u);
    const reason = 'They want a human.';
    const call = await place({
      authority: { transferTo: [colleague] },
      agent: scripted(
        [says('Hello there.')],
        [says('I put you through.'), callsTool('hand_to_human', { reason })],
      ),
    });
    await call.connected();
    await call.person.hears({ words: /there/u });
    await call.reaches('turn-ended');
    await call.person.says('A human, please.');
    expect(await call.reaches('call-transferred')).toMatchObject({ to: colleague });
    const { call: record } = await call.ended();
    expect(call.line.dialed).toEqual([colleague]);
    expect(record.endReason).toMatchObject({ why: 'transferred' });
  },
);
