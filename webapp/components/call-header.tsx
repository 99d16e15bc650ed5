import type { RefObject } from 'react';
import { isEnded } from '../../websocket-server/src/call/call.ts';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { useMay } from '../live/use-session.ts';
import { callsPath } from './app-route.ts';
import { CallCost } from './call-cost.tsx';
import { CallLength } from './call-length.tsx';
import { directionWords, isHandedOver, personsNumber, standing } from './call-words.ts';
import { HangUpButton } from './hang-up-button.tsx';
import { useShownNumber } from './hidden-numbers.ts';
import { HideNumbersButton } from './hide-numbers-button.tsx';
import { PageLink } from './page-link.tsx';
import { Tag } from './tag.tsx';

/** Stays in sight while the transcript grows: whom with, where the call is, and the way to end it. */
export function CallHeader({
  call,
  heading,
}: {
  readonly call: Call | undefined;
  readonly heading: RefObject<HTMLHeadingElement | null>;
}) {
  const shown = useShownNumber();
  const mayEnd = useMay('calls:control');
  return (
    <div className="sticky top-0 z-10 border-b border-line bg-page">
      <div className="mx-auto max-w-6xl px-4 py-2">
        <div className="flex min-h-12 items-center justify-between gap-4 max-sm:gap-1">
          <div className="min-w-0">
            <PageLink to={callsPath} className="rounded text-sm text-accent hover:underline">
              <span aria-hidden="true">← </span>All calls
            </PageLink>
            <div className="flex items-center gap-1">
              <h1
                ref={heading}
                tabIndex={-1}
                className="truncate text-xl font-semibold max-sm:text-lg tabular-nums outline-none"
              >
                <span className="sr-only">
                  {call === undefined ? 'Call' : `${directionWords[call.direction]}, `}
                </span>
                {call === undefined ? '\u00a0' : shown(personsNumber(call))}
              </h1>
              {call !== undefined && <HideNumbersButton isBare />}
            </div>
          </div>
          {call !== undefined && !isEnded(call) && mayEnd && !isHandedOver(call) && (
            <HangUpButton call={call} />
          )}
        </div>
        <div className="flex min-h-7 items-center gap-3">
          <span role="status">{call !== undefined && <Tag {...standing(call)} />}</span>
          {call !== undefined && <CallLength call={call} />}
          {call !== undefined && <CallCost call={call} />}
        </div>
      </div>
    </div>
  );
}
