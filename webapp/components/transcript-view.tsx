import type { CallStory } from '../live/call-story.ts';
import { speakerWords } from './call-words.ts';
import { SpokenTurn } from './spoken-turn.tsx';
import { ToolTurn } from './tool-turn.tsx';
import { transcriptLines } from './transcript-lines.ts';
import type { TranscriptLine } from './transcript-lines.ts';

export function turnElementId(turnId: string): string {
  return `turn-${turnId}`;
}

/** All that was said, used and pressed, in spoken order. */
export function TranscriptView({ story }: { readonly story: CallStory }) {
  return (
    <ol className="grid grid-cols-1 gap-4" aria-label="Transcript">
      {transcriptLines(story.transcript, story.digits).map((line) => (
        <li
          key={line.key}
          id={line.kind === 'turn' ? turnElementId(line.turn.turnId) : undefined}
          tabIndex={-1}
          className="scroll-mt-32 rounded-lg"
        >
          <Line line={line} heardMsOfTurn={story.heardMsOfTurn} />
        </li>
      ))}
    </ol>
  );
}

function Line({ line, heardMsOfTurn }: { line: TranscriptLine; heardMsOfTurn: CallStory['heardMsOfTurn'] }) {
  if (line.kind === 'digits') {
    return (
      <p className="text-center text-sm text-muted">
        {speakerWords[line.pressed.by]} pressed{' '}
        <kbd className="rounded border border-edge px-2 py-0.5 font-mono text-ink">{line.pressed.digits}</kbd>
      </p>
    );
  }
  if (line.turn.speaker === 'tool') return <ToolTurn turn={line.turn} />;
  return <SpokenTurn turn={line.turn} heardMs={heardMsOfTurn.get(line.turn.turnId)} />;
}
