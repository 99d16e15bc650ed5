import { isEnded } from '../../websocket-server/src/call/call.ts';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { callPath } from './app-route.ts';
import { CallCost } from './call-cost.tsx';
import { CallLength } from './call-length.tsx';
import { isScheduled, outcomeWords, personsNumber, standing } from './call-words.ts';
import { DirectionIcon } from './direction-icon.tsx';
import { useShownNumber } from './hidden-numbers.ts';
import { LocalTime } from './local-time.tsx';
import { PageLink } from './page-link.tsx';
import { Tag } from './tag.tsx';

/** One call in the list: where it is, whom with, what for, and what came of it. */
export function CallRow({ call }: { readonly call: Call }) {
  const shown = useShownNumber();
  const { outcome, endReason } = call;
  const end = outcome?.summary ?? (call.state === 'failed' ? endReason?.message : undefined);
  return (
    <li className="border-t border-line first:border-t-0">
      <PageLink to={callPath(call.callId)} className="block px-4 py-3 -outline-offset-2 hover:bg-sunken">
        <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
          <DirectionIcon direction={call.direction} />
          <span className="font-medium tabular-nums">{shown(personsNumber(call))}</span>
          <Tag {...standing(call)} />
          {isEnded(call) && outcome !== null && <Tag {...outcomeWords[outcome.status]} />}
          <span className="ml-auto flex items-center gap-3">
            <CallCost call={call} />
            <CallLength call={call} />
            {isScheduled(call) && call.scheduledAt !== null ? (
              <span className="text-sm text-muted">
                for <LocalTime at={call.scheduledAt} />
              </span>
            ) : (
              <LocalTime at={call.requestedAt} />
            )}
          </span>
        </div>
        <p dir="auto" className="mt-1 line-clamp-2 wrap-anywhere">
          {call.errand.goal}
        </p>
        {end !== undefined && (
          <p dir="auto" className="mt-1 line-clamp-2 text-sm wrap-anywhere text-muted">
            {end}
          </p>
        )}
      </PageLink>
    </li>
  );
}
