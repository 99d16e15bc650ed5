import type { Act, Situation } from '../dialogue.ts';
import type { Knowledge } from './knowledge.ts';
import { outcomeOf, statusSoFar } from './outcome.ts';
import type { Progress } from './progress.ts';
import { progressOf } from './progress.ts';
import { wantedTime } from './outcome.ts';
import type { Turn } from '../dialogue.ts';

/**
 * Answers what the client asks without the person hearing it, or what a forced tool choice demands: the
 * outcome by a tool or as JSON, or whether this is a voicemail or a hold queue.
 */
export function sideAnswer(situation: Situation, knowledge: Knowledge, progress: Progress): readonly Act[] {
  const dialogue = situation.dialogue.flatMap(turnsWithin);
  const seen =
    dialogue.length === situation.dialogue.length ? progress : progressOf(dialogue, wantedTime(knowledge));
  const { toolChoice, tools } = situation;
  const name =
    typeof toolChoice === 'object' ? toolChoice.name : toolChoice === 'none' ? undefined : tools[0];
  const outcome = outcomeOf(statusSoFar(knowledge, seen), knowledge, seen);
  if (name === 'report_outcome') return [{ type: 'call-tool', name, arguments: { ...outcome } }];
  if (name === 'end_call') return [{ type: 'call-tool', name, arguments: { reason: 'asked to' } }];
  if (name === 'who_answered') {
    const answerer = seen.voicemail === 'none' ? 'human' : 'voicemail';
    return [{ type: 'call-tool', name, arguments: { answerer } }];
  }
  if (typeof toolChoice === 'object') return [{ type: 'call-tool', name: toolChoice.name, arguments: {} }];
  const question = situation.responseInstructions ?? '';
  if (/voice ?mail|machine/i.test(question))
    return [{ type: 'say', text: yesOrNo(seen.voicemail !== 'none') }];
  if (/\bhold\b|human/i.test(question)) return [{ type: 'say', text: yesOrNo(seen.wasQuiet) }];
  return [
    { type: 'say', text: /json|outcome|report/i.test(question) ? JSON.stringify(outcome) : outcome.summary },
  ];
}

function yesOrNo(isSo: boolean): string {
  return isSo ? 'yes' : 'no';
}

/** A transcript that the client wrote into one message, line by line, is a dialogue. */
function turnsWithin(turn: Turn): readonly Turn[] {
  if (turn.by !== 'person' && turn.by !== 'client') return [turn];
  const lines = turn.text
    .split('\n')
    .map((line) => /^\W*(person|user|caller|callee|agent|assistant)\W*:\s*(.+)$/i.exec(line));
  const turns = lines.flatMap((match): Turn[] => {
    if (!match) return [];
    const [, who = '', text = ''] = match;
    return /^a/i.test(who) ? [{ by: 'agent', text, isCut: false }] : [{ by: 'person', text, sounds: [] }];
  });
  return turns.length === 0 ? [turn] : turns;
}
