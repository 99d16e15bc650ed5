import type { FeedState } from '../live/live-feed.ts';

/** Lies over the page, so that it comes and goes without moving anything. */
export function FeedNotice({ feed }: { readonly feed: FeedState }) {
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-4 z-20 flex justify-center px-4">
      {feed === 'reconnecting' && (
        <p className="flex items-center gap-2 rounded-full bg-ink px-4 py-2 text-sm text-page shadow-lg">
          <span
            aria-hidden="true"
            className="size-2 animate-pulse rounded-full bg-current motion-reduce:animate-none"
          />
          Connection lost, reconnecting…
        </p>
      )}
    </div>
  );
}
