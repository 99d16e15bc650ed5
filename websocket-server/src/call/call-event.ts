import type { AnsweredBy, Callee, Errand, EndState, LetGo, RecordingStorage, TransferMode } from './call.ts';
import type { VoiceUsage } from './cost.ts';
import type { EndReason } from './end-reason.ts';
import type { Loudness } from './loudness.ts';
import type { Outcome } from './outcome.ts';

export type Speaker = 'person' | 'agent';

/** What happened to a call: past tense, noun first. The log of these is the truth; everything else is their fold. */
export type CallHappening =
  | {
      readonly type: 'call-requested';
      readonly to: string;
      readonly from: string;
      readonly errand: Errand;
      readonly maxDurationSeconds: number;
      readonly ringTimeoutSeconds: number;
      readonly idempotencyKey: string | null;
      /** `business` where it is left out. */
      readonly callee?: Callee;
      /** When to dial, ms since 1970; at once where it is left out or null. */
      readonly scheduledAt?: number | null;
      /** What policy had to say of it, though it let it pass. */
      readonly warnings?: readonly string[];
      /** What the call may cost, in USD; absent or null: as much as it takes. */
      readonly maxCostUsd?: number | null;
      /** The trace of whoever asked for it, as W3C Trace Context writes it. */
      readonly traceparent?: string;
    }
  | {
      readonly type: 'call-arrived';
      readonly to: string;
      readonly from: string;
      readonly errand: Errand;
      readonly maxDurationSeconds: number;
      /** The call of ours that this one is taken to answer. */
      readonly resumes?: string | null;
      readonly carrier: string;
      readonly carrierCallId: string;
    }
  | { readonly type: 'dialing-started'; readonly carrier: string }
  | { readonly type: 'call-dialed'; readonly carrierCallId: string }
  | { readonly type: 'call-ringing' }
  | { readonly type: 'call-answered' }
  /** `by`: who says so, the carrier's detection or the agent that hears it. The latest word counts. */
  | {
      readonly type: 'answerer-identified';
      readonly answeredBy: AnsweredBy;
      readonly by: 'carrier' | 'agent';
    }
  /** The person has heard that the call is recorded; the carrier records both sides from here on. */
  | {
      readonly type: 'recording-started';
      readonly recordingId: string;
      /** Where it stays; left out: `local`. */
      readonly storage?: RecordingStorage;
      /** When it began, ms since 1970, where that was found out later; left out: just then. */
      readonly startedAt?: number;
    }
  /** The agent's last turn was left on a voicemail, to its end. */
  | { readonly type: 'message-left' }
  | { readonly type: 'media-stream-opened'; readonly streamId: string }
  | { readonly type: 'media-stream-closed'; readonly streamId: string }
  | { readonly type: 'voice-session-opened'; readonly model: string; readonly sessionId: string }
  /** It broke off; another takes over. */
  | { readonly type: 'voice-session-lost' }
  /** Fixes a turn's place in the spoken order, before its words are known. */
  | {
      readonly type: 'turn-started';
      readonly turnId: string;
      readonly speaker: Speaker;
      /** The turn spoken before this one; null for the first. */
      readonly afterTurnId: string | null;
      /** How long it had lasted by then, in ms: a person's turn gets its place when it is over. */
      readonly lastedMs?: number;
    }
  /** The turn's words, settled. A turn that turned out empty carries no text and vanishes. */
  | {
      readonly type: 'turn-ended';
      readonly turnId: string;
      readonly text: string;
      /** True when the person cut the agent off; `text` is then what was heard. */
      readonly isInterrupted: boolean;
    }
  | { readonly type: 'barge-in'; readonly turnId: string; readonly heardMs: number }
  /** How quickly the agent answered the person, in ms since the person fell silent. */
  | {
      readonly type: 'reply-timed';
      readonly turnId: string;
      /** Until the first audio came from the model. */
      readonly modelMs: number;
      /** Until that had been handed to the carrier. */
      readonly sentMs: number;
      /** Until the carrier told that the first piece had been heard: the only one the person feels. */
      readonly heardMs: number;
    }
  | { readonly type: 'digits-pressed'; readonly by: Speaker; readonly digits: string }
  /** How loud both parties were since the last time, some 20 s at once. Nothing of what they said. */
  | ({ readonly type: 'loudness-noted' } & Loudness)
  | {
      readonly type: 'tool-called';
      readonly toolCallId: string;
      readonly name: string;
      readonly arguments: string;
      readonly afterTurnId: string | null;
    }
  | { readonly type: 'tool-answered'; readonly toolCallId: string; readonly output: string }
  /** The agent wanted to use a tool as its client does not let it: nothing was done. `toolCallId` as in `tool-called`. */
  | {
      readonly type: 'tool-refused';
      readonly toolCallId: string;
      readonly name: string;
      readonly why: string;
    }
  /** The agent has told what it was never to tell. `name`: of the fact or the secret. */
  | { readonly type: 'authority-breached'; readonly turnId: string; readonly name: string }
  /** The agent needs to know something that only the owner of the errand can tell. */
  | {
      readonly type: 'question-asked';
      readonly questionId: string;
      readonly question: string;
      readonly expiresAt: number;
    }
  /** `answer` null: nobody answered in time, or the call ended. */
  | { readonly type: 'question-answered'; readonly questionId: string; readonly answer: string | null }
  /** The owner took a hand in the call. */
  | { readonly type: 'call-steered'; readonly action: string; readonly value: string | null }
  /** Another phone is being rung for the person, who hears it ring. */
  | { readonly type: 'transfer-started'; readonly to: string; readonly mode: TransferMode }
  /** Somebody there took the call: it goes on without the agent. */
  | { readonly type: 'call-transferred'; readonly to: string }
  /** The person asked not to be called again: their number is on the do-not-call list from here on. */
  | { readonly type: 'number-barred'; readonly number: string }
  /** The voice model told what it used up. `usd` by the price of that moment; null when it is not known. */
  | { readonly type: 'usage-noted'; readonly usage: VoiceUsage; readonly usd: number | null }
  /** The carrier's part, as a whole: our estimate while the call is up, the carrier's own price some time after. */
  | { readonly type: 'carrier-cost-noted'; readonly usd: number | null; readonly isEstimate: boolean }
  /** Nobody there took the call: it comes back to the agent. */
  | { readonly type: 'transfer-failed'; readonly to: string }
  | { readonly type: 'outcome-reported'; readonly outcome: Outcome }
  | { readonly type: 'hang-up-requested'; readonly endReason: EndReason }
  /** The carrier could not be brought to hang up so far: it is asked again until it says that the call is over. */
  | { readonly type: 'hang-up-unconfirmed' }
  | {
      readonly type: 'call-ended';
      readonly state: EndState;
      readonly endReason: EndReason;
      /** When the line went dead, ms since 1970: earlier than `at` when transcripts were waited for. */
      readonly endedAt: number;
      /** The carrier never said so, and is asked no more. */
      readonly isUnconfirmed?: boolean;
    }
  /** The time of keeping them is over: these events of the ended call's log are gone, its record stays. */
  | { readonly type: 'log-let-go'; readonly what: LetGo };

/** An event of one call: a happening with its place and time. */
export type CallEvent = CallHappening & {
  readonly callId: string;
  /** From 1, without gaps, per call. */
  readonly sequence: number;
  /** ms since 1970. */
  readonly at: number;
};

/** Words of a turn still being spoken: told to watchers, never stored, superseded by `turn-ended`. */
export interface TurnGrowing {
  readonly type: 'turn-growing';
  readonly callId: string;
  readonly turnId: string;
  readonly speaker: Speaker;
  /** All words so far. */
  readonly text: string;
}

/** How loud both parties were just now: told to watchers of this call, never stored, superseded by `loudness-noted`. */
export interface LoudnessHeard extends Loudness {
  readonly type: 'loudness-heard';
  readonly callId: string;
}

/** What watchers are told as it happens, and may miss. */
export type CallHint = TurnGrowing | LoudnessHeard;
