import type { Call, CallState, Direction } from '../../websocket-server/src/call/call.ts';
import type { EntityStatus, OutcomeStatus } from '../../websocket-server/src/call/outcome.ts';
import type { Speaker } from '../../websocket-server/src/call/call-event.ts';

/** What a colour says: on the line now, on its way, done, gone wrong, of no weight. */
export type Tone = 'live' | 'wait' | 'done' | 'bad' | 'quiet';

export const stateWords: Record<CallState, { readonly label: string; readonly tone: Tone }> = {
  queued: { label: 'Queued', tone: 'wait' },
  dialing: { label: 'Dialing', tone: 'wait' },
  ringing: { label: 'Ringing', tone: 'wait' },
  connected: { label: 'On the line', tone: 'live' },
  completed: { label: 'Done', tone: 'done' },
  canceled: { label: 'Canceled', tone: 'quiet' },
  failed: { label: 'Failed', tone: 'bad' },
};

/** Where a call is, or that it waits for its owner, which matters more. */
export function standing(
  call: Pick<Call, 'state' | 'question' | 'scheduledAt' | 'endingReason'>,
): (typeof stateWords)[CallState] {
  if (isScheduled(call)) return { label: 'Scheduled', tone: 'quiet' };
  if (isHandedOver(call)) return { label: 'Handed over', tone: 'live' };
  return call.question === null ? stateWords[call.state] : { label: 'Waiting for you', tone: 'wait' };
}

/** Another phone has the call, which goes on without the agent. */
export function isHandedOver({ state, endingReason }: Pick<Call, 'state' | 'endingReason'>): boolean {
  return state === 'connected' && endingReason?.why === 'transferred';
}

export const outcomeWords: Record<OutcomeStatus, { readonly label: string; readonly tone: Tone }> = {
  confirmed: { label: 'Confirmed', tone: 'done' },
  failed: { label: 'Not achieved', tone: 'bad' },
  human_escalation: { label: 'Needs you', tone: 'wait' },
  no_answer: { label: 'Nobody answered', tone: 'quiet' },
  voicemail: { label: 'Voicemail', tone: 'quiet' },
};

export const entityWords: Record<EntityStatus, { readonly label: string; readonly tone: Tone }> = {
  stated: { label: 'Stated', tone: 'done' },
  inferred: { label: 'Inferred', tone: 'wait' },
  not_established: { label: 'Not established', tone: 'quiet' },
  conflicting: { label: 'Conflicting', tone: 'bad' },
};

export const speakerWords: Record<Speaker, string> = { agent: 'Agent', person: 'Person' };

export const directionWords: Record<Direction, string> = {
  outbound: 'Outbound call',
  inbound: 'Inbound call',
};

/** The other party's number. */
export function personsNumber(call: { direction: Direction; to: string; from: string }): string {
  return call.direction === 'outbound' ? call.to : call.from;
}

/** Length of a call, e.g. `0:07` or `1:02:03`. */
export function lengthWords(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

/** A name made for programs, as words: `party_size` is “party size”. */
export function nameWords(name: string): string {
  return (
    name
      .replaceAll(/[_.]+/g, ' ')
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .trim()
      .toLowerCase() || name
  );
}

/** True while a call waits for the time that it was placed for. */
export function isScheduled({ state, scheduledAt }: Pick<Call, 'state' | 'scheduledAt'>): boolean {
  return state === 'queued' && scheduledAt !== null;
}

/** How long something is off, roughly. @param ms below zero for what is due */
export function waitWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'any moment now';
  if (minutes < 90) return `in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  const hours = Math.round(minutes / 60);
  return hours < 36 ? `in ${hours} hours` : `in ${Math.round(hours / 24)} days`;
}
