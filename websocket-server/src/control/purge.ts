import { isEnded } from '../call/call.ts';
import type { Call } from '../call/call.ts';
import { CallNotFound, TelephoneError } from '../lib/errors.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { KeptCalls } from '../storage/kept-calls.ts';
import type { CallShelf } from './call-shelf.ts';
import { phoneNumber } from './do-not-call.ts';
import type { Recordings } from './recordings.ts';

/** Removes all that is kept of calls, because somebody has a right to that. */
export interface PurgeControl {
  /** @throws CallNotFound, CallsAreLive */
  purgeCall(callId: string): Promise<PurgeReport>;
  /** All calls with whoever has that number. @throws InvalidRequest, CallsAreLive: then nothing is removed */
  purgeNumber(number: string): Promise<PurgeReport>;
}

export interface PurgeReport {
  /** Calls removed, with words, events, goal, context, key and what was scheduled. */
  readonly calls: number;
  /** Recordings removed here. */
  readonly recordings: number;
  /** What is not gone, in sentences: why, and how it goes. */
  readonly stays: readonly string[];
}

export class CallsAreLive extends TelephoneError {
  constructor(calls: readonly Call[]) {
    const named = calls.map(({ callId, state }) => `${callId} (${state})`).join(', ');
    super(
      'call-is-live',
      `Nothing was purged: ${named} has not ended. End it first, by POST /api/calls/{callId}/cancel, then purge again.`,
      { callIds: calls.map(({ callId }) => callId) },
    );
  }
}

interface PurgeParts {
  readonly store: Pick<CallStore, 'call' | 'doNotCall'>;
  readonly kept: KeptCalls;
  readonly shelf: CallShelf;
  readonly recordings: Pick<Recordings, 'remove'>;
  readonly clock: Clock;
}

const alwaysStays = [
  'What the calls cost stays in the sums of their days, which name no call and nobody.',
  'The carrier keeps records of its own; backups, logs, traces and events that left this server are where you sent them.',
];

export class Purge implements PurgeControl {
  readonly #parts: PurgeParts;

  constructor(parts: PurgeParts) {
    this.#parts = parts;
  }

  async purgeCall(callId: string): Promise<PurgeReport> {
    const call = await this.#parts.store.call(callId);
    if (call === undefined) throw new CallNotFound(callId);
    return this.#purge([call], call.direction === 'outbound' ? call.to : call.from);
  }

  async purgeNumber(text: string): Promise<PurgeReport> {
    const number = phoneNumber(text);
    return this.#purge(await this.#parts.kept.ofPerson(number), number);
  }

  async #purge(calls: readonly Call[], number: string): Promise<PurgeReport> {
    const { store, kept, shelf, recordings, clock } = this.#parts;
    const live = calls.filter((call) => !isEnded(call) && !isScheduled(call));
    if (live.length > 0) throw new CallsAreLive(live);
    for (const call of calls.filter(isScheduled)) await shelf.cancel(call.callId);

    const callIds = calls.map(({ callId }) => callId);
    const removed = new Set(await kept.remove(callIds, clock.now()));
    const stays: string[] = [];
    let recordingCount = 0;
    for (const call of calls.filter(({ callId }) => removed.has(callId))) {
      shelf.forget(call.callId);
      const { wasHere, isLeftAtCarrier } = await recordings.remove(call);
      if (wasHere) recordingCount++;
      if (isLeftAtCarrier) {
        stays.push(
          `The recording ${call.recording?.recordingId} could not be deleted at the carrier: delete it there.`,
        );
      }
    }
    if (removed.size < calls.length) {
      stays.push(
        'A scheduled call was just being dialed and was not removed: purge again once it has ended.',
      );
    }
    if (await store.doNotCall.has(number)) {
      stays.push(
        'The number stays on the do-not-call list, so that it is not called again; DELETE /api/do-not-call/{number} takes it off.',
      );
    }
    if (removed.size > 0) stays.push(...alwaysStays, ...(await this.#scrub()));
    return { calls: removed.size, recordings: recordingCount, stays };
  }

  /** Rewriting the files takes the database a while: not while somebody talks. */
  async #scrub(): Promise<readonly string[]> {
    const { kept, shelf } = this.#parts;
    if (shelf.openCount === 0) {
      await kept.scrub();
      return [];
    }
    return [
      'Calls are live: deleted bytes lie in the files of the embedded database until a minute after the last of them.',
    ];
  }
}

function isScheduled(call: Call): boolean {
  return call.state === 'queued' && call.scheduledAt !== null;
}
