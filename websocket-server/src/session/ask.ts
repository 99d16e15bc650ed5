import type { Conversation, Step } from './conversation-state.ts';
import { isKeptQuiet, step } from './conversation-state.ts';
import { request, waits } from './response-slot.ts';

/**
 * Wants a response of the agent, as soon as the slot is free. From here on the agent owes a reply; but not while its
 * owner keeps it quiet. What is insisted on waits for the person to be heard out and answered: nothing of the agent is
 * heard while they speak.
 *
 * @param instructions for this response only
 * @param insists as `request` has it
 */
export function ask(state: Conversation, instructions?: string, insists = false): Step {
  if (isKeptQuiet(state)) return step({ ...state, owesReply: false });
  const isHeldBack = insists && state.isPersonSpeaking;
  const { slot, send } = (isHeldBack ? waits : request)(state.slot, instructions, insists);
  const next = { ...state, slot, owesReply: true };
  return send ? step(next, { type: 'request-response', ...send }) : step(next);
}
