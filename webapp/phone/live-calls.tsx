import { Headphones } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { isEnded } from '../../websocket-server/src/call/call.ts';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { listenedCallId } from '../components/app-route.ts';
import { personsNumber } from '../components/call-words.ts';
import { useShownNumber } from '../components/hidden-numbers.ts';
import { inOrder } from '../live/call-list.ts';
import type { FollowedCalls } from '../live/use-call-list.ts';
import { ListeningPanel } from './listening-panel.tsx';
import { spaced } from './spaced-number.ts';

/** The calls that go on right now, to listen in to. @param but the one on the phone in this page */
export function LiveCalls({
  followed,
  but,
}: {
  readonly followed: FollowedCalls;
  readonly but: Call | undefined;
}) {
  const shown = useShownNumber();
  const callName = (call: Call) => spaced(shown(personsNumber(call)));
  const [askedId] = useState(listenedCallId);
  // A page that nobody has clicked in may not sound: it waits for its button.
  const [listenedId, setListenedId] = useState(() =>
    navigator.userActivation?.hasBeenActive ? askedId : undefined,
  );
  const asked = useRef<HTMLLIElement>(null);
  const calls = inOrder(followed.list).filter(
    (call) => call.callId !== but?.callId && (call.state === 'connected' || call.callId === listenedId),
  );
  const isAskedGone = askedId !== undefined && isEndedHere(followed.list.calls.get(askedId));
  const isAskedThere = calls.some(({ callId }) => callId === askedId);
  useEffect(() => {
    if (!isAskedThere) return;
    asked.current?.scrollIntoView({ block: 'center' });
    asked.current?.querySelector('button')?.focus({ preventScroll: true });
  }, [isAskedThere]);
  return (
    <section aria-labelledby="live-calls" className="card overflow-hidden">
      <h2 id="live-calls" className="px-5 pt-4 font-semibold">
        Listen in
      </h2>
      <p className="px-5 pt-1 pb-4 text-sm text-muted">
        {isAskedGone && 'The call that you wanted to hear is not on the line. '}
        {calls.length === 0
          ? 'Calls that are on the line show up here: hear them, whisper to the agent, or take over.'
          : 'Hear a live call, whisper to the agent, or take over.'}
      </p>
      <ul>
        {calls.map((call) => (
          <li
            key={call.callId}
            ref={call.callId === askedId ? asked : undefined}
            className={`border-t border-line ${call.callId === askedId ? 'bg-agent/40' : ''}`}
          >
            <div className="flex items-center justify-between gap-4 px-5 py-3">
              <p className="min-w-0">
                <span className="font-medium tabular-nums">{callName(call)}</span>
                <span className="block truncate text-sm text-muted">
                  {call.direction === 'inbound' ? 'Called us' : call.errand.goal}
                </span>
              </p>
              {call.callId !== listenedId && (
                <button
                  type="button"
                  className="button shrink-0 gap-2 border border-line"
                  onClick={() => setListenedId(call.callId)}
                >
                  <Headphones aria-hidden="true" className="size-5" />
                  Listen<span className="sr-only"> to {callName(call)}</span>
                </button>
              )}
            </div>
            {call.callId === listenedId && (
              <ListeningPanel call={call} onClose={() => setListenedId(undefined)} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function isEndedHere(call: Call | undefined): boolean {
  return call !== undefined && isEnded(call);
}
