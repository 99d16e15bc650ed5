import { isEnded } from '../../websocket-server/src/call/call.ts';
import { inOrder } from '../live/call-list.ts';
import type { FollowedCalls } from '../live/use-call-list.ts';
import { useServerStatus } from '../live/use-server-status.ts';
import { useMay } from '../live/use-session.ts';
import { CallSection } from './call-section.tsx';
import { FeedNotice } from './feed-notice.tsx';
import { Notice } from './notice.tsx';
import { PlaceCallForm } from './place-call-form.tsx';
import { useArrival } from './use-arrival.ts';

/** All calls, and the form that places one. */
export function CallsPage({ followed }: { readonly followed: FollowedCalls }) {
  const heading = useArrival('Calls');
  const status = useServerStatus();
  const mayPlace = useMay('calls:place');
  const { list, isLoading, feed, problem, showEarlier } = followed;
  const calls = inOrder(list);
  const isKnown = list.nextCursor !== undefined;
  return (
    <main className="mx-auto grid max-w-5xl grid-cols-1 items-start gap-8 px-4 pt-6 pb-20 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <h1 ref={heading} tabIndex={-1} className="sr-only">
        Calls
      </h1>
      {mayPlace && <PlaceCallForm isDemo={status?.demo.carrier === true} />}
      <div className="grid grid-cols-1 gap-6" aria-busy={isLoading}>
        {problem !== undefined && (
          <Notice title={problem} isAlert>
            {feed === 'reconnecting' ? 'This page keeps trying.' : 'Reload the page to try again.'}
          </Notice>
        )}
        {isLoading && <p className="py-8 text-center text-muted">Loading calls…</p>}
        {isKnown && calls.length === 0 && (
          <Notice title="No calls yet">
            Place one here, or let your assistant place one. It shows up at once.
          </Notice>
        )}
        <CallSection title="Now" calls={calls.filter((call) => !isEnded(call))} />
        <CallSection title="Earlier" calls={calls.filter((call) => isEnded(call))} />
        {typeof list.nextCursor === 'string' && (
          <button
            type="button"
            className="button justify-self-center border border-line bg-surface"
            onClick={showEarlier}
          >
            Show earlier calls
          </button>
        )}
      </div>
      <FeedNotice feed={feed} />
    </main>
  );
}
