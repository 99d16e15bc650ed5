import type { CallTimeline } from './call-timeline.ts';
import { placesWithRoom } from './time-axis.ts';
import { shareOf } from './time-share.ts';

/** A reply that takes longer is felt as a pause, and one that takes twice as long as a fault. */
const slowMs = 1500;
const labelPx = 36;

/** How long the person waited for each reply, from their last word to the agent's first. */
export function RepliesRow({
  timeline,
  widthPx,
}: {
  readonly timeline: CallTimeline;
  readonly widthPx: number;
}) {
  const replies = timeline.bars.flatMap(({ turnId, fromMs, replyMs }) =>
    replyMs === undefined ? [] : [{ turnId, fromMs, replyMs }],
  );
  if (replies.length === 0) return null;
  const shown = placesWithRoom(
    replies.map(({ fromMs }) => (fromMs / timeline.drawnMs) * widthPx),
    labelPx,
  );
  return (
    <>
      <span className="leading-4">Replies</span>
      <div className="relative h-4 tabular-nums">
        {replies.map(({ turnId, fromMs, replyMs }, index) => (
          <span key={turnId} className={colourOf(replyMs)} title={`Reply after ${seconds(replyMs)} s`}>
            <span
              className="absolute top-0 h-1 min-w-0.5 rounded-full bg-current"
              style={{
                left: shareOf(Math.max(0, fromMs - replyMs), timeline),
                width: shareOf(Math.min(replyMs, fromMs), timeline),
              }}
            />
            {shown.has(index) && (
              <span
                className={`absolute top-1 text-[0.6875rem] leading-3 ${fromMs / timeline.drawnMs > 0.95 ? '-translate-x-full' : '-translate-x-1/2'}`}
                style={{ left: shareOf(fromMs, timeline) }}
              >
                {seconds(replyMs)} s
              </span>
            )}
          </span>
        ))}
      </div>
    </>
  );
}

function colourOf(replyMs: number): string {
  if (replyMs <= slowMs) return 'text-muted';
  return replyMs <= 2 * slowMs ? 'text-wait' : 'text-bad';
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
