import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import type { Verdict } from '../live/server-api.ts';

/** What policy says of the call, before anything is dialed. */
export function VerdictLine({ verdict }: { readonly verdict: Verdict | undefined }) {
  return (
    <div role="status" className="min-h-6 text-sm">
      {verdict?.isAllowed === true && (
        <p className="flex items-center gap-2 text-live">
          <CircleCheck aria-hidden="true" className="size-4 shrink-0" />
          This call may be placed.
        </p>
      )}
      {verdict?.reasons.map((reason) => (
        <p key={reason} className="flex gap-2 break-words text-bad">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0">{reason}</span>
        </p>
      ))}
      {verdict?.warnings.map((warning) => (
        <p key={warning} className="flex gap-2 break-words text-wait">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0">{warning}</span>
        </p>
      ))}
    </div>
  );
}
