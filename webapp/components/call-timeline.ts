import type { Turn } from '../../websocket-server/src/call/transcript.ts';
import type { CallStory } from '../live/call-story.ts';

/** Length of speech per letter, for turns whose length nobody told. */
const msPerLetter = 60;
/** A timeline of a call that has just begun is not stretched beyond this. */
const shortestMs = 20_000;

/** A call drawn over time. All times are ms since the answer. */
export interface CallTimeline {
  readonly lengthMs: number;
  readonly bars: readonly TimelineBar[];
  readonly marks: readonly TimelineMark[];
  /** Ms from the person's last word to the agent's first, of all replies, quickest first. */
  readonly replyMs: readonly number[];
  readonly talkMs: { readonly agent: number; readonly person: number };
}

export interface TimelineBar {
  readonly turnId: string;
  readonly speaker: 'agent' | 'person';
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
  readonly isInterrupted: boolean;
  readonly replyMs: number | undefined;
}

export interface TimelineMark {
  readonly key: string;
  readonly kind: 'barge-in' | 'digits' | 'tool' | 'owner';
  readonly atMs: number;
  readonly label: string;
}

/** @param now ms since 1970, the end of a call that is still up. @returns undefined before the answer */
export function callTimeline(story: CallStory, now: number): CallTimeline | undefined {
  const { call, transcript, asides, bargeIns } = story;
  if (call === undefined || call.answeredAt === null) return undefined;
  const start = call.answeredAt;
  const end = call.endedAt ?? now;
  const bars = transcript.flatMap((turn) =>
    turn.speaker === 'tool' || turn.text === '' ? [] : [barOf(turn, story, start, end)],
  );
  const talk = (speaker: 'agent' | 'person') =>
    bars.filter((bar) => bar.speaker === speaker).reduce((sum, bar) => sum + bar.toMs - bar.fromMs, 0);
  return {
    lengthMs: Math.max(shortestMs, end - start, ...bars.map(({ toMs }) => toMs)),
    bars,
    marks: [
      ...bargeIns.map(({ turnId, at }) =>
        mark(`barge-${turnId}`, 'barge-in', at, 'Person spoke over the agent'),
      ),
      ...transcript.flatMap((turn) =>
        turn.speaker === 'tool' ? [mark(turn.turnId, 'tool', turn.startedAt, `Agent used ${turn.name}`)] : [],
      ),
      ...asides.map((aside) =>
        aside.kind === 'digits'
          ? mark(`aside-${aside.sequence}`, 'digits', aside.at, `Pressed ${aside.digits}`)
          : mark(`aside-${aside.sequence}`, 'owner', aside.at, 'Owner took a hand'),
      ),
    ],
    replyMs: bars
      .flatMap(({ replyMs }) => (replyMs === undefined ? [] : [replyMs]))
      .sort((one, other) => one - other),
    talkMs: { agent: talk('agent'), person: talk('person') },
  };

  function mark(key: string, kind: TimelineMark['kind'], at: number, label: string): TimelineMark {
    return { key, kind, atMs: Math.max(0, at - start), label };
  }
}

type Spoken = Exclude<Turn, { speaker: 'tool' }>;

/** A person's turn gets its place when it ends, an agent's when it begins. */
function barOf(turn: Spoken, story: CallStory, start: number, end: number): TimelineBar {
  const { turnId, speaker, text, isInterrupted, startedAt } = turn;
  const guessedMs = text.length * msPerLetter;
  const endedAt = story.endedAtOfTurn.get(turnId);
  const [from, to] =
    speaker === 'person'
      ? [startedAt - (turn.lastedMs ?? guessedMs), startedAt]
      : [startedAt, endedAt ?? (turn.isSettled ? startedAt + guessedMs : end)];
  const fromMs = Math.max(0, from - start);
  return {
    turnId,
    speaker,
    fromMs,
    toMs: Math.max(fromMs, Math.min(to, end) - start),
    text,
    isInterrupted,
    replyMs: turn.latency?.heardMs,
  };
}
