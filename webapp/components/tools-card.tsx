import { Wrench } from 'lucide-react';
import type { OpenQuestion } from '../../websocket-server/src/call/call.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { lengthWords, nameWords } from './call-words.ts';
import { answerBoxId } from './question-card.tsx';
import { ToolDetails } from './tool-turn.tsx';
import type { ToolUsed } from './tool-turn.tsx';
import { goToElement, goToTurn } from './turn-place.ts';

/** Every tool the agent used, with what it asked and what it was answered; one that waits for its owner is open. */
export function ToolsCard({
  transcript,
  answeredAt,
  question,
}: {
  readonly transcript: Transcript;
  readonly answeredAt: number | null;
  /** What its owner is asked right now. */
  readonly question: OpenQuestion | null;
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
        {used.map((turn) => {
          const isWaiting = turn.output === null && turn.turnId === question?.questionId;
          return (
            <li key={`${turn.turnId}${isWaiting ? '-waiting' : ''}`}>
              <details open={isWaiting}>
                <summary className="rounded py-1 text-sm">
                  <span className="inline-block font-medium first-letter:uppercase">
                    {nameWords(turn.name)}
                  </span>
                  <span className="ml-2 text-muted tabular-nums">{placeWords(turn, answeredAt)}</span>
                  {turn.output === null && (
                    <span className={isWaiting ? 'ml-2 font-medium text-wait' : 'ml-2 text-muted'}>
                      {isWaiting ? 'waits for you' : 'under way'}
                    </span>
                  )}
                </summary>
                <ToolDetails turn={turn} />
                <button
                  type="button"
                  className="mt-1 cursor-pointer rounded text-sm text-accent hover:underline"
                  onClick={() => (isWaiting ? goToElement(answerBoxId(turn.turnId)) : goToTurn(turn.turnId))}
                >
                  {isWaiting ? 'Answer it' : 'Show in the transcript'}
                </button>
              </details>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function placeWords(turn: ToolUsed, answeredAt: number | null): string {
  if (answeredAt === null) return '';
  return lengthWords(Math.max(0, Math.round((turn.startedAt - answeredAt) / 1000)));
}
