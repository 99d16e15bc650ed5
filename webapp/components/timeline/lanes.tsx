import { useState, useSyncExternalStore } from 'react';
import type { Speaker } from '../../../websocket-server/src/call/call-event.ts';
import type { CallStory } from '../../live/call-story.ts';
import { lengthWords, speakerWords } from '../call-words.ts';
import { usePlayback } from '../playback/playback.tsx';
import { longestDrawnMs, RecordedWave } from '../playback/recorded-wave.tsx';
import type { RecordingPlayer } from '../playback/recording-player.ts';
import { goToTurn } from '../turn-place.ts';
import type { CallTimeline, TimelineBar } from './call-timeline.ts';
import { hasLoudness, loudnessColumns } from './loudness-columns.ts';
import { shareOf } from './time-share.ts';
import { columnPx, Waveform } from './waveform.tsx';

const lanePx = 48;
/** Loudness is told in steps of this length. */
const finestMs = 100;

/** Both parties above each other: their turns, and how loud they were; where there is a recording, its two channels. */
export function Lanes({
  story,
  timeline,
  widthPx,
  isLive,
}: {
  readonly story: CallStory;
  readonly timeline: CallTimeline;
  readonly widthPx: number;
  readonly isLive: boolean;
}) {
  const { recording } = usePlayback();
  const [isDrawn, setIsDrawn] = useState(false);
  const begun = story.call?.recording?.startedAt ?? 0;
  const startsMs = begun - (story.call?.answeredAt ?? 0);
  const recorded =
    recording.is === 'here' && timeline.lengthMs - startsMs < longestDrawnMs ? recording : undefined;
  return (
    <div className="relative overflow-hidden rounded-lg bg-sunken/60" style={{ height: 2 * lanePx }}>
      {(['person', 'agent'] as const).map((side) => (
        <Lane
          key={side}
          side={side}
          story={story}
          timeline={timeline}
          widthPx={widthPx}
          untilMs={recorded !== undefined && isDrawn ? startsMs : timeline.drawnMs}
        />
      ))}
      <span className="absolute inset-x-0 border-t border-line" style={{ top: lanePx }} />
      {isLive && (
        <span
          className="absolute inset-y-0 w-px bg-live"
          style={{ left: shareOf(timeline.lengthMs, timeline) }}
        />
      )}
      {recorded !== undefined && (
        <div
          className="pointer-events-none absolute inset-y-0"
          style={{
            left: shareOf(startsMs, timeline),
            width: shareOf(timeline.lengthMs - startsMs, timeline),
          }}
        >
          <RecordedWave player={recorded.player} heightPx={2 * lanePx} onDrawn={() => setIsDrawn(true)} />
        </div>
      )}
      {recording.is === 'here' && (recorded === undefined || !isDrawn) && (
        <Playhead player={recording.player} startsMs={startsMs} timeline={timeline} />
      )}
    </div>
  );
}

/** Where the recording is, over lanes in which its waves are not drawn. @param startsMs of the recording, since the answer */
function Playhead({
  player,
  startsMs,
  timeline,
}: {
  readonly player: RecordingPlayer;
  readonly startsMs: number;
  readonly timeline: CallTimeline;
}) {
  const { atMs } = useSyncExternalStore(player.subscribe, player.state, player.state);
  const left = shareOf(startsMs + atMs, timeline);
  return (
    <span data-playhead className="pointer-events-none absolute inset-y-0 w-0.5 bg-ink" style={{ left }} />
  );
}

function Lane({
  side,
  story,
  timeline,
  widthPx,
  untilMs,
}: {
  readonly side: Speaker;
  readonly story: CallStory;
  readonly timeline: CallTimeline;
  readonly widthPx: number;
  /** From here on another drawing takes over, ms since the answer. */
  readonly untilMs: number;
}) {
  const { playingTurnId, playerOf } = usePlayback();
  const isAgent = side === 'agent';
  const columns = Math.floor(Math.min(widthPx / columnPx, timeline.drawnMs / finestMs));
  const isHeard = hasLoudness(story.loudness);
  const time = { fromAt: story.call?.answeredAt ?? 0, lengthMs: timeline.drawnMs, columns };
  const bars = timeline.bars.filter((bar) => bar.speaker === side);
  return (
    <div
      className={`absolute inset-x-0 ${isAgent ? 'text-accent' : 'text-edge'}`}
      style={{ height: lanePx, top: isAgent ? lanePx : 0 }}
    >
      {bars.map((bar) => (
        <button
          key={bar.turnId}
          type="button"
          tabIndex={-1}
          title={titleOf(bar)}
          className={`absolute inset-y-1 min-w-1.5 cursor-pointer rounded-sm ${fillOf(isAgent, isHeard)} ${bar.isInterrupted ? 'rounded-r-none border-r-4 border-bad' : ''} ${bar.turnId === playingTurnId ? 'ring-2 ring-current' : ''}`}
          style={{ left: shareOf(bar.fromMs, timeline), width: shareOf(bar.toMs - bar.fromMs, timeline) }}
          onClick={() => {
            goToTurn(bar.turnId);
            playerOf(bar.turnId)?.();
          }}
        />
      ))}
      {isHeard && columns > 0 && (
        <div
          className="pointer-events-none absolute inset-0"
          style={{ clipPath: `inset(0 calc(100% - ${shareOf(untilMs, timeline)}) 0 0)` }}
        >
          <Waveform columns={loudnessColumns(story.loudness, side, time)} />
        </div>
      )}
    </div>
  );
}

/** Of a call whose loudness nobody knows, the turns are all there is to see. */
function fillOf(isAgent: boolean, isHeard: boolean): string {
  if (!isHeard) return isAgent ? 'bg-accent hover:opacity-75' : 'bg-edge hover:opacity-75';
  return isAgent ? 'bg-accent/15 hover:bg-accent/30' : 'bg-edge/20 hover:bg-edge/40';
}

function titleOf({ speaker, text, fromMs, replyMs, isInterrupted }: TimelineBar): string {
  const reply = replyMs === undefined ? '' : ` · reply after ${(replyMs / 1000).toFixed(1)} s`;
  return `${speakerWords[speaker]} at ${lengthWords(Math.round(fromMs / 1000))}${reply}${isInterrupted ? ' · interrupted' : ''}\n${text}`;
}
