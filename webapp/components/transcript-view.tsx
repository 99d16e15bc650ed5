import type { CallStory } from '../live/call-story.ts';
import { AsideLine } from './aside-line.tsx';
import { SpokenTurn } from './spoken-turn.tsx';
import { ToolTurn } from './tool-turn.tsx';
import { transcriptLines } from './transcript-lines.ts';
import type { TranscriptLine } from './transcript-lines.ts';
import { turnElementId } from './turn-place.ts';

/** All that was said, used, pressed and steered, in spoken order. */
export function TranscriptView({ story }: { readonly story: CallStory }) {
  const heardMsOfTurn = new Map(story.bargeIns.map(({ turnId, heardMs }) => [turnId, heardMs]));
  return (
    <ol className="grid grid-cols-1 gap-4" aria-label="Transcript">
      {transcriptLines(story.transcript, story.asides).map((line) => (
        <li
          key={line.key}
          id={line.kind === 'turn' ? turnElementId(line.turn.turnId) : undefined}
          tabIndex={-1}
          className="scroll-mt-32 rounded-lg"
        >
          <Line line={line} heardMsOfTurn={heardMsOfTurn} />
        </li>
      ))}
    </ol>
  );
}

function Line({
  line,
  heardMsOfTurn,
}: {
  readonly line: TranscriptLine;
  readonly heardMsOfTurn: ReadonlyMap<string, number>;
}) {
  if (line.kind === 'aside') return <AsideLine aside={line.aside} />;
  if (line.turn.speaker === 'tool') return <ToolTurn turn={line.turn} />;
  return <SpokenTurn turn={line.turn} heardMs={heardMsOfTurn.get(line.turn.turnId)} />;
}
