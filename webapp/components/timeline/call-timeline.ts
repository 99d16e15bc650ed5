import type { Turn } from '../../../websocket-server/src/call/transcript.ts';
import type { Aside, CallStory } from '../../live/call-story.ts';
import { nameWords } from '../call-words.ts';
import { asideElementId, turnElementId } from '../turn-place.ts';
import { loudMs } from './loudness-columns.ts';
import { roomyLength } from './time-axis.ts';

/** Length of speech per letter, for turns whose length nobody told. */
const msPerLetter = 60;
/** A timeline of a short call is not stretched beyond this. */
const shortestMs = 20_000;
const mostKeysShown = 4;

/** A call drawn over time. All times are ms since the answer. */
export interface CallTimeline {
  /** From the answer to the end, or to now. */
  readonly lengthMs: number;
  /** What the drawing is wide: more, while the call goes on. */
  readonly drawnMs: number;
  readonly bars: readonly TimelineBar[];
  readonly marks: readonly TimelineMark[];
  /** Ms from the person's last word to the agent's first, of all replies, quickest first. */
  readonly replyMs: readonly number[];
  /** While the call goes on, what is heard of a turn counts before its words are there. */
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
  readonly kind: 'barge-in' | 'digits' | 'tool' | 'owner' | 'other';
  readonly atMs: number;
  readonly label: string;
  /** Where the transcript tells of it. */
  readonly elementId: string;
  /** Keys that were pressed, where they are few enough to be shown. */
  readonly keys?: string;
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
  const talk = (speaker: 'agent' | 'person') => {
    const turns = bars.filter((bar) => bar.speaker === speaker);
    const lastMs = Math.max(0, ...turns.map(({ toMs }) => toMs));
    const unwordedMs = call.endedAt === null ? loudMs(story.loudness, speaker, start + lastMs) : 0;
    return turns.reduce((sum, bar) => sum + bar.toMs - bar.fromMs, unwordedMs);
  };
  const lengthMs = Math.max(0, end - start, ...bars.map(({ toMs }) => toMs));
  return {
    lengthMs,
    drawnMs: call.endedAt === null ? roomyLength(lengthMs) : Math.max(shortestMs, lengthMs),
    bars,
    marks: [
      ...bargeIns.map(({ turnId, at }) => ({
        ...mark(`barge-${turnId}`, 'barge-in', at, 'Person spoke over the agent'),
        elementId: turnElementId(turnId),
      })),
      ...transcript.flatMap((turn) =>
        turn.speaker === 'tool'
          ? [
              {
                ...mark(turn.turnId, 'tool', turn.startedAt, `Agent used ${nameWords(turn.name)}`),
                elementId: turnElementId(turn.turnId),
              },
            ]
          : [],
      ),
      ...asides.map((aside) => markOfAside(aside)),
    ],
    replyMs: bars
      .flatMap(({ replyMs }) => (replyMs === undefined ? [] : [replyMs]))
      .sort((one, other) => one - other),
    talkMs: { agent: talk('agent'), person: talk('person') },
  };

  function mark(key: string, kind: TimelineMark['kind'], at: number, label: string) {
    return { key, kind, atMs: Math.max(0, at - start), label };
  }

  function markOfAside(aside: Aside): TimelineMark {
    const elementId = asideElementId(aside.sequence);
    if (aside.kind === 'happened')
      return { ...mark(elementId, 'other', aside.at, nameWords(aside.what.replaceAll('-', ' '))), elementId };
    if (aside.kind !== 'digits')
      return { ...mark(elementId, 'owner', aside.at, 'Steered from outside'), elementId };
    const keys = aside.digits.length <= mostKeysShown ? { keys: aside.digits } : {};
    return { ...mark(elementId, 'digits', aside.at, `Pressed ${aside.digits}`), elementId, ...keys };
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
