import type { Call } from '../../websocket-server/src/call/call.ts';
import type { CallEvent, Speaker, TurnGrowing } from '../../websocket-server/src/call/call-event.ts';
import { foldCall } from '../../websocket-server/src/call/fold-call.ts';
import { emptyTranscript, foldTranscript } from '../../websocket-server/src/call/transcript.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';

/** Everything one call's page tells: the fold of all its events. */
export interface CallStory {
  readonly call: Call | undefined;
  readonly transcript: Transcript;
  readonly digits: readonly PressedDigits[];
  /** For each turn that was cut off: how much of it was heard, in ms. */
  readonly heardMsOfTurn: ReadonlyMap<string, number>;
  /** Sequence number of the last event folded in; 0 before the first. */
  readonly sequence: number;
}

export interface PressedDigits {
  readonly sequence: number;
  readonly by: Speaker;
  readonly digits: string;
  /** ms since 1970. */
  readonly at: number;
}

export const emptyStory: CallStory = {
  call: undefined,
  transcript: emptyTranscript,
  digits: [],
  heardMsOfTurn: new Map(),
  sequence: 0,
};

/** True when events between the story's last and this one were never told: the story has to be told anew. */
export function leavesGap(story: CallStory, event: CallEvent): boolean {
  return event.sequence > story.sequence + 1;
}

/** The story after one more event; the same object for one that it has already. It must not leave a gap. */
export function foldStory(story: CallStory, event: CallEvent): CallStory {
  if (event.sequence <= story.sequence) return story;
  return {
    call: foldCall(story.call, event),
    transcript: foldTranscript(story.transcript, event),
    digits:
      event.type === 'digits-pressed'
        ? [...story.digits, { sequence: event.sequence, by: event.by, digits: event.digits, at: event.at }]
        : story.digits,
    heardMsOfTurn:
      event.type === 'barge-in'
        ? new Map(story.heardMsOfTurn).set(event.turnId, event.heardMs)
        : story.heardMsOfTurn,
    sequence: event.sequence,
  };
}

/** The story with the words of a turn that is still being spoken. */
export function growStory(story: CallStory, hint: TurnGrowing): CallStory {
  const transcript = foldTranscript(story.transcript, hint);
  return transcript === story.transcript ? story : { ...story, transcript };
}
