import { CalendarClock } from 'lucide-react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { isScheduled, waitWords } from './call-words.ts';
import { useNow } from './use-now.ts';

const dayAndTime = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** When a call that waits for its time is dialed; nothing for any other. */
export function ScheduledNote({ call }: { readonly call: Call }) {
  const now = useNow(isScheduled(call));
  if (!isScheduled(call) || call.scheduledAt === null) return null;
  return (
    <section aria-label="Scheduled" className="card flex items-center gap-4 p-4">
      <CalendarClock aria-hidden="true" className="size-8 shrink-0 text-wait" />
      <div>
        <p className="font-medium">
          Dialed on{' '}
          <time dateTime={new Date(call.scheduledAt).toISOString()}>
            {dayAndTime.format(call.scheduledAt)}
          </time>
          , {waitWords(call.scheduledAt - now)}.
        </p>
        <p className="text-sm text-muted">
          It is checked again then: calling hours, limits and lists. Until then “Cancel call” calls it off.
        </p>
      </div>
    </section>
  );
}
