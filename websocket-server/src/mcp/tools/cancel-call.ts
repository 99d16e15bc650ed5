import { z } from 'zod';
import type { Call } from '../../call/call.ts';
import { callIdArgument } from '../call-report.ts';
import { lineIcon } from '../icon.ts';
import { defineTool } from '../tool.ts';

export const cancelCall = defineTool({
  name: 'cancel',
  title: 'Cancel a phone call',
  describe: () =>
    'Ends a call for good, whether it is still ringing or somebody is speaking. Repeating it does no harm.',
  icon: lineIcon('M3 14a14 14 0 0 1 18 0l-2 3-4-1-1-3a9 9 0 0 0-4 0l-1 3-4 1zM5 4l14 6'),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  arguments: z.strictObject({ callId: callIdArgument }),
  result: z.object({
    success: z.boolean().describe('False when the call had already ended by itself.'),
    message: z.string(),
  }),
  run: async ({ callId }, { control }) => {
    const { call, wasOpen } = await control.cancel(callId);
    if (wasOpen) return { success: true, message: 'The call is being hung up.' };
    return wasCanceled(call)
      ? { success: true, message: 'The call had been canceled before.' }
      : {
          success: false,
          message: `The call had already ended: ${call.endReason?.message ?? 'no reason is known.'}`,
        };
  },
});

function wasCanceled({ state, endReason }: Call): boolean {
  return state === 'canceled' || endReason?.why === 'canceled';
}
