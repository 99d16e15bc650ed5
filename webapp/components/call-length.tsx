import { durationSeconds, isEnded } from '../../websocket-server/src/call/call.ts';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { lengthWords } from './call-words.ts';
import { useNow } from './use-now.ts';

/** How long the call has lasted, ticking while the person is on the line; nothing for a call nobody answered. */
export function CallLength({ call }: { readonly call: Call }) {
  const now = useNow(call.answeredAt !== null && !isEnded(call));
  if (call.answeredAt === null) return null;
  const seconds = durationSeconds(call, now);
  return (
    <span className="text-sm text-muted tabular-nums">
      <span className="sr-only">Length </span>
      {lengthWords(seconds)}
    </span>
  );
}
