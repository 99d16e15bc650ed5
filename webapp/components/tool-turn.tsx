import type { Turn } from '../../websocket-server/src/call/transcript.ts';
import { nameWords } from './call-words.ts';

/** A tool the agent used: named in passing, with its arguments and answer for whoever wants to see them. */
export function ToolTurn({ turn }: { readonly turn: Extract<Turn, { speaker: 'tool' }> }) {
  return (
    <details className="mx-auto max-w-full text-sm text-muted">
      <summary className="rounded text-center">
        Agent used <span className="font-medium text-ink">{nameWords(turn.name)}</span>
        {turn.output === null && ' …'}
      </summary>
      <dl className="card mt-2 grid grid-cols-1 gap-2 p-3">
        <dt className="font-medium">Asked</dt>
        <dd className="font-mono break-words whitespace-pre-wrap">{readable(turn.arguments)}</dd>
        <dt className="font-medium">Answered</dt>
        <dd className="font-mono break-words whitespace-pre-wrap">
          {turn.output === null ? 'Not yet' : readable(turn.output)}
        </dd>
      </dl>
    </details>
  );
}

/** JSON set out in lines; anything else as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
