import type { Act, Situation, Turn } from '../dialogue.ts';
import { sentencesOf } from '../sentences.ts';
import type { Progress } from './progress.ts';

const patienceSeconds = 60;

/** @returns the question, when it is one that only the client can answer and the agent may ask once */
export function questionForOwner(heard: string, { tools, dialogue }: Situation): string | undefined {
  if (!tools.includes('ask_owner') || dialogue.some(isAsking)) return undefined;
  return sentencesOf(heard).findLast((text) => /\byour client\b/i.test(text) && text.includes('?'));
}

/** Asks the client while the person holds the line. */
export function askOwner(question: string): readonly Act[] {
  return [
    { type: 'say', text: 'One moment please, I am asking my client.', intent: 'answer' },
    { type: 'call-tool', name: 'ask_owner', arguments: { question, patience_seconds: patienceSeconds } },
  ];
}

/** @returns undefined when the client has not been asked, or the answer has been passed on */
export function withOwner(dialogue: readonly Turn[], { news, heard }: Progress): readonly Act[] | undefined {
  const askedAt = dialogue.findLastIndex(isAsking);
  if (askedAt === -1) return undefined;
  const answeredAt = dialogue.findLastIndex(isAnswer);
  if (answeredAt < askedAt) {
    // Asked to speak though the person said nothing: the line has been silent for long.
    const isPrompted = heard.includes('?') || !news.some(({ by }) => by === 'person');
    if (!isPrompted) return [];
    return [{ type: 'say', text: 'One moment please, I am still waiting for my client.', intent: 'answer' }];
  }
  const output = news.findLast(isAnswer)?.output;
  if (output === undefined) return undefined;
  const answer = /answers: "(.+)"/s.exec(output)?.[1]?.trim();
  const text =
    answer === undefined
      ? 'I cannot reach my client at the moment. Please go on without that.'
      : `My client says: ${/[.!?]$/.test(answer) ? answer : `${answer}.`}`;
  return [{ type: 'say', text, intent: 'answer' }];
}

function isAsking(turn: Turn): boolean {
  return turn.by === 'tool-call' && turn.name === 'ask_owner';
}

function isAnswer(turn: Turn): turn is Extract<Turn, { by: 'tool-result' }> {
  return turn.by === 'tool-result' && turn.name === 'ask_owner';
}
