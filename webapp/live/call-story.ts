import type { AnsweredBy, Call } from '../../websocket-server/src/call/call.ts';
import type {
  CallEvent,
  CallHint,
  Speaker,
  TurnGrowing,
} from '../../websocket-server/src/call/call-event.ts';
import { foldCall } from '../../websocket-server/src/call/fold-call.ts';
import { emptyTranscript, foldTranscript } from '../../websocket-server/src/call/transcript.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { foldLoudness, noLoudness } from './call-loudness.ts';
import type { CallLoudness } from './call-loudness.ts';

/** Everything one call's page tells: the fold of all its events. */
export interface CallStory {
  readonly call: Call | undefined;
  readonly transcript: Transcript;
  /** What happened between turns, in order. */
  readonly asides: readonly Aside[];
  readonly bargeIns: readonly BargeIn[];
  /** When each turn was over, ms since 1970; that of a person's turn is late, since their words come later. */
  readonly endedAtOfTurn: ReadonlyMap<string, number>;
  /** Words of turns that have no place yet: they may come before the event that gives it. */
  readonly earlyWords: ReadonlyMap<string, TurnGrowing>;
  readonly loudness: CallLoudness;
  /** Sequence number of the last event folded in; 0 before the first. */
  readonly sequence: number;
}

/** @property at ms since 1970 */
export type Aside = { readonly sequence: number; readonly at: number } & (
  | { readonly kind: 'digits'; readonly by: Speaker; readonly digits: string }
  /** The owner took a hand. */
  | { readonly kind: 'steered'; readonly action: string; readonly value: string | null }
  | { readonly kind: 'happened'; readonly what: Happened; readonly detail: string | null }
);

/** What a reader of the transcript wants to know of besides words. */
export type Happened =
  | 'answerer-identified'
  | 'recording-started'
  | 'message-left'
  | 'transfer-started'
  | 'transfer-failed'
  | 'call-transferred'
  | 'number-barred'
  | 'tool-refused'
  | 'authority-breached';

export interface BargeIn {
  readonly turnId: string;
  /** ms since 1970. */
  readonly at: number;
  readonly heardMs: number;
}

export const emptyStory: CallStory = {
  call: undefined,
  transcript: emptyTranscript,
  asides: [],
  bargeIns: [],
  endedAtOfTurn: new Map(),
  earlyWords: new Map(),
  loudness: noLoudness,
  sequence: 0,
};

/** True when events between the story's last and this one were never told: the story has to be told anew. */
export function leavesGap(story: CallStory, event: CallEvent): boolean {
  return event.sequence > story.sequence + 1;
}

/** The story after one more event; the same object for one that it has already. It must not leave a gap. */
export function foldStory(story: CallStory, event: CallEvent): CallStory {
  if (event.sequence <= story.sequence) return story;
  const aside = asideOf(event, story.call);
  const early = event.type === 'turn-started' ? story.earlyWords.get(event.turnId) : undefined;
  const transcript = foldTranscript(story.transcript, event);
  return {
    call: foldCall(story.call, event),
    transcript: early === undefined ? transcript : foldTranscript(transcript, early),
    asides: aside === undefined ? story.asides : [...story.asides, aside],
    bargeIns:
      event.type === 'barge-in'
        ? [...story.bargeIns, { turnId: event.turnId, at: event.at, heardMs: event.heardMs }]
        : story.bargeIns,
    endedAtOfTurn:
      event.type === 'turn-ended'
        ? new Map(story.endedAtOfTurn).set(event.turnId, event.at)
        : story.endedAtOfTurn,
    earlyWords: early === undefined ? story.earlyWords : without(story.earlyWords, early.turnId),
    loudness: foldLoudness(story.loudness, event),
    sequence: event.sequence,
  };
}

/** The story with what is told as it happens: words of a turn that is still being spoken, and how loud both are. */
export function growStory(story: CallStory, hint: CallHint): CallStory {
  if (hint.type === 'loudness-heard') {
    const loudness = foldLoudness(story.loudness, hint);
    return loudness === story.loudness ? story : { ...story, loudness };
  }
  if (!story.transcript.some(({ turnId }) => turnId === hint.turnId)) {
    return story.endedAtOfTurn.has(hint.turnId)
      ? story
      : { ...story, earlyWords: new Map(story.earlyWords).set(hint.turnId, hint) };
  }
  const transcript = foldTranscript(story.transcript, hint);
  return transcript === story.transcript ? story : { ...story, transcript };
}

/** The owner has told the agent to stay quiet, and not to speak again since. */
export function isOnHold({ asides }: CallStory): boolean {
  const last = asides.findLast(
    (aside) =>
      aside.kind === 'steered' && ['hold', 'resume', 'say', 'take_over', 'give_back'].includes(aside.action),
  );
  return last?.kind === 'steered' && last.action === 'hold';
}

/** Where a call is that is being handed over, or was; undefined for one that is the agent's. */
export function handOverOf({ asides }: CallStory): 'ringing' | 'taken' | undefined {
  const last = asides.findLast((aside) => aside.kind === 'happened' && transfers.has(aside.what));
  if (last?.kind !== 'happened' || last.what === 'transfer-failed') return undefined;
  return last.what === 'call-transferred' ? 'taken' : 'ringing';
}

const transfers: ReadonlySet<Happened> = new Set(['transfer-started', 'transfer-failed', 'call-transferred']);

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

function asideOf(event: CallEvent, before: Call | undefined): Aside | undefined {
  const { sequence, at } = event;
  const happened = (detail: string | null): Aside => ({
    kind: 'happened',
    what: event.type as Happened,
    detail,
    sequence,
    at,
  });
  switch (event.type) {
    case 'digits-pressed':
      return { kind: 'digits', sequence, at, by: event.by, digits: event.digits };
    case 'call-steered':
      return { kind: 'steered', sequence, at, action: event.action, value: event.value };
    case 'answerer-identified':
      return isNewAnswerer(event.answeredBy, before?.answeredBy ?? null)
        ? happened(event.answeredBy)
        : undefined;
    case 'tool-refused':
    case 'authority-breached':
      return happened(event.name);
    case 'transfer-started':
    case 'transfer-failed':
    case 'call-transferred':
      return happened(event.to);
    case 'recording-started':
    case 'message-left':
    case 'number-barred':
      return happened(null);
    default:
      return undefined;
  }
}

/** That a human picked up goes without saying, unless it was taken for something else. */
function isNewAnswerer(found: AnsweredBy, before: AnsweredBy | null): boolean {
  if (found === before) return false;
  return before !== null || (found !== 'human' && found !== 'unknown');
}
