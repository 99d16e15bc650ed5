import { friendlyBusiness, plays, says, scripted } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { expectApology } from './apology.ts';
import { asCarrier, postWebhook } from './carrier-wire.ts';
import { listens } from '../survival/ear.ts';
import { marksUpTo, readRuler, ruler, saying } from './sounds.ts';
import { picksUp, setStage } from './stage.ts';
import { scriptOf, spokenIn } from './staged-call.ts';

const { stage, story } = setStage();

story('a model that refuses for a while does not keep the person waiting for ever', async ({ place }) => {
  stage().peers.modelFaults = { refusesUpgradeWith: 503 };
  const call = await place({ agent: scripted() });
  await expectApology(call);
  const upMs = (call.line.endedAt?.getTime() ?? 0) - (call.line.answeredAt?.getTime() ?? 0);
  expect(upMs).toBeLessThan(25_000);
  expect(call.sessions).toHaveLength(0);
  stage().peers.modelFaults = {};
});

story('a model that is back before anybody answers has done no harm', async ({ place }) => {
  const call = await place({
    modelFaults: { refusesUpgradeWith: 503 },
    person: picksUp(4000),
    agent: scripted([says('Hello.')]),
  });
  await call.connected();
  await call.person.hears({ words: /Hello\./u });
});

story(
  'a session whose end the model announces is left in the pause before it, and the next one knows the talk',
  async ({ place }) => {
    const words = Array.from({ length: 20 }, (_, i) => `word${i + 1}`).join(' ');
    const ear = listens(100);
    const call = await place({
      person: ear.persona,
      modelFaults: { expiresAfterMs: 12_000 },
      agent: scripted([plays(ruler('a', 6000), words)], [plays(ruler('b', 1000), 'as I said')]),
    });
    await call.connected();
    const heard = (name: string, ms: number) =>
      call.line.until(
        () => readRuler(call.line.heard, name).includes(ms) || undefined,
        `${ms} ms of ${name}`,
      );
    await heard('a', 20);
    const beganAtMs = ear.passedMs();
    await heard('a', 6000);
    expect(ear.longestSilenceSince(beganAtMs)).toBeLessThanOrEqual(40);
    expect(readRuler(call.line.heard, 'a')).toEqual(marksUpTo(6000));
    await call.reaches('voice-session-opened', 2);
    const [left] = call.sessions;
    expect(call.sessions).toHaveLength(2);
    const told = await call.model.waitFor('conversation.item.create');
    expect(told.item).toMatchObject({ role: 'assistant', content: [{ text: words }] });
    await call.person.plays(saying('hello', 800));
    await heard('b', 1000);
    expect(left?.isOpen).toBe(false);
    call.person.hangsUp();
    const script = scriptOf(await call.ended());
    expect(script).toEqual([`agent: ${words}`, expect.stringMatching(/^person: hello/u), 'agent: as I said']);
    expect(call.events.filter(({ type }) => type === 'voice-session-lost')).toEqual([]);
  },
);

story.concurrent('a key that the model refuses disturbs nobody', async ({ place }) => {
  const call = await place({
    modelFaults: { refusesUpgradeWith: 401 },
    person: picksUp(20_000),
    agent: scripted(),
  });
  const { call: record } = await call.ended();
  expect(record).toMatchObject({
    state: 'failed',
    answeredAt: null,
    endReason: { by: 'fault', why: 'model_error' },
  });
  expect(call.line.answeredAt).toBeUndefined();
  // Who picks up while the carrier is being asked to stop ringing hears why nobody is there.
  const form = { CallSid: call.line.sid, AccountSid: stage().peers.accountSid, Direction: 'outbound-api' };
  const late = await postWebhook(asCarrier(stage()), `/twiml?call=${call.callId}`, form);
  expect(await late.text()).toMatch(/<Say>I am sorry.*<\/Say><Hangup\/>/u);
});

story.concurrent.for([500, 3000])(
  'a model that takes %i ms to open hears all that the person has said meanwhile',
  async (opensAfterMs, { place }) => {
    const words = 'Hello, this is Parkside, Sam speaking. How can I help you?';
    const call = await place({
      modelFaults: { opensAfterMs },
      person: { ...friendlyBusiness, ringsForMs: 0, meet: picksUp().meet },
      agent: scripted([plays(ruler('hi', 600), 'Hello.')]),
    });
    await call.reaches('media-stream-opened');
    const { line } = call;
    await line.person.says(words);
    await call.reaches('voice-session-opened');
    await call.model.hears(words);
    await line.person.hears({ ms: 600 });
    line.person.hangsUp();
    const reading = await call.ended();
    expect(scriptOf(reading)).toEqual([`person: ${words}`, 'agent: Hello.']);
  },
);

story.concurrent('words of a protocol yet to come are no reason to fail', async ({ place }) => {
  const call = await place({ modelFaults: { sendsUnknownEvents: true }, agent: scripted([says('Hello.')]) });
  await call.connected();
  await call.person.hears({ words: /Hello\./u });
});

story.concurrent.for(['missing', 'failed', 'reversed', { lateMs: 1500 }] as const)(
  'with transcripts that are %o the call is talked and recorded all the same',
  async (transcripts, { place }) => {
    const call = await place({
      modelFaults: { transcripts },
      agent: scripted([says('Hello.')], [says('I see.')], [says('Oh.')]),
    });
    await call.connected();
    await call.person.hears({ words: /Hello\./u });
    await call.person.says('First thing.');
    await call.person.hears({ words: /I see\./u });
    await call.person.says('Second thing.');
    await call.person.hears({ words: /Oh\./u });
    call.person.hangsUp();
    const turns = spokenIn(await call.ended());
    const isLost = transcripts === 'missing' || transcripts === 'failed';
    const said = turns.filter(({ speaker }) => speaker === 'person').map(({ text }) => text);
    if (!isLost) expect(said).toEqual(['First thing.', 'Second thing.']);
    const agentSaid = turns.filter(({ speaker }) => speaker === 'agent').map(({ text }) => text);
    expect(agentSaid).toEqual(['Hello.', 'I see.', 'Oh.']);
  },
);
