import { isEnded } from '../../../websocket-server/src/call/call.ts';
import type { CallStory } from '../../live/call-story.ts';
import { lengthWords } from '../call-words.ts';
import { PlayerBar } from '../playback/player-bar.tsx';
import { useNow } from '../use-now.ts';
import { callTimeline } from './call-timeline.ts';
import type { CallTimeline } from './call-timeline.ts';
import { Lanes } from './lanes.tsx';
import { MarksRow, MarkWords } from './marks-row.tsx';
import { RepliesRow } from './replies-row.tsx';
import { timeTicks } from './time-axis.ts';
import { shareOf } from './time-share.ts';
import { useWidth } from './use-width.ts';

/**
 * How loud both were, who spoke when, what happened in between, and how quickly the agent replied, over one time. The
 * transcript tells the same in words and plays the same turns, so that a screen reader is given the figures alone.
 */
export function TimelineCard({ story }: { readonly story: CallStory }) {
  const call = story.call;
  const isLive = call !== undefined && call.answeredAt !== null && !isEnded(call);
  const now = useNow(isLive);
  const [widthPx, ref] = useWidth();
  const timeline = callTimeline(story, now);
  if (timeline === undefined || call === undefined) return null;
  return (
    <section aria-labelledby="timeline" className="card p-4">
      <h2 id="timeline" className="sr-only">
        Timeline
      </h2>
      <div
        aria-hidden="true"
        className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs text-muted select-none"
      >
        <span className="grid grid-rows-2 items-center font-medium">
          <span>Person</span>
          <span className="text-accent">Agent</span>
        </span>
        <div ref={ref} className="min-w-0">
          <Lanes story={story} timeline={timeline} widthPx={widthPx} isLive={isLive} />
        </div>
        <RepliesRow timeline={timeline} widthPx={widthPx} />
        <MarksRow timeline={timeline} />
        <span />
        <Axis timeline={timeline} widthPx={widthPx} />
        <span />
        <MarkWords timeline={timeline} />
      </div>
      <PlayerBar callId={call.callId} />
      <Figures timeline={timeline} bargeIns={story.bargeIns.length} />
    </section>
  );
}

function Axis({ timeline, widthPx }: { readonly timeline: CallTimeline; readonly widthPx: number }) {
  return (
    <div className="relative h-4 border-t border-line tabular-nums">
      {timeTicks(timeline.drawnMs, widthPx).map((seconds) => {
        const share = seconds * 1000 * (100 / timeline.drawnMs);
        const edge = seconds === 0 ? '' : share > 96 ? '-translate-x-full' : '-translate-x-1/2';
        return (
          <span
            key={seconds}
            className={`absolute top-0.5 ${edge}`}
            style={{ left: shareOf(seconds * 1000, timeline) }}
          >
            {lengthWords(seconds)}
          </span>
        );
      })}
    </div>
  );
}

function Figures({ timeline, bargeIns }: { readonly timeline: CallTimeline; readonly bargeIns: number }) {
  const { replyMs, talkMs } = timeline;
  const middle = replyMs[Math.floor((replyMs.length - 1) / 2)];
  const slowest = replyMs.at(-1);
  return (
    <dl className="mt-3 flex flex-wrap gap-x-5 gap-y-1 border-t border-line pt-3 text-sm">
      <Figure name="Agent spoke">{secondsWords(talkMs.agent)}</Figure>
      <Figure name="Person spoke">{secondsWords(talkMs.person)}</Figure>
      <Figure name="Replies after">
        {middle === undefined || slowest === undefined
          ? '–'
          : `${(middle / 1000).toFixed(1)} s, at most ${(slowest / 1000).toFixed(1)} s`}
      </Figure>
      <Figure name="Spoken over">{String(bargeIns)}</Figure>
    </dl>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-muted">{name}</dt>
      <dd className="font-medium tabular-nums">{children}</dd>
    </div>
  );
}

function secondsWords(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
