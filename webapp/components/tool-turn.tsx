import type { Turn } from '../../websocket-server/src/call/transcript.ts';
import { nameWords } from './call-words.ts';
import { readableJson, questionAsked } from './tool-words.ts';

export type ToolUsed = Extract<Turn, { speaker: 'tool' }>;

/** A tool the agent used: named in passing, with its arguments and answer for whoever wants to see them. */
export function ToolTurn({ turn }: { readonly turn: ToolUsed }) {
  const question = questionAsked(turn);
  return (
    <details className="mx-auto max-w-full text-sm text-muted">
      <summary className="rounded text-center break-words">
        {question === undefined ? (
          <>
            Agent used <span className="font-medium text-ink">{nameWords(turn.name)}</span>
          </>
        ) : (
          <>
            Agent asked its owner: <q className="font-medium text-ink">{question}</q>
          </>
        )}
        {turn.output === null && (
          <span className="text-wait">{question === undefined ? ' …' : ' – waiting for the answer'}</span>
        )}
      </summary>
      <ToolDetails turn={turn} />
    </details>
  );
}

export function ToolDetails({ turn }: { readonly turn: ToolUsed }) {
  return (
    <dl className="mt-2 grid grid-cols-1 gap-1 rounded-lg bg-sunken p-3 text-left text-sm text-ink">
      <dt className="text-muted">Asked</dt>
      <dd className="font-mono text-xs break-words whitespace-pre-wrap">{readableJson(turn.arguments)}</dd>
      <dt className="mt-1 text-muted">Answered</dt>
      <dd className="font-mono text-xs break-words whitespace-pre-wrap">
        {turn.output === null ? 'Not yet' : readableJson(turn.output)}
      </dd>
    </dl>
  );
}
