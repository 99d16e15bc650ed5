import { outcomeWithoutReport, voicemailOutcome } from '../agent/outcome-evidence.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Carrier } from '../carriers/carrier.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallSession } from '../session/call-session.ts';
import { endStateOf } from './call-end.ts';
import type { CallFeed } from './call-feed.ts';
import type { HandOver } from './hand-over.ts';
import type { OpenRecord } from './open-record.ts';

export interface CallEndingParts {
  readonly carrier: Carrier;
  readonly feed: Pick<CallFeed, 'durable'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What ends along with the call. */
export interface CallEndingOwner {
  /** The line is dead: nothing is billed or awaited any more. */
  lineDied(): void;
  /** The call is over, and its record complete where it could be settled. */
  over(): void;
}

const apologyMs = 15_000;
/** How long a goodbye may take that nobody waits for. */
const goodbyeMs = 10_000;
/** How often it is tried to take leave of a person who is not on the line yet. */
const leaveRetryMs = 500;
/** After so many hang-ups that failed it is on record that the phone may still be in use. */
export const failuresTold = 3;
/** Hang-ups that fail are tried again ever further apart. */
const hangUpPausesMs = [500, 2000, 5000];
const longestPauseMs = 5 * 60_000;
/** What the carrier says in the agent's place. */
export const apology = 'I am sorry, there is a technical problem and I have to end this call. Goodbye.';

/** Ends one call, once: by a goodbye, by an apology, or at the carrier; then settles its record. */
export class CallEnding {
  /** Resolves when the call is over and its record durable. */
  readonly over: Promise<void>;
  readonly #record: OpenRecord;
  readonly #session: CallSession;
  readonly #handOver: HandOver;
  readonly #parts: CallEndingParts;
  readonly #owner: CallEndingOwner;
  #resolveOver!: () => void;
  #isEnded = false;
  #isLeaving = false;
  #isHangingUp = false;
  #failedHangUps = 0;

  constructor(
    record: OpenRecord,
    session: CallSession,
    handOver: HandOver,
    parts: CallEndingParts,
    owner: CallEndingOwner,
  ) {
    this.#record = record;
    this.#session = session;
    this.#handOver = handOver;
    this.#parts = parts;
    this.#owner = owner;
    this.over = new Promise((resolve) => (this.#resolveOver = resolve));
  }

  /** The agent takes its leave, then the call ends; whoever waits may still cut that short. */
  leave(reason: EndReason): void {
    if (this.#handOver.isAway || !this.#session.leave(reason)) void this.hangUp(reason);
  }

  /** The server stops: the agent takes its leave, unless the call has been taken at another phone and needs us no more. */
  leaveToStop(reason: EndReason): void {
    if (this.#handOver.isTaken) this.end(endReason('owner', 'transferred'));
    else this.leave(reason);
  }

  /** The agent takes its leave as soon as there is somebody to take leave of; the call ends soon after, heard or not. */
  leaveSoon(reason: EndReason): void {
    if (this.#isLeaving || this.#record.isOver) return;
    this.#isLeaving = true;
    this.#tryToLeave(reason);
  }

  #tryToLeave(reason: EndReason): void {
    if (this.#record.call.state !== 'connected' || this.#handOver.isAway) return void this.hangUp(reason);
    const isLeaving = this.#session.leave(reason);
    this.#record.startTimer('leaving', isLeaving ? goodbyeMs : leaveRetryMs, () =>
      isLeaving ? this.hangUp(reason) : this.#tryToLeave(reason),
    );
  }

  /**
   * Ends the call at the carrier for a reason of ours, which then stands whatever the carrier says. The person hears
   * nothing more of the agent from here on, however long the carrier takes.
   */
  async hangUp(reason: EndReason): Promise<void> {
    if (this.#isEnded) return this.over;
    this.#record.add({ type: 'hang-up-requested', endReason: reason });
    // A fault in it is told where the record is settled.
    this.#session.finish().catch(() => {});
    const { carrierCallId } = this.#record.call;
    // Without an id the dialing is still on its way: the call is hung up as soon as there is one.
    if (carrierCallId === null) return this.over;
    if (!this.#isHangingUp) {
      this.#isHangingUp = true;
      void this.#hangUpAtCarrier(carrierCallId, reason);
    }
    return this.over;
  }

  /** Asks until the carrier says that the call is over: it alone knows whether the phone is still in use. */
  async #hangUpAtCarrier(carrierCallId: string, reason: EndReason): Promise<void> {
    if (await this.#isOverAtCarrier(carrierCallId)) return this.end(reason);
    if (this.#record.isOver) return;
    this.#failedHangUps += 1;
    if (this.#failedHangUps === failuresTold) this.#record.add({ type: 'hang-up-unconfirmed' });
    this.#record.startTimer('hanging-up', hangUpPauseMs(this.#failedHangUps), () =>
      this.#hangUpAtCarrier(carrierCallId, reason),
    );
  }

  async #isOverAtCarrier(carrierCallId: string): Promise<boolean> {
    const { carrier, log } = this.#parts;
    try {
      await carrier.hangUp(carrierCallId);
      return true;
    } catch (err) {
      log.warn('the carrier did not hang up, and is asked again', { err, tries: this.#failedHangUps + 1 });
    }
    if (this.#failedHangUps + 1 < failuresTold) return false;
    // It may be over, and only the asking go wrong.
    const report = await carrier.callReport(carrierCallId).catch(() => undefined);
    return report?.progress === 'ended';
  }

  /** Has the carrier say that there is a technical problem, and hang up. */
  async apologise(reason: EndReason): Promise<void> {
    if (this.#record.isOver) return;
    const { call } = this.#record;
    if (call.endingReason !== null) return;
    if (call.state !== 'connected' || call.carrierCallId === null) return this.hangUp(reason);
    this.#record.add({ type: 'hang-up-requested', endReason: reason });
    this.#record.startTimer('apology', apologyMs, () => void this.hangUp(reason));
    try {
      await this.#parts.carrier.sayAndHangUp(call.carrierCallId, apology);
    } catch (err) {
      this.#parts.log.warn('the carrier did not speak the apology', { err });
      return this.hangUp(reason);
    }
  }

  /** Nobody can tell whether the line is dead, and nobody is asked any more: the call is taken to be over. */
  giveUp(reason: EndReason): void {
    this.end(reason, true);
  }

  /** The line is dead. Settles the record, once. @param reason where we had none of ours */
  end(reason: EndReason, isUnconfirmed = false): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#record.lineDied();
    this.#owner.lineDied();
    this.#settle(reason, isUnconfirmed)
      .catch((err: unknown) => this.#parts.log.error('an ended call could not be settled', { err }))
      .finally(() => {
        this.#owner.over();
        this.#resolveOver();
      });
  }

  async #settle(reason: EndReason, isUnconfirmed: boolean): Promise<void> {
    const endedAt = this.#parts.clock.now();
    await this.#session.finish();
    const { call, transcript } = this.#record.reading;
    const standing = call.endingReason ?? reason;
    const outcome =
      standing.why === 'voicemail'
        ? voicemailOutcome(call, standing, transcript)
        : (call.outcome ?? outcomeWithoutReport(call, standing, transcript));
    if (outcome !== call.outcome) this.#record.add({ type: 'outcome-reported', outcome });
    const state = endStateOf(call, standing, this.#session.hasTalked);
    this.#record.add({
      type: 'call-ended',
      state,
      endReason: standing,
      endedAt,
      ...(isUnconfirmed && { isUnconfirmed }),
    });
    await this.#parts.feed.durable(this.#record.callId);
    this.#parts.log.info('call ended', { by: standing.by, why: standing.why });
  }
}

/** How long to wait after so many hang-ups that failed, in ms. */
export function hangUpPauseMs(failures: number): number {
  const doublings = Math.max(0, failures - hangUpPausesMs.length);
  const pauseMs = hangUpPausesMs[Math.min(failures, hangUpPausesMs.length) - 1] ?? 0;
  return Math.min(longestPauseMs, pauseMs * 2 ** doublings);
}
