import { inboundErrand } from '../agent/agent-instructions.ts';
import type { Errand } from '../call/call.ts';
import type { InboundAgent } from './settings.ts';

/** What the agent is there for when somebody calls who is not being called back. */
export function inboundErrandOf({ goal, instructions }: InboundAgent): Errand {
  return { ...inboundErrand, goal: goal ?? inboundErrand.goal, instructions };
}
