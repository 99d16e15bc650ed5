import { z } from 'zod';
import { callIdArgument, callReport, reportOf } from '../call-report.ts';
import { defineTool } from '../tool.ts';

export const callStatus = defineTool({
  name: 'status',
  title: 'Check a phone call',
  describe: (nameOf) =>
    `Tells where a call stands right now: its state, duration and, once it is over, its result. To follow a running call use ${nameOf('wait')}, which answers when there is news.`,
  annotations: { readOnlyHint: true, openWorldHint: false },
  arguments: z.strictObject({ callId: callIdArgument }),
  result: callReport,
  run: async ({ callId }, context) => {
    const { call } = await context.control.read(callId);
    return reportOf(call, context);
  },
});
