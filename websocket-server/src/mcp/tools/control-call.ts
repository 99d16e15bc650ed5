import { z } from 'zod';
import { transferModes } from '../../call/call.ts';
import { steerActions, steerRequestOf } from '../../control/steer-request.ts';
import { callIdArgument } from '../call-report.ts';
import { lineIcon } from '../icon.ts';
import { defineTool } from '../tool.ts';

const doneSentences: Readonly<Record<(typeof steerActions)[number], string>> = {
  say: 'The agent says it as soon as it may speak.',
  guide: 'The agent knows; the person hears nothing of it.',
  press: 'The keys are pressed as soon as the agent has been heard out.',
  hold: 'The agent keeps quiet until "resume".',
  resume: 'The agent speaks again.',
  transfer: 'The agent says so and hands the call over.',
  hang_up: 'The agent says goodbye and ends the call; one that nobody has answered ends at once.',
};

export const controlCall = defineTool({
  name: 'control',
  title: 'Take a hand in a live call',
  describe: (nameOf) =>
    `Steers a call that is connected, when the user wants it: "say" has the agent say the value to the person, "guide" tells the agent something unheard, "press" presses keys, "hold" and "resume" silence the agent and let it speak again, "transfer" hands the call over to the owner's phone, "hang_up" ends it after a goodbye, or at once while nobody has answered. To end a call at once use ${nameOf('cancel')}.`,
  icon: lineIcon('M5 4v16M12 4v16M19 4v16M3 9h4M10 15h4M17 8h4'),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  arguments: z.strictObject({
    callId: callIdArgument,
    action: z.enum(steerActions),
    value: z
      .string()
      .max(2000)
      .default('')
      .describe(
        'Words for "say" and "guide", keys for "press" (0-9, *, #, w waits half a second), for "transfer" a number that the operator has allowed, or nothing for the owner; else nothing.',
      ),
    mode: z
      .enum(transferModes)
      .optional()
      .describe(
        'For "transfer": "cold" (default) joins whoever picks up; "warm" tells them first who it is and why, and a key takes the call. Where nobody takes it, the agent goes on.',
      ),
  }),
  result: z.object({ done: z.boolean(), message: z.string() }),
  run: async ({ callId, action, value, mode }, { control }) => {
    await control.steer(callId, steerRequestOf(action, value, mode));
    return { done: true, message: doneSentences[action] };
  },
});
