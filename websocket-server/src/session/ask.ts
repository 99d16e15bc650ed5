import type { Conversation, Step } from './conversation-state.ts';
import { isKeptQuiet, step } from './conversation-state.ts';
import { request } from './response-slot.ts';

/**
 * Wants a response of the agent, as soon as the slot is free. From here on the agent owes a reply; but not while its
 * owner keeps it quiet.
 *
 * @param instructions for this response only
 * @param insists as `request` has it
 */
export function ask(state: Conversation, instructions?: string, insists = false): Step {
  if (isKeptQuiet(state)) return step({ ...state, owesReply: false });
  const { slot, send } = request(state.slot, instructions, insists);
  const next = { ...state, slot, owesReply: true };
  return send ? step(next, { type: 'request-response', ...send }) : step(next);
}
