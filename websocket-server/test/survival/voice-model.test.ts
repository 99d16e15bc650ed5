import { failsResponse, plays, scripted, stalls, waits } from '@mcp-telephone/simulator';
import type { Act } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import type { CallReading } from '../../src/control/call-control.ts';
import { marksUpTo, readRuler, ruler, saying } from '../stories/sounds.ts';
import { setStage } from '../stories/stage.ts';
import { scriptOf } from '../stories/staged-call.ts';
import type { StagedCall } from '../stories/staged-call.ts';
import { listens } from './ear.ts';
import type { Ear } from './ear.ts';

const { story } = setStage();

const longestBearableMs = 6000;
const words = Array.from({ length: 40 }, (_, i) => `word${i + 1}`).join(' ');

/** Waits until the person has come so far along a ruler. */
function heard(call: StagedCall, name: string, ms: number): Promise<true> {
  const look = () => readRuler(call.line.heard, name).includes(ms) || undefined;
  return call.line.until(look, `${ms} ms of ${name}`);
}

/** The person was told that something is wrong, in time, and the record says so too. */
function expectApology(call: StagedCall, ear: Ear, { call: record }: CallReading): void {
  expect(call.line.heardWords).toMatch(/sorry.*technical problem.*goodbye/iu);
  expect(ear.longestSilenceMs()).toBeLessThanOrEqual(longestBearableMs);
  expect(record.endReason).toMatchObject({ by: 'fault', why: 'model_error' });
  expect(call.sessions.some(({ isOpen }) => isOpen)).toBe(false);
}

/** What a session was told in writing before it was first asked to speak. */
function toldInWriting(call: StagedCall, nth: number): string[] {
  const told: string[] = [];
  for (const event of call.sessions[nth]?.received ?? []) {
    if (event.type === 'response.create') break;
    if (event.type !== 'conversation.item.create' || event.item.type !== 'message') continue;
    const text = event.item.content.map((part) => ('text' in part ? part.text : '')).join('');
    told.push(`${event.item.role}: ${text}`);
  }
  return told;
}

story.concurrent(
  'a voice session that drops in mid-sentence is replaced by one that knows the talk so far and goes on',
  async ({ place }) => {
    const ear = listens();
    const call = await place({
      person: ear.persona,
      agent: scripted(
        [plays(ruler('hi', 600), 'Good evening.')],
        [plays(ruler('a', 12_000), words)],
        [plays(ruler('b', 1000), 'and that was all.')],
      ),
    });
    await call.connected();
    await heard(call, 'hi', 600);
    await call.person.plays(saying('hello', 800));
    await heard(call, 'a', 1000);
    const droppedAtMs = ear.passedMs();
    call.model.drop();
    await heard(call, 'b', 1000);
    expect(ear.longestSilenceSince(droppedAtMs)).toBeLessThan(1500);
    const a = readRuler(call.line.heard, 'a');
    expect(a).toEqual(marksUpTo(20 * a.length));
    expect(readRuler(call.line.heard, 'hi')).toEqual(marksUpTo(600));
    const told = toldInWriting(call, 1);
    expect(told[0]).toBe('assistant: Good evening.');
    expect(told[1]).toMatch(/^user: hello/u);
    const request = call.sessions[1]?.received.find((event) => event.type === 'response.create');
    expect(JSON.stringify(request)).toMatch(/word1 .*Do not greet again/su);
    call.person.hangsUp();
    const reading = await call.ended();
    const script = scriptOf(reading);
    expect(script[0]).toBe('agent: Good evening.');
    expect(script[1]).toMatch(/^person: hello/u);
    expect(script[2]).toMatch(/^agent: word1 word2/u);
    expect(script[3]).toBe('agent: and that was all.');
    expect(script).toHaveLength(4);
    expect(reading.call.endReason).toMatchObject({ by: 'person', why: 'hung_up' });
  },
);

story.concurrent(
  'a voice session that drops while the person talks is replaced by one that answers them',
  async ({ place }) => {
    const ear = listens();
    const call = await place({
      person: ear.persona,
      agent: scripted(
        [plays(ruler('hi', 600), 'Good evening.')],
        // Asked for when the new session takes over, and taken back since the person is still talking.
        [waits(200), plays(ruler('early', 1000), 'Yes?')],
        [plays(ruler('b', 1000), 'Certainly.')],
      ),
    });
    await call.connected();
    await heard(call, 'hi', 600);
    const wasSaid = call.person.plays(saying('table', 3000));
    await call.person.hears({ ms: 0 });
    await call.model.until('talk', () => (call.model.words.includes('table table') ? true : undefined));
    const droppedAtMs = ear.passedMs();
    call.model.drop();
    await wasSaid;
    await heard(call, 'b', 1000);
    // Half a second until the model takes it for the end of the turn; a reply that was lost is asked for after 2.5 s.
    expect(ear.longestSilenceSince(droppedAtMs)).toBeLessThan(2000);
    call.person.hangsUp();
    const script = scriptOf(await call.ended());
    expect(script[0]).toBe('agent: Good evening.');
    expect(script.slice(1, -1).join(' ')).toMatch(/^person: .*table/u);
    expect(script.at(-1)).toBe('agent: Certainly.');
  },
);

story.concurrent('a session that reaches the model’s time limit is replaced unheard', async ({ place }) => {
  const ear = listens();
  const call = await place({
    person: ear.persona,
    agent: scripted([plays(ruler('a', 4000), words)], [plays(ruler('b', 1000), 'and so on.')]),
  });
  await call.connected();
  await heard(call, 'a', 400);
  const expiredAtMs = ear.passedMs();
  call.model.expire();
  await heard(call, 'b', 1000);
  expect(ear.longestSilenceSince(expiredAtMs)).toBeLessThan(1500);
  expect(call.sessions).toHaveLength(2);
  call.person.hangsUp();
  expect((await call.ended()).call.endReason).toMatchObject({ by: 'person' });
});

story.concurrent(
  'when every voice session drops, the person is told and the call ends',
  async ({ place }) => {
    const ear = listens();
    const call = await place({
      person: ear.persona,
      agent: scripted([plays(ruler('a', 1000), 'Good evening.')]),
    });
    await call.connected();
    await heard(call, 'a', 200);
    for (let nth = 1; nth <= 5; nth++) {
      await call.reaches('voice-session-opened', nth);
      call.model.drop();
      await call.reaches('voice-session-lost', nth);
    }
    expectApology(call, ear, await call.ended());
  },
);

story.concurrent(
  'voice sessions that take over, say nothing and drop again do not add up to a long silence',
  async ({ place }) => {
    const ear = listens();
    const call = await place({
      person: ear.persona,
      agent: scripted([plays(ruler('a', 600), 'Good evening.')], ...Array<Act>(20).fill(stalls())),
    });
    await call.connected();
    await heard(call, 'a', 600);
    await call.person.plays(saying('hello', 800));
    let isOver = false;
    const drops = (async () => {
      for (let nth = 1; nth <= 5; nth++) {
        if (isOver) return;
        await call.reaches('voice-session-opened', nth);
        await call.person.hears({ ms: 60_000 }, 2300).catch(() => undefined);
        if (call.model.isOpen) call.model.drop();
      }
    })().catch(() => undefined);
    const reading = await call.ended();
    isOver = true;
    await drops;
    expectApology(call, ear, reading);
  },
);

/** Every way of a model to fall silent: what it does for each response after its greeting. */
const silences: readonly (readonly [string, readonly Act[]])[] = [
  ['never goes on after it began a response', [stalls()]],
  ['answers and says nothing', []],
  ['takes its time to say nothing', [waits(1500)]],
  ['fails every response at once', [failsResponse()]],
  ['fails every response after a while', [waits(2500), failsResponse()]],
  ['is limited by rate', [failsResponse('rate_limit_exceeded', 'Rate limit reached.')]],
];

for (const [index, [what, acts]] of silences.entries()) {
  story.concurrent(`a model that ${what} is not waited for longer than six seconds`, async ({ place }) => {
    const ear = listens();
    const call = await place({
      person: ear.persona,
      agent: scripted([plays(ruler('a', 600), 'Good evening.')], ...Array(20).fill(acts)),
    });
    await call.connected();
    await heard(call, 'a', 600);
    await call.person.plays(saying('hello', 800));
    const reading = await call.ended();
    expectApology(call, ear, reading);
    const script = scriptOf(reading);
    expect(script[0]).toBe('agent: Good evening.');
    expect(script.slice(1).join(' ')).toMatch(/^person: hello/u);
  });

  story.concurrent(`a model that ${what} is not waited for at the beginning either`, async ({ place }) => {
    // One after the other: picking up is much work for the simulated network.
    const ear = listens(4000 + 500 * index);
    const call = await place({ person: ear.persona, agent: scripted(...Array(20).fill(acts)) });
    await call.connected();
    const reading = await call.ended();
    expectApology(call, ear, reading);
    expect(reading.transcript).toEqual([]);
  });
}

story.concurrent('a model that stalls in mid-sentence is not waited for either', async ({ place }) => {
  const ear = listens();
  const call = await place({
    person: ear.persona,
    agent: scripted(
      [plays(ruler('a', 1000), 'Good evening, I am'), stalls()],
      ...Array<Act>(20).fill(stalls()),
    ),
  });
  await call.connected();
  expectApology(call, ear, await call.ended());
});

story.concurrent(
  'a model that fails once is asked once more, and the person notices a pause',
  async ({ place }) => {
    const ear = listens();
    const call = await place({
      person: ear.persona,
      agent: scripted([failsResponse()], [plays(ruler('a', 1000), 'Good evening.')]),
    });
    await call.connected();
    await heard(call, 'a', 1000);
    expect(ear.longestSilenceMs()).toBeLessThan(longestBearableMs);
    call.person.hangsUp();
    const reading = await call.ended();
    expect(scriptOf(reading)).toEqual(['agent: Good evening.']);
    expect(reading.call.endReason).toMatchObject({ by: 'person' });
  },
);
