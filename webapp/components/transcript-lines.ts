import type { Transcript, Turn } from '../../websocket-server/src/call/transcript.ts';
import type { PressedDigits } from '../live/call-story.ts';

/** One line of the page's transcript. */
export type TranscriptLine =
  | { readonly kind: 'turn'; readonly key: string; readonly turn: Turn }
  | { readonly kind: 'digits'; readonly key: string; readonly pressed: PressedDigits };

/** Turns in spoken order, and pressed digits behind the last turn that had begun by then. */
export function transcriptLines(
  transcript: Transcript,
  digits: readonly PressedDigits[],
): readonly TranscriptLine[] {
  const lines: TranscriptLine[] = transcript.map((turn) => ({ kind: 'turn', key: turn.turnId, turn }));
  for (const pressed of digits) {
    const before = lines.findLastIndex((line) =>
      line.kind === 'turn' ? line.turn.startedAt <= pressed.at : line.pressed.sequence < pressed.sequence,
    );
    lines.splice(before + 1, 0, { kind: 'digits', key: `digits-${pressed.sequence}`, pressed });
  }
  return lines;
}
