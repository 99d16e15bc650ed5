import { z } from 'zod';
import { Asking } from '../asking/asking.ts';
import { callIdArgument, callReport, ownerAnswer, reportOf } from '../call-report.ts';
import { badCursor, cursorAt, sequenceOf } from '../cursor.ts';
import { follow } from '../following.ts';
import { lineIcon } from '../icon.ts';
import { stateClauses } from '../next-action.ts';
import { defineTool } from '../tool.ts';
import { lastSequence, transcriptEntries, transcriptEntry } from '../transcript-entries.ts';
import { longestWaitSeconds } from '../waiting.ts';

export const waitForCall = defineTool({
  name: 'wait',
  title: 'Follow a phone call',
  describe: (nameOf) =>
    `Waits for news of a call and answers with it: new turns of the conversation, a new state, a question of the agent, or the end with its result. Answers at once when there is news since "after"; without "after" it waits for what comes next, unless a question is open or the call has ended. Answers without news when the time is up. Call it again with the returned cursor as "after" until the state is "completed", "failed" or "canceled"; it never ends the call. ${nameOf('transcript')} has the whole conversation.`,
  icon: lineIcon('M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 7v5l3 3'),
  annotations: { readOnlyHint: true, openWorldHint: false },
  mayWait: true,
  arguments: z.strictObject({
    callId: callIdArgument,
    after: z
      .string()
      .optional()
      .describe(
        'The "cursor" of the previous answer: nothing is missed, and nothing told twice. Without it, all turns so far are in the answer.',
      ),
    timeoutSec: z
      .number()
      .min(0)
      .max(longestWaitSeconds)
      .default(25)
      .describe('Longest time to wait for news, in seconds.'),
  }),
  result: callReport.extend({
    turns: z.array(transcriptEntry).describe('What was said since "after", in spoken order.'),
    cursor: z.string().describe('Give it as "after" next time.'),
    ownerAnswer,
  }),
  run: async ({ callId, after, timeoutSec }, context) => {
    const readUntil = sequenceOf(after);
    const before = await context.control.read(callId);
    const latest = lastSequence(before);
    if (readUntil !== undefined && readUntil > latest) throw badCursor();
    const progressMessage = `${stateClauses[before.call.state]}.`;
    // Whoever never gives a cursor is not told of the same past over and over; an open question is for everybody.
    const afterSequence = readUntil ?? (before.call.question === null ? latest : 0);
    const wish = { waitSeconds: timeoutSec, afterSequence, endOnly: false, progressMessage };
    const followed = await follow(callId, wish, context);
    if (followed instanceof Asking) return followed;
    const { reading } = followed;
    const cursor = cursorAt(lastSequence(reading));
    return {
      ...reportOf(reading.call, context, cursor),
      turns: transcriptEntries(reading, readUntil),
      cursor,
      ...(followed.ownerAnswer && { ownerAnswer: followed.ownerAnswer }),
    };
  },
});
