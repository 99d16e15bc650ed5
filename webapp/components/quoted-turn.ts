import type { OutcomeEntity } from '../../websocket-server/src/call/outcome.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';

/** The id of the turn that carries an entity's quote: the one it names, or else the first with these words. */
export function quotedTurn(
  transcript: Transcript,
  { quote, turn: position }: OutcomeEntity,
): string | undefined {
  if (quote === null || bare(quote) === '') return undefined;
  const named = position === null ? undefined : transcript[position];
  const turns = named === undefined ? transcript : [named, ...transcript];
  return turns.find((turn) => turn.speaker !== 'tool' && bare(turn.text).includes(bare(quote)))?.turnId;
}

/** Words alone: a quote may differ in case, spacing and punctuation. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
