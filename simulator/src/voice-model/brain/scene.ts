import type { Act, Situation } from '../dialogue.ts';
import type { Knowledge } from './knowledge.ts';
import type { Intent, Progress } from './progress.ts';
import type { Meaning } from './understanding.ts';

/** After so many turns the agent takes its leave. */
export const mostAgentTurns = 8;

/** Everything that a decision is made from. */
export interface Scene {
  readonly knowledge: Knowledge;
  readonly progress: Progress;
  readonly situation: Situation;
  readonly meanings: ReadonlySet<Meaning>;
}

export function say(text: string, intent: Intent): Act {
  return { type: 'say', text, intent };
}
