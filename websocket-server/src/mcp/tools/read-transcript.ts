import { z } from 'zod';
import { callIdArgument, callReport, reportOf } from '../call-report.ts';
import { badCursor, cursorAt, sequenceOf } from '../cursor.ts';
import { lineIcon } from '../icon.ts';
import { defineTool } from '../tool.ts';
import { lastSequence, transcriptEntries, transcriptEntry } from '../transcript-entries.ts';

export const readTranscript = defineTool({
  name: 'transcript',
  title: 'Read what was said',
  describe: () =>
    'Returns what was said in a call, in spoken order, also while it is running; turns still being spoken come once they are complete.',
  icon: lineIcon('M4 5h16v11H9l-5 4zM8 9h8M8 12h5'),
  annotations: { readOnlyHint: true, openWorldHint: false },
  arguments: z.strictObject({
    callId: callIdArgument,
    after: z.string().optional().describe('A "cursor": only turns that came after it are returned.'),
  }),
  result: callReport
    .pick({ callId: true, state: true, duration: true, result: true, noLongerKept: true })
    .extend({
      transcript: z.array(transcriptEntry),
      cursor: z.string().describe('Give it as "after" to read on.'),
    }),
  run: async ({ callId, after }, context) => {
    const afterSequence = sequenceOf(after) ?? 0;
    const reading = await context.control.read(callId);
    if (afterSequence > lastSequence(reading)) throw badCursor();
    const { state, duration, result, noLongerKept } = reportOf(reading.call, context);
    return {
      callId,
      state,
      duration,
      result,
      noLongerKept,
      transcript: transcriptEntries(reading, afterSequence),
      cursor: cursorAt(lastSequence(reading)),
    };
  },
});
