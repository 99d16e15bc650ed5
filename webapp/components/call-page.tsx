import { PhoneOff } from 'lucide-react';
import { useState } from 'react';
import { isEnded, letGoSentence, unconfirmedEndSentence } from '../../websocket-server/src/call/call.ts';
import type { Call } from '../../websocket-server/src/call/call.ts';
import type { CallStory } from '../live/call-story.ts';
import { useCallStory } from '../live/use-call-story.ts';
import { useServerStatus } from '../live/use-server-status.ts';
import { useMay } from '../live/use-session.ts';
import { CallDock } from './call-dock.tsx';
import { CallHeader } from './call-header.tsx';
import { isScheduled, personsNumber } from './call-words.ts';
import { ErrandCard } from './errand-card.tsx';
import { FeedNotice } from './feed-notice.tsx';
import { useShownNumber } from './hidden-numbers.ts';
import { Notice } from './notice.tsx';
import { OutcomeCard } from './outcome-card.tsx';
import { PlaybackOf } from './playback/playback.tsx';
import { ScheduledNote } from './scheduled-note.tsx';
import { ShareCard } from './share-card.tsx';
import { loudMs } from './timeline/loudness-columns.ts';
import { TimelineCard } from './timeline/timeline-card.tsx';
import { ToolsCard } from './tools-card.tsx';
import { TranscriptView } from './transcript-view.tsx';
import { TurnAnnouncer } from './turn-announcer.tsx';
import { useArrival } from './use-arrival.ts';
import { useStayAtEnd } from './use-stay-at-end.ts';
import { useStickyColumn } from './use-sticky-column.ts';

/** One call, followed live. */
export function CallPage({ callId }: { readonly callId: string }) {
  const { story, feed, problem } = useCallStory(callId);
  const call = story?.call;
  const shown = useShownNumber();
  const heading = useArrival(titleOf(call, shown));
  const [openedAt] = useState(Date.now);

  return (
    <>
      <main>
        <CallHeader call={call} heading={heading} />
        <div className="mx-auto max-w-6xl px-4 pt-6 pb-2 lg:pb-20">
          {story !== undefined && (
            <PlaybackOf story={story}>
              <Story story={story} />
            </PlaybackOf>
          )}
          {story === undefined && problem === undefined && (
            <p className="py-8 text-center text-muted">Loading call…</p>
          )}
          {problem !== undefined && (
            <Notice
              title={problem.code === 'call-not-found' ? 'There is no such call' : problem.message}
              isAlert
            >
              {problem.code === 'unreachable' && 'This page keeps trying.'}
            </Notice>
          )}
        </div>
      </main>
      <TurnAnnouncer transcript={story?.transcript ?? []} since={openedAt} />
      {problem?.code !== 'call-not-found' && <FeedNotice feed={feed} />}
    </>
  );
}

/** A sound shorter than this is no word. */
const shortestWordMs = 300;

/** Why there are no words. */
function silenceWords({ call, loudness }: CallStory): string {
  if (call === undefined || isEnded(call)) return 'Nothing was said.';
  const since = call.answeredAt ?? 0;
  const isHeard = (['person', 'agent'] as const).some(
    (side) => loudMs(loudness, side, since) >= shortestWordMs,
  );
  return isHeard ? 'Somebody is speaking: the words follow.' : 'Nothing has been said yet.';
}

/** The phone may still be in use though the call was hung up; nothing for any other call. */
function UnconfirmedEnd({ call }: { readonly call: Call }) {
  const sentence = unconfirmedEndSentence(call);
  if (sentence === null) return null;
  return (
    <section role="alert" className="card flex items-center gap-4 p-4">
      <PhoneOff aria-hidden="true" className="size-8 shrink-0 text-wait" />
      <div>
        <p className="font-medium">The phone may still be in use</p>
        <p className="text-sm text-muted">{sentence}</p>
      </div>
    </section>
  );
}

function titleOf(call: Call | undefined, shown: (number: string) => string): string {
  if (call === undefined) return 'Call';
  return `${call.question === null ? '' : '(?) '}${shown(personsNumber(call))}`;
}

function Story({ story }: { readonly story: CallStory }) {
  const { call, transcript } = story;
  /** The outcome of a past call comes first; that of a live one comes where the eyes are, and moves nothing. */
  const [wasEnded] = useState(call !== undefined && isEnded(call));
  useStayAtEnd(story, !wasEnded);
  const status = useServerStatus();
  const maySteer = useMay('calls:control');
  const side = useStickyColumn();
  if (call === undefined) return null;
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="grid grid-cols-1 gap-6">
        <ScheduledNote call={call} />
        <UnconfirmedEnd call={call} />
        <TimelineCard story={story} />
        <section aria-label="Conversation" className="grid grid-cols-1 gap-4">
          {transcript.length === 0 && !isScheduled(call) && (
            <p className="py-8 text-center text-muted">{letGoSentence(call) ?? silenceWords(story)}</p>
          )}
          <TranscriptView transcript={transcript} asides={story.asides} bargeIns={story.bargeIns} />
          {call.endReason !== null && (
            <p className="text-center text-sm text-muted">{call.endReason.message}</p>
          )}
        </section>
        {!isEnded(call) && !isScheduled(call) && (
          <CallDock
            call={call}
            story={story}
            maySteer={maySteer}
            canTransfer={status?.canTransfer === true}
          />
        )}
      </div>
      <div ref={side} className="gap-6 max-lg:contents lg:sticky lg:grid">
        {call.outcome !== null && (
          <div className={wasEnded ? 'order-first' : 'order-last'}>
            <OutcomeCard outcome={call.outcome} transcript={transcript} />
          </div>
        )}
        <div className="max-lg:order-first">
          <ErrandCard call={call} />
        </div>
        {/* On a phone nothing stands below a talk that grows. */}
        <div className={`grid grid-cols-1 gap-6 ${isEnded(call) ? '' : 'max-lg:hidden'}`}>
          <ToolsCard transcript={transcript} answeredAt={call.answeredAt} question={call.question} />
          <ShareCard call={call} transcript={transcript} />
        </div>
      </div>
    </div>
  );
}
