import { disclosureReminder, isDisclosure } from '../agent/disclosure.ts';
import type { Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';

const mostReminders = 3;

/**
 * Holds the agent to its first words: when the person has heard a turn of it and no word of its being an AI, it is
 * told to say so next. What counts is what was heard, so a disclosure that was talked over is due again.
 */
export function watchDisclosure(before: Conversation, decided: Step): Step {
  const { state, commands } = decided;
  if (!state.isDisclosureDue) return decided;
  const heard = commands.flatMap((command) =>
    command.type === 'record' && command.happening.type === 'turn-ended' ? [command.happening] : [],
  );
  const words = heard
    .filter(({ turnId, text }) => text !== '' && before.turns.open.get(turnId)?.speaker === 'agent')
    .map(({ text }) => text);
  if (words.length === 0) return decided;
  if (words.some(isDisclosure)) return { state: { ...state, isDisclosureDue: false }, commands };
  const isTalk = state.mode === 'talking' || state.mode === 'silent' || state.mode === 'greeting';
  if (!isTalk || state.disclosureReminders >= mostReminders) return decided;
  return followedBy(decided, (next) =>
    step(
      { ...next, disclosureReminders: next.disclosureReminders + 1 },
      { type: 'add-text', role: 'system', text: disclosureReminder },
    ),
  );
}
