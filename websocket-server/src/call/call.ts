import type { Authority } from './authority.ts';
import type { CallCost } from './cost.ts';
import type { EndReason } from './end-reason.ts';
import type { Outcome } from './outcome.ts';

/** Where a call is. The first four lead forward; the last three are for good. */
export const callStates = [
  'queued',
  'dialing',
  'ringing',
  'connected',
  'completed',
  'canceled',
  'failed',
] as const;
export type CallState = (typeof callStates)[number];
export type EndState = 'completed' | 'canceled' | 'failed';

export type Direction = 'outbound' | 'inbound';

/** Who is rung: somebody at work, a private person, or the owner of the errand. */
export const callees = ['business', 'person', 'self'] as const;
export type Callee = (typeof callees)[number];

/** What a client asked for; fixed when the call is requested. */
export interface Errand {
  readonly goal: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly instructions: string | null;
  readonly voicemail: VoicemailRule;
  /** A voice of the voice model; null for the configured one. */
  readonly voice: string | null;
  /** BCP 47, e.g. `en` or `de-AT`; null when the agent is to follow the person. */
  readonly language: string | null;
  /** The call is to be recorded, once the person has heard so. */
  readonly record?: boolean;
  /** JSON Schema of the answer wanted; null when a summary is enough. */
  readonly resultSchema: Readonly<Record<string, unknown>> | null;
  /** What the agent may do; `openAuthority` where it is left out. */
  readonly authority?: Authority;
}

export type VoicemailRule =
  { readonly action: 'hang_up' } | { readonly action: 'leave_message'; readonly message: string | null };

/** Who or what picked up. `machine`: the carrier takes it for one, and nobody has said which. */
export const answeredBys = ['human', 'voicemail', 'menu', 'screening', 'machine', 'fax', 'unknown'] as const;
export type AnsweredBy = (typeof answeredBys)[number];

/** Where a recording stays: fetched and kept by this server, or left at the carrier. */
export const recordingStorages = ['local', 'carrier'] as const;
export type RecordingStorage = (typeof recordingStorages)[number];

/** `cold`: whoever picks up has the call. `warm`: they are told first who it is and why, and take it by a key. */
export const transferModes = ['cold', 'warm'] as const;
export type TransferMode = (typeof transferModes)[number];

/** `words`: what was said, pressed, asked and done in a call. `events`: its whole log. */
export const letGos = ['words', 'events'] as const;
export type LetGo = (typeof letGos)[number];

/** The durable record of one phone call: the fold of its events, without its turns. Times are ms since 1970. */
export interface Call {
  readonly callId: string;
  readonly direction: Direction;
  readonly to: string;
  readonly from: string;
  readonly errand: Errand;
  readonly callee: Callee;
  /** When it is to be dialed, ms since 1970; null for at once. */
  readonly scheduledAt: number | null;
  /** What policy had to say of it, though it let it pass. */
  readonly warnings: readonly string[];
  /** Longest call from answer to hang-up, in s. */
  readonly maxDurationSeconds: number;
  readonly ringTimeoutSeconds: number;
  readonly idempotencyKey: string | null;
  /** What the call may cost, in USD; null: as much as it takes. */
  readonly maxCostUsd: number | null;
  /** The call of ours that an inbound one is taken to answer: it pursues the same errand. */
  readonly resumes: string | null;
  readonly state: CallState;
  readonly carrier: string | null;
  readonly carrierCallId: string | null;
  readonly requestedAt: number;
  readonly dialedAt: number | null;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** The reason under which we asked the carrier to hang up; it wins over what the carrier says later. */
  readonly endingReason: EndReason | null;
  readonly endReason: EndReason | null;
  readonly outcome: Outcome | null;
  /** We have asked for the hang-up, and the carrier has not said that the call is over; else false or missing. */
  readonly isEndUnconfirmed?: boolean;
  /** As far as it became known; null when nobody answered or nobody said. */
  readonly answeredBy: AnsweredBy | null;
  /** What the carrier records since `startedAt`, ms since 1970: a turn's place in it is its start less that. */
  readonly recording: {
    /** The carrier's id of it. */
    readonly recordingId: string;
    readonly startedAt: number;
    readonly storage: RecordingStorage;
  } | null;
  /** A message was left on a voicemail. */
  readonly isMessageLeft: boolean;
  readonly cost: CallCost;
  /** What the agent waits to be told by its owner. */
  readonly question: OpenQuestion | null;
  /** How quickly the agent answered so far; missing before its first reply. */
  readonly replies?: ReplyTimes;
  /** What is no longer kept of it, and since when, ms since 1970; missing while all is. */
  readonly letGo?: { readonly what: LetGo; readonly at: number };
  /** Sequence number of the last event folded in, from 1. */
  readonly sequence: number;
}

/** What is no longer kept of a call, in a sentence; null while all is. */
export function letGoSentence({ letGo }: Call): string | null {
  if (letGo === undefined) return null;
  const what = letGo.what === 'words' ? 'What was said' : 'What was said and done';
  return `${what} in this call is no longer kept: its time was over on ${new Date(letGo.at).toISOString().slice(0, 10)}.`;
}

/** Why the phone may still be in use though we have hung up, in a sentence; null while all is well. */
export function unconfirmedEndSentence(
  call: Pick<Call, 'state' | 'isEndUnconfirmed' | 'carrierCallId'>,
): string | null {
  if (call.isEndUnconfirmed !== true) return null;
  return isEnded(call)
    ? `The carrier never said that this call is over: look it up in the carrier's console, under ${call.carrierCallId ?? 'its numbers'}, and end it there if it is still up.`
    : 'The carrier has not confirmed the end of this call: the phone may still ring or be off the hook. The agent is silent and its audio closed; the carrier is asked again until it says that the call is over.';
}

/** How long the person waited for the agent's replies: ms from their last word to the first sound they heard. */
export interface ReplyTimes {
  readonly count: number;
  readonly lastMs: number;
  readonly meanMs: number;
  readonly longestMs: number;
}

export interface OpenQuestion {
  readonly questionId: string;
  readonly question: string;
  /** When the agent goes on without an answer, ms since 1970. */
  readonly expiresAt: number;
}

export function isEnded(call: Pick<Call, 'state'>): boolean {
  return call.state === 'completed' || call.state === 'canceled' || call.state === 'failed';
}

/**
 * Length of the call from answer to end, in whole seconds; 0 for a call that nobody answered.
 *
 * @param now ms since 1970, the end of a call that is still up
 */
export function durationSeconds(call: Call, now: number): number {
  if (call.answeredAt === null) return 0;
  return Math.max(0, Math.round(((call.endedAt ?? now) - call.answeredAt) / 1000));
}
