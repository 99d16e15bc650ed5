import { Play } from 'lucide-react';
import type { ReplyLatency, Turn } from '../../websocket-server/src/call/transcript.ts';
import { speakerWords } from './call-words.ts';
import { LocalTime } from './local-time.tsx';

export type Spoken = Exclude<Turn, { speaker: 'tool' }>;

/** One party's stretch of speech: the agent's at the right and tinted, the person's at the left. */
export function SpokenTurn({
  turn,
  heardMs,
  isPlaying,
  onPlay,
}: {
  readonly turn: Spoken;
  readonly heardMs: number | undefined;
  /** It is what the recording is at. */
  readonly isPlaying: boolean;
  /** Undefined where it cannot be heard. */
  readonly onPlay: (() => void) | undefined;
}) {
  const isAgent = turn.speaker === 'agent';
  return (
    <div className={`flex flex-col ${isAgent ? 'items-end' : 'items-start'}`}>
      <p className="mb-0.5 flex min-h-6 items-center gap-2 px-1 text-sm">
        <span className={`font-medium ${isAgent ? 'text-accent' : ''}`}>{speakerWords[turn.speaker]}</span>
        <LocalTime at={turn.startedAt} />
        {turn.latency && (
          <span className="text-muted" title={latencyWords(turn.latency)}>
            {(turn.latency.heardMs / 1000).toFixed(1)} s
            <span className="sr-only"> until the person heard the reply</span>
          </span>
        )}
        {onPlay !== undefined && (
          <button
            type="button"
            className="grid size-6 cursor-pointer place-content-center rounded-full text-accent hover:bg-sunken"
            aria-label={`Play from here: ${speakerWords[turn.speaker]}, ${turn.text.slice(0, 40)}`}
            title="Play from here"
            onClick={onPlay}
          >
            <Play aria-hidden="true" className="size-3.5 fill-current" />
          </button>
        )}
      </p>
      <div
        dir="auto"
        className={`max-w-[85%] rounded-2xl px-4 py-2 wrap-anywhere ${isAgent ? 'rounded-tr-sm bg-agent' : 'rounded-tl-sm bg-sunken'} ${isPlaying ? 'outline-2 outline-accent' : ''}`}
      >
        {turn.text}
        {turn.isInterrupted && <span aria-hidden="true">{'\u00a0—'}</span>}
        {!turn.isSettled && (
          <span className="animate-pulse text-muted motion-reduce:animate-none">
            <span aria-hidden="true">{turn.text === '' ? '…' : ' …'}</span>
            <span className="sr-only"> (still speaking)</span>
          </span>
        )}
      </div>
      {turn.isInterrupted && (
        <p className="mt-0.5 px-1 text-sm text-wait">
          Interrupted{heardMs === undefined ? '' : ` after ${(heardMs / 1000).toFixed(1)} s`}
        </p>
      )}
    </div>
  );
}

function latencyWords({ modelMs, sentMs, heardMs }: ReplyLatency): string {
  return `After the person's last word: first audio from the model ${modelMs} ms, handed to the carrier ${sentMs} ms, heard ${heardMs} ms`;
}
