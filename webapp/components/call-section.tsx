import type { Call } from '../../websocket-server/src/call/call.ts';
import { CallRow } from './call-row.tsx';

export function CallSection({ title, calls }: { readonly title: string; readonly calls: readonly Call[] }) {
  if (calls.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="mb-2 flex items-baseline gap-2 font-semibold">{title}</h2>
      <ul className="card overflow-hidden">
        {calls.map((call) => (
          <CallRow key={call.callId} call={call} />
        ))}
      </ul>
    </section>
  );
}
