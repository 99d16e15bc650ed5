import { memo } from 'react';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import type { Aside, BargeIn } from '../live/call-story.ts';
import { AsideLine } from './aside-line.tsx';
import { usePlayback } from './playback/playback.tsx';
import { SpokenTurn } from './spoken-turn.tsx';
import { ToolTurn } from './tool-turn.tsx';
import { transcriptLines } from './transcript-lines.ts';
import type { TranscriptLine } from './transcript-lines.ts';
import { asideElementId, turnElementId } from './turn-place.ts';

interface TranscriptProps {
  readonly transcript: Transcript;
  readonly asides: readonly Aside[];
  readonly bargeIns: readonly BargeIn[];
}

/** All that was said, used, pressed and steered, in spoken order. Not drawn anew for how loud a call is. */
export const TranscriptView = memo(function TranscriptView({
  transcript,
  asides,
  bargeIns,
}: TranscriptProps) {
  const { playingTurnId, playerOf } = usePlayback();
  const heardMsOfTurn = new Map(bargeIns.map(({ turnId, heardMs }) => [turnId, heardMs]));
  return (
    <ol className="grid grid-cols-1 gap-4" aria-label="Transcript">
      {transcriptLines(transcript, asides).map((line) => {
        const isPlaying = line.kind === 'turn' && line.turn.turnId === playingTurnId;
        return (
          <li
            key={line.key}
            id={elementIdOf(line)}
            tabIndex={-1}
            aria-current={isPlaying ? 'true' : undefined}
            className="scroll-mt-32 rounded-lg"
          >
            {line.kind === 'aside' ? (
              <AsideLine aside={line.aside} />
            ) : line.turn.speaker === 'tool' ? (
              <ToolTurn turn={line.turn} />
            ) : (
              <SpokenTurn
                turn={line.turn}
                heardMs={heardMsOfTurn.get(line.turn.turnId)}
                isPlaying={isPlaying}
                onPlay={playerOf(line.turn.turnId)}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
});

function elementIdOf(line: TranscriptLine): string {
  return line.kind === 'turn' ? turnElementId(line.turn.turnId) : asideElementId(line.aside.sequence);
}
