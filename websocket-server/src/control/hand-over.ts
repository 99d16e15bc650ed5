import type { Call, TransferMode } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Carrier, StreamClaim } from '../carriers/carrier.ts';
import type { Log } from '../lib/log.ts';
import type { CallSession } from '../session/call-session.ts';
import type { OpenRecord } from './open-record.ts';
import type { StreamClaims } from './stream-claims.ts';

export interface HandOverParts {
  readonly carrier: Carrier;
  readonly claims: StreamClaims;
  readonly log: Log;
}

/** What becomes of a call that cannot be handed over. */
export interface HandOverOwner {
  hangUp(reason: EndReason): Promise<void>;
  /** The call goes on without the agent, with whoever is at another number, for so many seconds at most. */
  goesOn(to: string, talkSeconds: number): void;
}

const ringTimeoutSeconds = 25;
/** How long person and taker may talk, counted from the transfer. */
export const longestTalkSeconds = 60 * 60;
/** How much longer than its ringing a transfer may take before it is given up: briefing, key, and the carrier's news. */
const patienceMs = (ringTimeoutSeconds + 60) * 1000;

/** Hands a call over to another phone, and takes it back where nobody takes it there. */
export class HandOver {
  readonly #record: OpenRecord;
  readonly #session: CallSession;
  readonly #parts: HandOverParts;
  readonly #owner: HandOverOwner;
  #wanted: { readonly to: string; readonly mode: TransferMode } | undefined;
  #phase: 'none' | 'ringing' | 'taken' = 'none';

  constructor(record: OpenRecord, session: CallSession, parts: HandOverParts, owner: HandOverOwner) {
    this.#record = record;
    this.#session = session;
    this.#parts = parts;
    this.#owner = owner;
  }

  /** The person is with another phone, or hears it ring: there is no media stream, and none is missed. */
  get isAway(): boolean {
    return this.#phase !== 'none';
  }

  /** Person and taker talk through the carrier alone, whatever becomes of us. */
  get isTaken(): boolean {
    return this.#phase === 'taken';
  }

  /**
   * Has the agent tell the person, then rings the other phone.
   *
   * @returns false when there is nobody on the line yet, or the call is ending or being transferred already
   */
  start(to: string, mode: TransferMode): boolean {
    if (this.isAway || this.#session.isLeaving || !this.#session.leave(endReason('owner', 'transferred')))
      return false;
    this.#wanted = { to, mode };
    return true;
  }

  /** The agent puts the person through to this number, and says so itself; null: to nobody. */
  isFor(to: string | null): void {
    this.#wanted = to === null ? undefined : { to, mode: 'cold' };
  }

  /** The person knows: the other phone is rung. */
  async announced(): Promise<void> {
    const { call, upMs } = this.#record;
    const wanted = this.#wanted;
    if (wanted === undefined || call.carrierCallId === null || this.#record.isOver) return;
    // Its owner has canceled it meanwhile, and the hang-up is on its way: nobody else is rung.
    if (call.endingReason !== null) return;
    this.#phase = 'ringing';
    const { to, mode } = wanted;
    this.#record.add({ type: 'transfer-started', to, mode });
    this.#record.startTimer('transfer', patienceMs, () => this.#giveUp());
    try {
      await this.#parts.carrier.transfer(call.carrierCallId, {
        callId: call.callId,
        to,
        from: call.direction === 'outbound' ? call.from : call.to,
        ringTimeoutSeconds,
        talkSeconds: upMs / 1000 + longestTalkSeconds,
      });
    } catch (err) {
      this.#parts.log.warn('the call could not be handed over', { err });
      await this.#owner.hangUp(endReason('fault', 'carrier_error', 'The call could not be handed over.'));
    }
  }

  /** The other phone was picked up. @returns as `SwitchBoard.transferAnswered` */
  answered(): { readonly briefing: string | null } | undefined {
    if (this.#phase !== 'ringing' || this.#wanted === undefined || this.#isEnding) return undefined;
    return { briefing: this.#wanted.mode === 'cold' ? null : briefingOf(this.#record.call) };
  }

  /** Somebody took the call there. @returns false when it is no longer to be had */
  taken(): boolean {
    if (this.#phase !== 'ringing' || this.#wanted === undefined || this.#isEnding) return false;
    this.#phase = 'taken';
    this.#record.stopTimer('transfer');
    this.#record.add({ type: 'hang-up-requested', endReason: endReason('owner', 'transferred') });
    this.#record.add({ type: 'call-transferred', to: this.#wanted.to });
    this.#owner.goesOn(this.#wanted.to, longestTalkSeconds);
    void this.#session.finish();
    return true;
  }

  /** Nobody is joined to the person any more. @returns as `SwitchBoard.transferEnded` */
  ended(carrierCallId: string): StreamClaim | undefined {
    const { call } = this.#record;
    if (this.#phase !== 'ringing' || this.#wanted === undefined || this.#isEnding) return undefined;
    if (call.carrierCallId !== carrierCallId) return undefined;
    this.#comesBack();
    return this.#parts.claims.issue(call.callId);
  }

  /** The line is dead, or its hang-up is on its way. */
  get #isEnding(): boolean {
    return this.#record.isOver || this.#record.call.endingReason !== null;
  }

  #comesBack(): void {
    const to = this.#wanted?.to ?? '';
    this.#phase = 'none';
    this.#wanted = undefined;
    this.#record.stopTimer('transfer');
    this.#record.add({ type: 'transfer-failed', to });
    this.#session.transferFailed();
  }

  /** The carrier says nothing any more of the other phone: the person is fetched back. */
  async #giveUp(): Promise<void> {
    const { call } = this.#record;
    if (this.#phase !== 'ringing' || call.carrierCallId === null) return;
    this.#comesBack();
    try {
      await this.#parts.carrier.reattach(call.carrierCallId, this.#parts.claims.issue(call.callId));
    } catch (err) {
      this.#parts.log.warn('a call could not be fetched back from its transfer', { err });
      await this.#owner.hangUp(endReason('fault', 'carrier_error', 'The call could not be handed over.'));
    }
  }
}

/** What whoever picks up is told: who it is and why, and how to take the call. */
function briefingOf(call: Call): string {
  const person = call.direction === 'outbound' ? call.to : call.from;
  const about = call.errand.goal.slice(0, 300).replace(/[.\s]+$/u, '');
  const saying = `This is your telephone assistant. I have ${spoken(person)} on the line. It is about: ${about}.`;
  return `${saying} To take the call, press 1.`;
}

/** A number digit by digit, as a synthesiser has to be told. */
function spoken(number: string): string {
  return number.replaceAll(/\D/g, '').split('').join(' ');
}
