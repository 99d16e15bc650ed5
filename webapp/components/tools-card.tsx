import { Wrench } from 'lucide-react';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { lengthWords, nameWords } from './call-words.ts';
import { ToolDetails } from './tool-turn.tsx';

/** Every tool the agent used, with what it asked and what it was answered. */
export function ToolsCard({
  transcript,
  answeredAt,
}: {
  readonly transcript: Transcript;
  readonly answeredAt: number | null;
}) {
  const used = transcript.flatMap((turn) => (turn.speaker === 'tool' ? [turn] : []));
  if (used.length === 0) return null;
  return (
    <section aria-labelledby="tools" className="card p-4">
      <h2 id="tools" className="flex items-center gap-2 font-semibold">
        <Wrench aria-hidden="true" className="size-4 text-muted" />
        Tools used
        <span className="font-normal text-muted">{used.length}</span>
      </h2>
      <ul className="mt-2 grid grid-cols-1 gap-1">
        {used.map((turn) => (
          <li key={turn.turnId}>
            <details>
              <summary className="rounded py-1 text-sm">
                <span className="inline-block font-medium first-letter:uppercase">
                  {nameWords(turn.name)}
                </span>
                <span className="ml-2 text-muted tabular-nums">
                  {answeredAt !== null &&
                    lengthWords(Math.max(0, Math.round((turn.startedAt - answeredAt) / 1000)))}
                  {turn.output === null && ' · waiting for its answer'}
                </span>
              </summary>
              <ToolDetails turn={turn} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
