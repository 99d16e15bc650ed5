const timeOnly = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** A moment in the person's own zone: the time alone for today. @param at ms since 1970 */
export function LocalTime({ at }: { readonly at: number }) {
  const moment = new Date(at);
  const isToday = moment.toDateString() === new Date().toDateString();
  return (
    <time
      dateTime={moment.toISOString()}
      title={exact.format(moment)}
      className="text-sm whitespace-nowrap text-muted"
    >
      {(isToday ? timeOnly : dayAndTime).format(moment)}
    </time>
  );
}
