import { breachReminder, toldAgainstRule } from '../agent/authority.ts';
import type { Command, Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';

/**
 * Looks at what the person has heard of the agent: a fact that is never to be told, or a secret, is put on record, and
 * the agent is told not to go on with it. Words once heard cannot be taken back.
 */
export function watchAuthority(before: Conversation, decided: Step): Step {
  const breaches = decided.commands.flatMap((command): Command[] => {
    if (command.type !== 'record' || command.happening.type !== 'turn-ended') return [];
    const { turnId, text } = command.happening;
    if (text === '' || before.turns.open.get(turnId)?.speaker !== 'agent') return [];
    const secret = before.secrets.nameIn(text);
    const told = [
      ...toldAgainstRule(text, before.authority.facts),
      ...(secret === undefined ? [] : [secret]),
    ];
    return told.flatMap((name): Command[] => [
      { type: 'record', happening: { type: 'authority-breached', turnId, name } },
      ...(decided.state.mode === 'over'
        ? []
        : [{ type: 'add-text', role: 'system', text: breachReminder(name) } as const]),
    ]);
  });
  return breaches.length === 0 ? decided : followedBy(decided, (next) => step(next, ...breaches));
}
