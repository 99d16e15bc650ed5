import { Download, Pause, Play } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { lengthWords } from '../call-words.ts';
import { usePlayback } from './playback.tsx';
import type { RecordingPlayer } from './recording-player.ts';

/** Plays the recording, or says what became of it. */
export function PlayerBar({ callId }: { readonly callId: string }) {
  const { recording } = usePlayback();
  if (recording.is === 'none') return null;
  return (
    <div className="mt-3 min-h-10 border-t border-line pt-3">
      {recording.is === 'here' ? (
        <Controls player={recording.player} address={recording.address} name={`${callId}.wav`} />
      ) : (
        <p role="status" className="py-2 text-sm text-muted">
          {recording.is === 'at-carrier' ? (
            <>
              The recording stays at the carrier, as{' '}
              <code className="break-all">{recording.recordingId}</code>.
            </>
          ) : (
            words[recording.is]
          )}
        </p>
      )}
    </div>
  );
}

const words = {
  'under-way': 'This call is being recorded. It can be heard here when it is over.',
  coming: 'The recording is on its way from the carrier…',
  gone: 'The recording is not here any more, or never came.',
} as const;

function Controls({
  player,
  address,
  name,
}: {
  readonly player: RecordingPlayer;
  readonly address: string;
  readonly name: string;
}) {
  const { isReady, isPlaying, atMs, lengthMs, speed } = useSyncExternalStore(
    player.subscribe,
    player.state,
    player.state,
  );
  return (
    <div role="group" aria-label="Recording" className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <button
        type="button"
        className="grid size-10 shrink-0 cursor-pointer place-content-center rounded-full bg-accent text-on-accent disabled:cursor-default disabled:opacity-60"
        aria-label={isPlaying ? 'Pause' : 'Play'}
        disabled={!isReady}
        onClick={() => (isPlaying ? player.pause() : player.play())}
      >
        {isPlaying ? (
          <Pause aria-hidden="true" className="size-5" />
        ) : (
          <Play aria-hidden="true" className="size-5" />
        )}
      </button>
      <span className="text-sm text-muted tabular-nums">{clock(atMs)}</span>
      <input
        type="range"
        className="min-w-24 flex-1 accent-accent"
        aria-label="Place in the recording"
        aria-valuetext={`${clock(atMs)} of ${clock(lengthMs)}`}
        min={0}
        max={Math.max(1, Math.round(lengthMs / 100))}
        value={Math.round(atMs / 100)}
        disabled={!isReady}
        onChange={(event) => player.seek(Number(event.target.value) * 100)}
      />
      <span className="text-sm text-muted tabular-nums">{clock(lengthMs)}</span>
      <button
        type="button"
        className="min-h-9 min-w-12 cursor-pointer rounded-md border border-line px-2 text-sm font-medium tabular-nums hover:bg-sunken"
        aria-label={`Speed: ${speed} times`}
        onClick={() => player.speedUp()}
      >
        {speed}×
      </button>
      <a
        className="inline-flex min-h-9 items-center gap-1.5 rounded-md border border-line px-3 text-sm font-medium hover:bg-sunken"
        href={address}
        download={name}
      >
        <Download aria-hidden="true" className="size-4" />
        <span className="max-sm:sr-only">Recording</span>
      </a>
    </div>
  );
}

function clock(ms: number): string {
  return lengthWords(Math.round(ms / 1000));
}
