import type { Act, Brain, Situation } from '../dialogue.ts';
import { decide } from './decide.ts';
import { knowledgeIn } from './knowledge.ts';
import { opening } from './phrasing.ts';

/**
 * The agent of demo mode: it pursues any goal with a few dozen rules instead of understanding. It speaks
 * English, asks, answers from what it was told, says when it does not know, and never talks without end.
 */
export function ruleBasedBrain(): Brain {
  return { respond: decideAloud, foresees: (instructions) => [opening(knowledgeIn(instructions))] };
}

/** Where the client offers a tool for staying quiet, quiet is told by it and not by an empty answer. */
function decideAloud(situation: Situation): readonly Act[] {
  const acts = decide(situation);
  const mayTell = situation.tools.includes('stay_silent') && situation.toolChoice === 'auto';
  if (acts.length > 0 || !mayTell || situation.isSideQuestion) return acts;
  return [{ type: 'call-tool', name: 'stay_silent', arguments: { reason: 'listening' } }];
}
