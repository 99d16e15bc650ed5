import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import { CarrierUnclear } from '../carriers/carrier-errors.ts';
import type { Carrier, CarrierReport, DialRequest } from '../carriers/carrier.ts';
import { TelephoneError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { OpenRecord } from './open-record.ts';
import { dialedAfterAll } from './unclear-dialing.ts';

export interface DialingParts {
  readonly carrier: Pick<Carrier, 'placeCall' | 'findCalls' | 'callReport'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the carrier finds out who answered, which it charges for. */
  readonly detectsMachines: boolean;
  /** Whether a call at the carrier belongs to another of our calls. */
  readonly isOthers: (carrierCallId: string, callId: string) => Promise<boolean>;
}

/** What dialing finds out. */
export interface DialingOwner {
  dialed(carrierCallId: string): void;
  reported(report: CarrierReport): void;
  end(reason: EndReason): void;
  /** The carrier cannot be asked, and will not be any more. */
  giveUp(reason: EndReason): void;
  hangUp(reason: EndReason): Promise<void>;
}

/** How long past its own limits a call may go on before the carrier is asked about it. */
const overdueMs = 5000;
/** Asks of the carrier that fail in a row are ever further apart. */
const longestPauseMs = 5 * 60_000;
/** So many of them take about 25 minutes: no call that the carrier was told to limit is up any more by then. */
const mostFailedAsks = 10;
/** When to ask the carrier whether it dials after all, after a dialing without a clear answer. */
const unclearChecksMs = [1000, 3000, 6000];

/** What dialing has to do with the record of its call. */
type DialingRecord = Pick<OpenRecord, 'callId' | 'call' | 'isOver' | 'upMs' | 'startTimer' | 'stopTimer'>;

const unclearEnd =
  'The call is taken to be over: the carrier told no end, and could not be asked how it ended.';

/** Has the carrier dial, and asks it where it says nothing for too long. */
export class Dialing {
  readonly #record: DialingRecord;
  readonly #parts: DialingParts;
  readonly #owner: DialingOwner;
  /** Longest call from the answer, in ms. */
  #limitMs = Number.POSITIVE_INFINITY;
  /** Asks in a row that got no answer. */
  #failedAsks = 0;

  constructor(record: DialingRecord, parts: DialingParts, owner: DialingOwner) {
    this.#record = record;
    this.#parts = parts;
    this.#owner = owner;
  }

  /** Asks the carrier to dial, once. */
  async dial(): Promise<void> {
    const { callId, to, from, ringTimeoutSeconds, maxDurationSeconds } = this.#record.call;
    try {
      const request = {
        callId,
        to,
        from,
        ringTimeoutSeconds,
        maxDurationSeconds,
        detects: this.#detects,
      };
      const dialed = await this.#parts.carrier.placeCall(request);
      this.#owner.dialed(dialed.carrierCallId);
      this.#watchRinging();
    } catch (err) {
      if (err instanceof CarrierUnclear) {
        this.#parts.log.warn('the carrier gave no clear answer to a dialing', { err });
        return this.#findDialedCall();
      }
      this.#parts.log.warn('the carrier did not dial', { err });
      const message = err instanceof TelephoneError ? err.message : undefined;
      this.#owner.end(endReason('carrier', 'carrier_error', message));
    }
  }

  /** The phone was answered: from here on the call may last as long as it was asked to. */
  answered(): void {
    this.#record.stopTimer('ringing');
    this.#limitMs = this.#record.call.maxDurationSeconds * 1000;
    this.#failedAsks = 0;
    this.#record.startTimer('overdue', this.#limitMs + overdueMs, () => this.#askCarrier());
  }

  get #detects(): DialRequest['detects'] {
    if (!this.#parts.detectsMachines) return 'nothing';
    return this.#record.call.errand.voicemail.action === 'leave_message' ? 'beep' : 'kind';
  }

  /** The call goes on at another phone: a limit of its own holds from now on. */
  mayLast(seconds: number): void {
    this.#record.stopTimer('asking');
    this.#limitMs = this.#record.upMs + seconds * 1000;
    this.#failedAsks = 0;
    this.#record.startTimer('overdue', seconds * 1000 + overdueMs, () => this.#askCarrier());
  }

  /** Where nobody tells how the ringing ended, the carrier is asked. */
  #watchRinging(): void {
    const { answeredAt, ringTimeoutSeconds } = this.#record.call;
    if (answeredAt !== null) return;
    this.#record.startTimer('ringing', ringTimeoutSeconds * 1000 + overdueMs, () => this.#askCarrier());
  }

  /** The carrier may be dialing and may not: it is asked, and nothing is dialed again. */
  async #findDialedCall(): Promise<void> {
    const { carrier, isOthers } = this.#parts;
    const { callId } = this.#record;
    for (const pauseMs of unclearChecksMs) {
      await new Promise<void>((resolve) => this.#parts.clock.after(pauseMs, resolve));
      if (this.#record.isOver || this.#record.call.carrierCallId !== null) return;
      try {
        const carrierCallId = await dialedAfterAll(this.#record.call, {
          carrier,
          isOthers: (id) => isOthers(id, callId),
        });
        if (carrierCallId === undefined) continue;
        this.#owner.dialed(carrierCallId);
        return this.#watchRinging();
      } catch (err) {
        this.#parts.log.warn('the carrier could not be asked about an unclear dialing', { err });
      }
    }
    this.#owner.end(
      endReason('carrier', 'carrier_error', 'The carrier gave no clear answer and shows no such call.'),
    );
  }

  /** A report that should have come did not: asks for it, and ends what is overdue. */
  async #askCarrier(): Promise<void> {
    if (this.#record.isOver || this.#record.call.carrierCallId === null) return;
    let report: CarrierReport | undefined;
    try {
      report = await this.#parts.carrier.callReport(this.#record.call.carrierCallId);
    } catch (err) {
      this.#failedAsks += 1;
      this.#parts.log.warn('the carrier could not be asked about a call', { err, tries: this.#failedAsks });
      if (this.#failedAsks < mostFailedAsks) return this.#askAgain();
      return this.#owner.giveUp(endReason('carrier', 'carrier_error', unclearEnd));
    }
    this.#failedAsks = 0;
    if (this.#record.isOver) return;
    if (report === undefined) return this.#owner.end(endReason('carrier', 'carrier_error'));
    this.#owner.reported(report);
    if (report.progress === 'ended') return;
    if (this.#record.call.answeredAt !== null && this.#record.upMs >= this.#limitMs) {
      return void this.#owner.hangUp(endReason('limit', 'max_duration'));
    }
    this.#askAgain();
  }

  #askAgain(): void {
    const pauseMs = Math.min(longestPauseMs, overdueMs * 2 ** this.#failedAsks);
    this.#record.startTimer('asking', pauseMs, () => this.#askCarrier());
  }
}
