import type { Call, CallState, Callee, TransferMode, VoicemailRule } from '../call/call.ts';
import type { CallEvent, CallHint } from '../call/call-event.ts';
import type { Transcript } from '../call/transcript.ts';
import type { Chunk } from '../lib/chunk.ts';
import type { Steering } from '../session/conversation-state.ts';
import type { CallEar } from '../session/listeners.ts';
import type { CallPage, CallQuery } from '../storage/call-store.ts';
import type { Verdict } from './policy/dial-rule.ts';
import type { AuthorityRequest } from './authority-request.ts';

/** What the doors may ask of all calls. They hold no rule about calls themselves. */
export interface CallControl {
  /**
   * Places a call: policy, then a durable record, then the carrier. Resolves once the record is durable and
   * dialing is on its way; what becomes of the dialing is told by the call's state.
   *
   * A call that is scheduled is checked by policy at once and again when its time comes, and is `queued` until then.
   *
   * A repeated `idempotencyKey` resolves to the first call and dials nothing.
   *
   * @throws InvalidRequest, NotPermitted, ServerStopping: nothing was stored and nothing was dialed
   */
  place(request: PlaceRequest): Promise<Call>;
  /**
   * Asks the policy of `place` and does nothing else.
   *
   * @throws InvalidRequest for a request that is no call at all, whatever policy says; ServerStopping
   */
  rehearse(request: PlaceRequest): Promise<Verdict>;
  /** @throws CallNotFound */
  read(callId: string): Promise<CallReading>;
  list(query: CallQuery): Promise<CallPage>;
  /** How many calls that have not ended are in each state; states without one are missing. */
  countOpen(): Promise<ReadonlyMap<CallState, number>>;
  /**
   * Ends a call for its owner, at the carrier too. Idempotent. Resolves after a second at the latest, also where the
   * carrier takes longer; a call that another server holds is ended by that one, about a second later.
   *
   * @returns `wasOpen` false when the call had ended before
   * @throws CallNotFound
   */
  cancel(callId: string): Promise<{ readonly call: Call; readonly wasOpen: boolean }>;
  /**
   * Answers the agent's open question, here and below also of a call that another server holds, within a second or so.
   *
   * @returns false when that question is no longer open: answered, out of time, or never asked
   * @throws CallNotFound; CallElsewhere, here and below, when the server that holds the call does not answer
   */
  answer(callId: string, questionId: string, answer: string): Promise<boolean>;
  /**
   * The owner takes a hand in a live call.
   *
   * @throws CallNotFound; InvalidRequest when the call is not up, or the value is no good; NotPermitted for a
   *   transfer to a number that is not allowed
   */
  steer(callId: string, request: SteerRequest): Promise<void>;
  /**
   * Listens in to a call that goes on, from here to its end.
   *
   * @param onEnd called once, when the call is over
   * @throws CallNotFound; InvalidRequest when the call is over
   */
  listen(callId: string, ear: CallEar, onEnd: () => void): Promise<ListeningIn>;
  /**
   * Waits for news: resolves when the call has ended, when an event later than `afterSequence` settled a turn
   * or moved the state, when the time is up, or when `signal` aborts; whichever is first.
   *
   * @throws CallNotFound
   */
  waitFor(callId: string, options: WaitOptions): Promise<CallReading>;
  /**
   * Follows calls: `history` first, then live, with no gap and no double. A watcher that is slow must say so
   * by its `isSlow`; it is then dropped after a bounded queue, by `onDropped`.
   *
   * @returns stops following
   */
  watch(options: WatchOptions, watcher: Watcher): () => void;
}

export interface PlaceRequest {
  readonly to: string;
  readonly goal: string;
  /** Defaults to the configured number. */
  readonly from?: string | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  readonly instructions?: string | undefined;
  readonly maxDurationSeconds?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly resultSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly voicemail?: VoicemailRule | undefined;
  /** Records the call, once the person has heard so; the operator must allow it. */
  readonly record?: boolean | undefined;
  readonly voice?: string | undefined;
  readonly language?: string | undefined;
  /** Who is rung; a business, where it is left out. */
  readonly callee?: Callee | undefined;
  /** What the call may cost, in USD; it takes its leave before that. */
  readonly maxCostUsd?: number | undefined;
  /** What the agent may do; as much as the operator lets it, where it is left out. */
  readonly authority?: AuthorityRequest | undefined;
  /** When to dial: ISO 8601 with its zone, up to 90 days ahead. At once, where it is left out. */
  readonly scheduleAt?: string | undefined;
  /** The trace that this request belongs to, as W3C Trace Context writes it; ignored when it is none. */
  readonly traceparent?: string | undefined;
}

export type SteerRequest =
  | Steering
  /** To the owner's number, when `to` is left out; `cold`, when the mode is. */
  | {
      readonly action: 'transfer';
      readonly to?: string | undefined;
      readonly mode?: TransferMode | undefined;
    }
  /** The agent says goodbye first. */
  | { readonly action: 'hang_up' };

/** Somebody who listens in. */
export interface ListeningIn {
  /** The agent falls silent, and `speak` is heard in its place. @returns false when that cannot be now */
  takeOver(): boolean;
  giveBack(): void;
  /** @param chunk no more than real time brings; dropped unless taken over */
  speak(chunk: Chunk): void;
  /** Gives back, too. */
  stop(): void;
}

export interface CallReading {
  readonly call: Call;
  readonly transcript: Transcript;
}

export interface WaitOptions {
  readonly afterSequence?: number | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Wait for the end of the call only. */
  readonly endOnly?: boolean | undefined;
}

export interface WatchOptions {
  readonly callId?: string | undefined;
  /** Position of the last event already seen; without it, the last `historyLimit` events come first. */
  readonly afterPosition?: number | undefined;
  /** Nobody looks at it as it happens: what was said may be told a second late. */
  readonly isPatient?: boolean | undefined;
  /** No history, and no `caughtUp`: live at once, and only what happens in this process. Must not be slow. */
  readonly isFromNow?: boolean | undefined;
}

export interface Watcher {
  /** An event of the log. Its `position` is a cursor to resume from. */
  event(event: CallEvent, position: number): void;
  /** Words still being spoken and, for a watcher of one call, how loud it is: a hint that may be missed. */
  hint(hint: CallHint): void;
  /** All history has been told; what follows is live. */
  caughtUp(): void;
  /** True while the watcher has more unread than it can take; told events then wait, hints are skipped. */
  isSlow(): boolean;
  /** The watcher was too slow for too long: reconnect from the last position seen. */
  onDropped(): void;
}
