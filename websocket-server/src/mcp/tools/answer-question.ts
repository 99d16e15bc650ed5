import { z } from 'zod';
import { callIdArgument } from '../call-report.ts';
import { lineIcon } from '../icon.ts';
import { defineTool } from '../tool.ts';

export const answerQuestion = defineTool({
  name: 'answer',
  title: 'Answer the agent’s question',
  describe: (nameOf) =>
    `Answers what the agent asks its owner in mid-call, as ${nameOf('status')} and ${nameOf('wait')} show it under "question". Ask the user rather than guess, and be quick: the person on the phone is waiting.`,
  icon: lineIcon('M4 5h16v11H9l-5 4zM8 10h8'),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  arguments: z.strictObject({
    callId: callIdArgument,
    questionId: z.string().min(1).describe('The questionId of the open question.'),
    answer: z.string().trim().min(1).max(2000).describe('What the agent is to know, in a sentence.'),
  }),
  result: z.object({
    accepted: z.boolean().describe('False when the question is no longer open: answered, or out of time.'),
    message: z.string(),
  }),
  run: async ({ callId, questionId, answer }, { control, nameOf }) => {
    const accepted = await control.answer(callId, questionId, answer);
    const message = accepted
      ? `The agent knows and goes on: follow the call with ${nameOf('wait')}.`
      : 'That question is no longer open: it was answered before, or its time was up, and the agent went on without.';
    return { accepted, message };
  },
});
