import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { isEnded } from '../../../websocket-server/src/call/call.ts';
import type { CallStory } from '../../live/call-story.ts';
import { callTimeline } from '../timeline/call-timeline.ts';
import { recordedTurns, turnAt } from './recorded-turns.ts';
import type { RecordedTurn } from './recorded-turns.ts';
import { useRecording } from './use-recording.ts';
import type { RecordingHere } from './use-recording.ts';

/** The recording of the page's call, and the turns in it. */
export interface Playback {
  readonly recording: RecordingHere;
  /** The turn that is heard right now. */
  readonly playingTurnId: string | undefined;
  /** Undefined for a turn that cannot be heard. */
  readonly playerOf: (turnId: string) => (() => void) | undefined;
}

/** One and the same, so that a call that goes on draws its transcript anew only for what is said. */
const noTurns: readonly RecordedTurn[] = [];
const nothing: Playback = { recording: { is: 'none' }, playingTurnId: undefined, playerOf: () => undefined };
const PlaybackContext = createContext(nothing);

/** The recording that the parts of a call's page play together. */
export function usePlayback(): Playback {
  return useContext(PlaybackContext);
}

export function PlaybackOf({ story, children }: { readonly story: CallStory; readonly children: ReactNode }) {
  const { call } = story;
  const recording = useRecording(call);
  const player = recording.is === 'here' ? recording.player : undefined;
  const isOver = call !== undefined && isEnded(call);
  const turns = useMemo<readonly RecordedTurn[]>(() => {
    if (!isOver || call?.answeredAt == null || call.recording === null) return noTurns;
    const timeline = callTimeline(story, call.endedAt ?? call.answeredAt);
    return recordedTurns(timeline?.bars ?? [], call.recording.startedAt - call.answeredAt);
  }, [story, call, isOver]);
  const playingTurnId = useSyncExternalStore(
    player?.subscribe ?? never,
    () => {
      const state = player?.state();
      return state?.isPlaying === true ? turnAt(turns, state.atMs) : undefined;
    },
    () => undefined,
  );
  const playback = useMemo<Playback>(
    () => ({
      recording,
      playingTurnId,
      playerOf: (turnId) => {
        const turn = turns.find((one) => one.turnId === turnId);
        return player === undefined || turn === undefined ? undefined : () => player.playFrom(turn.fromMs);
      },
    }),
    [recording, player, turns, playingTurnId],
  );
  return <PlaybackContext value={playback}>{children}</PlaybackContext>;
}

function never(): () => void {
  return () => {};
}
