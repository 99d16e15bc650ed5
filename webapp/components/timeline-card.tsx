import { isEnded } from '../../websocket-server/src/call/call.ts';
import type { CallStory } from '../live/call-story.ts';
import { callTimeline } from './call-timeline.ts';
import type { CallTimeline, TimelineBar, TimelineMark } from './call-timeline.ts';
import { lengthWords, speakerWords } from './call-words.ts';
import { goToTurn } from './turn-place.ts';
import { useNow } from './use-now.ts';

const markColours: Record<TimelineMark['kind'], string> = {
  'barge-in': 'bg-bad',
  digits: 'bg-accent',
  tool: 'bg-edge',
  owner: 'bg-wait',
};
const markWords: Record<TimelineMark['kind'], string> = {
  'barge-in': 'spoke over',
  digits: 'keys',
  tool: 'tool',
  owner: 'owner',
};

/**
 * Who spoke when, what happened in between, and how quickly the agent replied. The transcript tells the same in
 * words, so that a screen reader is given the figures alone.
 */
export function TimelineCard({ story }: { readonly story: CallStory }) {
  const call = story.call;
  const now = useNow(call !== undefined && call.answeredAt !== null && !isEnded(call));
  const timeline = callTimeline(story, now);
  if (timeline === undefined) return null;
  const kinds = [...new Set(timeline.marks.map(({ kind }) => kind))];
  return (
    <section aria-labelledby="timeline" className="card p-4">
      <h2 id="timeline" className="sr-only">
        Timeline
      </h2>
      <div
        aria-hidden="true"
        className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-xs text-muted"
      >
        <Lane speaker="person" timeline={timeline} />
        <Lane speaker="agent" timeline={timeline} />
        <span />
        <div className="relative h-2.5">
          {timeline.marks.map((mark) => (
            <span
              key={mark.key}
              title={`${mark.label}, at ${lengthWords(Math.round(mark.atMs / 1000))}`}
              className={`absolute top-0 size-2.5 -translate-x-1/2 rounded-full ${markColours[mark.kind]}`}
              style={{ left: share(mark.atMs, timeline) }}
            />
          ))}
        </div>
        <span />
        <div className="flex justify-between tabular-nums">
          <span>0:00</span>
          <span className="flex gap-3">
            {kinds.map((kind) => (
              <span key={kind} className="flex items-center gap-1">
                <span className={`size-2 rounded-full ${markColours[kind]}`} />
                {markWords[kind]}
              </span>
            ))}
          </span>
          <span>{lengthWords(Math.round(timeline.lengthMs / 1000))}</span>
        </div>
      </div>
      <Figures timeline={timeline} bargeIns={story.bargeIns.length} />
    </section>
  );
}

function Lane({ speaker, timeline }: { speaker: TimelineBar['speaker']; timeline: CallTimeline }) {
  const isAgent = speaker === 'agent';
  return (
    <>
      <span className={`self-center ${isAgent ? 'text-accent' : ''}`}>{speakerWords[speaker]}</span>
      <div className="relative h-6 rounded bg-sunken/60">
        {timeline.bars
          .filter((bar) => bar.speaker === speaker)
          .map((bar) => (
            <button
              key={bar.turnId}
              type="button"
              tabIndex={-1}
              title={titleOf(bar)}
              className={`absolute inset-y-0.5 min-w-1 cursor-pointer rounded-sm hover:opacity-75 ${isAgent ? 'bg-accent' : 'bg-edge'} ${bar.isInterrupted ? 'rounded-r-none border-r-4 border-bad' : ''}`}
              style={{ left: share(bar.fromMs, timeline), width: share(bar.toMs - bar.fromMs, timeline) }}
              onClick={() => goToTurn(bar.turnId)}
            />
          ))}
      </div>
    </>
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

function titleOf({ speaker, text, fromMs, replyMs, isInterrupted }: TimelineBar): string {
  const reply = replyMs === undefined ? '' : ` · reply after ${(replyMs / 1000).toFixed(1)} s`;
  return `${speakerWords[speaker]} at ${lengthWords(Math.round(fromMs / 1000))}${reply}${isInterrupted ? ' · interrupted' : ''}\n${text}`;
}

function secondsWords(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function share(ms: number, { lengthMs }: CallTimeline): string {
  return `${((ms / lengthMs) * 100).toFixed(3)}%`;
}
