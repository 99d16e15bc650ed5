import { useState } from 'react';
import { isEnded } from '../../websocket-server/src/call/call.ts';
import { isNarrowed, noFilter } from '../live/call-filter.ts';
import { inOrder } from '../live/call-list.ts';
import { searchedByItself, useCallSearch } from '../live/use-call-search.ts';
import type { FollowedCalls } from '../live/use-call-list.ts';
import { useServerStatus } from '../live/use-server-status.ts';
import { useMay } from '../live/use-session.ts';
import { CallFilters } from './call-filters.tsx';
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
  const [filter, setFilter] = useState(noFilter);
  const isSearch = isNarrowed(filter);
  const found = useCallSearch(filter, followed.list);
  const { list, feed } = followed;
  const isLoading = isSearch ? found.isLoading : followed.isLoading;
  const problem = isSearch ? found.problem : followed.problem;
  const calls = isSearch ? found.calls : inOrder(list);
  const hasMore = isSearch ? found.hasMore : typeof list.nextCursor === 'string';
  const isEmpty = calls.length === 0 && !isLoading && problem === undefined;
  return (
    <main
      className={`mx-auto grid max-w-6xl grid-cols-1 items-start gap-6 px-4 pt-4 pb-20 sm:gap-8 sm:pt-6 ${mayPlace ? 'lg:grid-cols-[22rem_minmax(0,1fr)]' : ''}`}
    >
      <h1 ref={heading} tabIndex={-1} className="sr-only">
        Calls
      </h1>
      {mayPlace && (
        <PlaceCallForm
          isDemo={status?.demo.carrier === true}
          canRecord={status?.canRecord === true}
          isFirst={isEmpty && !isSearch}
        />
      )}
      <div className="grid grid-cols-1 gap-6" aria-busy={isLoading}>
        {(isSearch || !isEmpty) && <CallFilters filter={filter} onChange={setFilter} />}
        {problem !== undefined && (
          <Notice title={problem} isAlert>
            {feed === 'reconnecting' ? 'This page keeps trying.' : 'Reload the page to try again.'}
          </Notice>
        )}
        {isEmpty &&
          (isSearch ? (
            <Notice
              title={
                hasMore
                  ? `Nothing among the newest ${searchedByItself.toLocaleString('en')} calls`
                  : 'No such calls'
              }
            >
              {hasMore ? 'There are older ones.' : 'Search for other words, or show more kinds of calls.'}
            </Notice>
          ) : (
            <Notice title="No calls yet">
              {status?.demo.carrier === true
                ? 'This is the demo: no phone rings and nothing costs money. Choose one of the numbers to try, and press Call.'
                : 'Place one here, or let your assistant place one. It shows up at once.'}
            </Notice>
          ))}
        <CallSection title="Now" calls={calls.filter((call) => !isEnded(call))} />
        <CallSection title="Earlier" calls={calls.filter((call) => isEnded(call))} />
        {isLoading && (
          <p role="status" className="py-8 text-center text-muted">
            {isSearch ? 'Looking…' : 'Loading calls…'}
          </p>
        )}
        {hasMore && (
          <button
            type="button"
            className="button justify-self-center border border-line bg-surface"
            onClick={isSearch ? found.lookFurther : followed.showEarlier}
          >
            {isSearch ? 'Look further back' : 'Show earlier calls'}
          </button>
        )}
      </div>
      <FeedNotice feed={feed} />
    </main>
  );
}
