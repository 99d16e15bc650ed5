import { z } from 'zod';
import { callStates } from '../../call/call.ts';
import { callReport, reportOf } from '../call-report.ts';
import { lineIcon } from '../icon.ts';
import { defineTool } from '../tool.ts';

export const listCalls = defineTool({
  name: 'list',
  title: 'List phone calls',
  describe: (nameOf) => `Lists calls, newest first. ${nameOf('status')} tells more about one of them.`,
  icon: lineIcon('M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01'),
  annotations: { readOnlyHint: true, openWorldHint: false },
  arguments: z.strictObject({
    state: z.enum(callStates).optional().describe('Only calls in this state.'),
    limit: z.number().int().min(1).max(200).default(20),
    before: z.string().min(1).optional().describe('The "nextCursor" of the previous page.'),
  }),
  result: z.object({
    calls: z.array(
      callReport
        .pick({
          callId: true,
          state: true,
          direction: true,
          to: true,
          from: true,
          duration: true,
          result: true,
          error: true,
          cost: true,
          url: true,
        })
        .extend({ goal: z.string(), requestedAt: z.string().describe('ISO 8601.') }),
    ),
    nextCursor: z.string().nullable().describe('Give it as "before" for older calls; null at the end.'),
  }),
  run: async ({ state, limit, before }, context) => {
    const page = await context.control.list({
      limit,
      before,
      states: state === undefined ? undefined : [state],
    });
    return {
      calls: page.calls.map((call) => {
        const { callId, direction, to, from, duration, result, error, cost, url } = reportOf(call, context);
        return {
          callId,
          state: call.state,
          direction,
          to,
          from,
          goal: call.errand.goal,
          requestedAt: new Date(call.requestedAt).toISOString(),
          duration,
          result,
          error,
          cost,
          url,
        };
      }),
      nextCursor: page.nextCursor,
    };
  },
});
