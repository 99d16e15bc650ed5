import { callsTool, says, scripted } from '@mcp-telephone/simulator';
import { describe, expect } from 'vitest';
import { askedUsers } from '../fakes/asked-user.ts';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

const { stage, story } = setStage();

const question = 'Is half past eight fine, too?';

/** Asks its owner as soon as the person has said something, and goes on when it knows. */
const askingAgent = () =>
  scripted(
    [says('Hello, have you a table at half past seven?')],
    [says('One moment please, I will ask.'), callsTool('ask_owner', { question, patience_seconds: 60 })],
    [says('I know now. Thank you, goodbye.'), callsTool('end_call', { reason: 'done' })],
  );

async function letAsk(call: StagedCall) {
  await call.connected();
  await call.person.hears({ words: /seven/ });
  await call.reaches('turn-ended');
  await call.person.says('Only at half past eight.');
}

describe.each(askedUsers)('the user of %s', (_who, open) => {
  story.concurrent(
    'answers the agent from inside the client, and the wait goes on to the end',
    async ({ place }) => {
      const errand = { goal: `Ask through ${_who}`, idempotencyKey: _who };
      const call = await place({ ...errand, agent: askingAgent() });
      const asked: string[] = [];
      const user = await open(new URL('/mcp', stage().url), (message) => {
        asked.push(message);
        return { action: 'accept', content: { answer: 'Yes, half past eight is fine.' } };
      });
      await call.reaches('call-dialed');
      const { to } = call.line;
      const waited = user.call('telephony_call', { ...errand, to, waitSec: 50 });
      await letAsk(call);
      expect(await waited).toMatchObject({
        callId: call.callId,
        state: 'completed',
        question: null,
        ownerAnswer: { answer: 'Yes, half past eight is fine.', accepted: true },
      });
      expect(asked).toEqual([expect.stringContaining(question)]);
      expect(stage().peers.network.calls.filter((line) => line.to === to)).toHaveLength(1);
      await user.close();
    },
  );

  story.concurrent('may turn the question away, and the model is told what to do', async ({ place }) => {
    const call = await place({ agent: askingAgent() });
    const user = await open(new URL('/mcp', stage().url), () => ({ action: 'decline' }));
    const { callId } = call;
    await letAsk(call);
    await call.reaches('question-asked');
    const told = await user.call('telephony_wait', { callId, timeoutSec: 20 });
    expect(told).toMatchObject({ question: { question }, nextAction: expect.stringContaining(question) });
    const { questionId } = told['question'] as { questionId: string };
    const answer = { callId, questionId, answer: 'Yes.' };
    expect(await user.call('telephony_answer', answer)).toMatchObject({ accepted: true });
    await user.close();
  });
});
