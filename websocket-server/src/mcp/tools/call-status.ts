import { z } from 'zod';
import { callIdArgument, callReport, reportOf } from '../call-report.ts';
import { lineIcon } from '../icon.ts';
import { defineTool } from '../tool.ts';

export const callStatus = defineTool({
  name: 'status',
  title: 'Check a phone call',
  describe: (nameOf) =>
    `Tells where a call stands right now: its state, duration and, once it is over, its result. To follow a running call use ${nameOf('wait')}, which answers when there is news.`,
  icon: lineIcon('M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 11v5M12 8v.01'),
  annotations: { readOnlyHint: true, openWorldHint: false },
  arguments: z.strictObject({ callId: callIdArgument }),
  result: callReport,
  linkedCallId: ({ callId }) => callId,
  run: async ({ callId }, context) => {
    const { call } = await context.control.read(callId);
    return reportOf(call, context);
  },
});
