import type { Transcript, Turn } from '../../websocket-server/src/call/transcript.ts';
import type { Aside } from '../live/call-story.ts';

/** One line of the page's transcript. */
export type TranscriptLine =
  | { readonly kind: 'turn'; readonly key: string; readonly turn: Turn }
  | { readonly kind: 'aside'; readonly key: string; readonly aside: Aside };

/** Turns in spoken order, and what happened between them behind the last turn that had begun by then. */
export function transcriptLines(transcript: Transcript, asides: readonly Aside[]): readonly TranscriptLine[] {
  const lines: TranscriptLine[] = transcript.map((turn) => ({ kind: 'turn', key: turn.turnId, turn }));
  for (const aside of asides) {
    const before = lines.findLastIndex((line) =>
      line.kind === 'turn' ? line.turn.startedAt <= aside.at : line.aside.sequence < aside.sequence,
    );
    lines.splice(before + 1, 0, { kind: 'aside', key: `aside-${aside.sequence}`, aside });
  }
  return lines;
}
