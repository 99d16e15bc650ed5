import { callsTool, says, scripted } from '@mcp-telephone/simulator';
import type { Brain } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { picksUp } from './peers.ts';
import { saying } from './sounds.ts';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

const { stage, story } = setStage();

/** What the API answers to its owner. */
async function tell(call: StagedCall, what: 'answer' | 'control', body: object) {
  const response = await fetch(`${stage().url}/api/calls/${call.callId}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const accepted = (isAccepted: boolean) => ({ status: 200, body: { accepted: isAccepted } });
const done = { status: 200, body: { done: true } };

/** Greets, then asks its owner, and goes on when it knows. */
const askingAgent = (patienceSeconds: number) =>
  scripted(
    [says('Hello, have you a table at half past seven?')],
    [
      says('One moment please, I will ask.'),
      callsTool('ask_owner', {
        question: 'Is half past eight fine, too?',
        patience_seconds: patienceSeconds,
      }),
    ],
    [says('I know now. Thank you, goodbye.'), callsTool('end_call', { reason: 'done' })],
  );

/** The agent asks its owner because the person offers another time. */
async function asked(call: StagedCall) {
  await call.connected();
  await call.person.hears({ words: /seven/ });
  await call.reaches('turn-ended');
  await call.person.says('Only at half past eight.');
  return call.reaches('question-asked');
}

/** What the model was given as results of tools. */
function toolOutputs(call: StagedCall): string[] {
  return call.model.received.flatMap((event) =>
    event.type === 'conversation.item.create' && event.item.type === 'function_call_output'
      ? [event.item.output]
      : [],
  );
}

story.concurrent(
  'a question in mid-call is answered by the owner, and the agent goes on',
  async ({ place }) => {
    const call = await place({ agent: askingAgent(60) });
    const { questionId } = await asked(call);
    expect((await call.reading()).call.question).toMatchObject({
      questionId,
      question: 'Is half past eight fine, too?',
    });
    expect(await tell(call, 'answer', { questionId: 'another', answer: 'Yes' })).toEqual(accepted(false));
    const answer = 'Yes, half past eight is fine.';
    expect(await tell(call, 'answer', { questionId, answer })).toEqual(accepted(true));
    expect(await tell(call, 'answer', { questionId, answer: 'No' })).toEqual(accepted(false));
    await call.person.hears({ words: /goodbye/i });
    const { call: record } = await call.ended();
    expect(record.question).toBeNull();
    expect(toolOutputs(call)).toContain('Your client answers: "Yes, half past eight is fine."');
  },
);

story.concurrent(
  'an owner who says nothing does not leave the person waiting for ever',
  async ({ place }) => {
    const call = await place({ agent: askingAgent(10) });
    await asked(call);
    const { answer } = await call.reaches('question-answered', 1, 30_000);
    expect(answer).toBeNull();
    expect(toolOutputs(call).at(-1)).toMatch(/^No answer came in time/);
    await call.person.hears({ words: /goodbye/i });
    await call.ended();
  },
);

story.concurrent('the owner takes a hand: words, a hint, keys, and a polite end', async ({ place }) => {
  const call = await place({
    agent: scripted(
      [says('Hello there.')],
      [says('My client asks for the big table.')],
      [says('I have to go. Goodbye.')],
    ),
  });
  await call.connected();
  await call.person.hears({ words: /there/ });
  await call.reaches('turn-ended');
  expect(await tell(call, 'control', { action: 'say', value: 'My client asks for the big table.' })).toEqual(
    done,
  );
  await call.person.hears({ words: /big table/ });
  expect(await tell(call, 'control', { action: 'guide', value: 'They may smoke.' })).toEqual(done);
  await call.model.waitFor(
    (event) => event.type === 'conversation.item.create' && JSON.stringify(event).includes('They may smoke.'),
  );
  await call.reaches('turn-ended', 2);
  expect(await tell(call, 'control', { action: 'press', value: '1w#' })).toEqual(done);
  await call.reaches('media-stream-opened', 2);
  const documents = stage().peers.network.requests.map(({ params }) => String(params['Twiml']));
  expect(documents).toContainEqual(expect.stringContaining('<Play digits="1w#"/>'));
  expect(await tell(call, 'control', { action: 'hang_up' })).toEqual(done);
  await call.person.hears({ words: /goodbye/i });
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ state: 'canceled', endReason: { by: 'owner' } });
});

story.concurrent(
  'a person who talks into the goodbye does not keep the owner from ending the call',
  async ({ place }) => {
    const call = await place({ agent: scripted([says('Hello there.')], [says('Goodbye then.')]) });
    await call.connected();
    await call.reaches('turn-ended');
    void call.person.plays(saying('and', 60_000));
    expect(await tell(call, 'control', { action: 'hang_up' })).toEqual(done);
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ state: 'canceled', endReason: { by: 'owner' } });
    expect(call.line.endedBy).toBe('api');
  },
);

story.concurrent(
  'a person who talks into the owner’s goodbye hears it again, and no other answer',
  async ({ place }) => {
    const agent: Brain = {
      foresees: () => ['Hello there.', 'Goodbye then.', 'Yes. Goodbye.', 'What else?'],
      respond: ({ responseInstructions: asked = '', dialogue }) => {
        const isLeaving = (text: string) => /has to end now/u.test(text);
        if (isLeaving(asked)) return [says('Goodbye then.', { lastingMs: 6000 })];
        const isTold = dialogue.some((turn) => turn.by === 'client' && isLeaving(turn.text));
        const hasHeard = dialogue.some((turn) => turn.by === 'person');
        return [says(isTold ? 'Yes. Goodbye.' : hasHeard ? 'What else?' : 'Hello there.')];
      },
    };
    const call = await place({ agent });
    await call.connected();
    await call.reaches('turn-ended');
    expect(await tell(call, 'control', { action: 'hang_up' })).toEqual(done);
    await call.person.hears({ words: /Goodbye then/u });
    await call.person.plays(saying('wait', 800));
    const reading = await call.ended();
    expect(call.line.heardWords).toMatch(/Yes\. Goodbye\.$/u);
    expect(reading.call).toMatchObject({ state: 'canceled', endReason: { by: 'owner' } });
    expect(call.line.endedBy).toBe('api');
  },
);

story.concurrent(
  'an agent on hold says nothing, whoever talks to it, until it may talk again',
  async ({ place }) => {
    const talkative: Brain = {
      respond: ({ isSideQuestion }) =>
        isSideQuestion ? [] : [{ type: 'say', text: 'I have so much to tell you.', lastingMs: 5000 }],
    };
    const call = await place({ agent: talkative });
    await call.connected();
    await call.person.hears({ words: /so much/ });
    expect(await tell(call, 'control', { action: 'hold' })).toEqual(done);
    await call.line.until(
      () => call.line.received.some(({ event }) => event === 'clear') || undefined,
      'clear',
    );
    const before = call.line.receivedAudio.bytes;
    const cancels = () => call.model.received.filter(({ type }) => type === 'response.cancel').length;
    for (const words of ['Hello? Who is there?', 'Is anybody there?']) {
      const sofar = cancels();
      await call.person.says(words);
      await call.model.until('a cancelled response', () => cancels() > sofar || undefined);
    }
    expect(call.line.receivedAudio.bytes).toBe(before);
    expect(await tell(call, 'control', { action: 'resume' })).toEqual(done);
    await call.person.hears({ ms: 1000 });
    const told = JSON.stringify(call.model.received);
    expect(told).toContain('has put you on hold for a while');
    expect(told).toContain('go on from where the conversation was');
  },
);

story.concurrent(
  'a call is handed over to nobody but the owner, and steered only while it is up',
  async ({ place }) => {
    const call = await place({ agent: scripted([says('Hello there.')]), person: picksUp(1500) });
    expect(await tell(call, 'control', { action: 'hold' })).toMatchObject({ status: 400 });
    await call.connected();
    await call.person.hears({ words: /there/ });
    const stranger = { action: 'transfer', value: '+19005550100' };
    expect(await tell(call, 'control', stranger)).toMatchObject({ status: 403 });
    expect(await tell(call, 'control', { action: 'press', value: 'call me' })).toMatchObject({ status: 400 });
    expect(await tell(call, 'control', { action: 'dance' })).toMatchObject({ status: 400 });
  },
);

story.concurrent('to hang up on a call that nobody has answered ends it at once', async ({ place }) => {
  const call = await place({ agent: scripted([says('Hello there.')]), person: picksUp(60_000) });
  await call.reaches('call-ringing');
  expect(await tell(call, 'control', { action: 'hang_up' })).toEqual(done);
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ state: 'canceled', answeredAt: null, endReason: { by: 'owner' } });
});
