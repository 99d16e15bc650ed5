import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Carrier, MediaStream, MediaStreamListener, StreamClaim } from '../carriers/carrier.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallSession } from '../session/call-session.ts';
import { reasonOfReport } from './call-end.ts';
import type { OpenRecord } from './open-record.ts';
import type { StreamClaims } from './stream-claims.ts';

export interface LiveLineParts {
  readonly carrier: Carrier;
  readonly claims: StreamClaims;
  readonly clock: Clock;
  readonly log: Log;
}

/** What becomes of a call whose line fails. */
export interface LiveLineOwner {
  end(reason: EndReason): void;
  apologise(reason: EndReason): Promise<void>;
  /** The person is with another phone: no media stream is to be had. */
  isAway(): boolean;
}

/** How long a call may be up without a media stream. */
const streamlessMs = 2500;
/** Streams in a row that broke off soon: one more is of no use to the person. */
const mostStreamLosses = 3;
const steadyStreamMs = 20_000;
const keysPatienceMs = 10_000;
const unopened =
  'The carrier could not open the audio connection of the call. Check that PUBLIC_URL can be reached from the internet, by WebSocket too.';

/** The audio of a call that is up: one media stream after another, replaced where keys are pressed or one is lost. */
export class LiveLine {
  readonly #record: OpenRecord;
  readonly #session: CallSession;
  readonly #parts: LiveLineParts;
  readonly #owner: LiveLineOwner;
  #onStream: (() => void) | undefined;
  #streamLosses = 0;
  #hadStream = false;
  #failure: EndReason | undefined;

  constructor(record: OpenRecord, session: CallSession, parts: LiveLineParts, owner: LiveLineOwner) {
    this.#record = record;
    this.#session = session;
    this.#parts = parts;
    this.#owner = owner;
  }

  /** Somebody picked up: a media stream is to come before long. */
  answered(): void {
    this.#record.startTimer('streamless', keysPatienceMs, () => this.#checkStream());
  }

  /** @returns undefined when the carrier's call is another one, or this one is ending */
  claimStream(carrierCallId: string): StreamClaim | undefined {
    if (this.#record.isOver) return undefined;
    const { call } = this.#record;
    if (call.carrierCallId !== carrierCallId || call.endingReason !== null) return undefined;
    return this.#parts.claims.issue(call.callId);
  }

  attach(carrierCallId: string, stream: MediaStream): MediaStreamListener | undefined {
    if (this.#record.isOver) return undefined;
    const { call } = this.#record;
    if (call.carrierCallId !== carrierCallId || call.endingReason !== null) return undefined;
    this.#record.stopTimer('streamless');
    this.#onStream?.();
    this.#hadStream = true;
    const attachedAt = this.#parts.clock.elapsed();
    const listener = this.#session.attach(stream);
    return {
      ...listener,
      closed: (how) => {
        listener.closed(how);
        this.#record.startTimer('streamless', streamlessMs, () => this.#checkStream());
        if (how === 'lost') void this.#replaceStream(attachedAt);
      },
    };
  }

  /** The carrier could not open a media stream. @param advice on what to change */
  streamFailed(carrierCallId: string, advice: string | undefined): void {
    if (this.#record.call.carrierCallId !== carrierCallId) return;
    this.#failure = endReason('fault', 'stream_lost', advice ?? unopened);
  }

  /** Why a call that ends now has had no audio: the person heard nothing, and did not hang up on anybody. */
  get failure(): EndReason | undefined {
    return this.#hadStream ? undefined : this.#failure;
  }

  /** Resolves when the keys were pressed and the new media stream is there; rejects when the carrier refuses. */
  async pressDigits(digits: string): Promise<void> {
    const { callId, carrierCallId } = this.#record.call;
    if (carrierCallId === null) throw new TypeError('keys need a dialed call');
    const attached = new Promise<void>((resolve, reject) => {
      const stop = this.#parts.clock.after(keysPatienceMs, () =>
        reject(new Error('no new media stream came')),
      );
      this.#onStream = () => {
        stop();
        resolve();
      };
    });
    try {
      await Promise.all([
        attached,
        this.#parts.carrier.pressDigits(carrierCallId, digits, this.#parts.claims.issue(callId)),
      ]);
    } finally {
      this.#onStream = undefined;
      if (!this.#session.hasStream) {
        this.#record.startTimer('streamless', streamlessMs, () => this.#checkStream());
      }
    }
  }

  /** The line is up and there is no audio: the call has ended and nobody said so, or the stream is lost. */
  async #checkStream(): Promise<void> {
    if (this.#record.isOver || this.#session.hasStream || this.#session.isPressingKeys) return;
    if (this.#owner.isAway()) return;
    const { carrierCallId, endingReason } = this.#record.call;
    if (carrierCallId === null || endingReason !== null) return;
    const report = await this.#parts.carrier.callReport(carrierCallId).catch(() => undefined);
    if (this.#record.isOver || this.#session.hasStream) return;
    if (report?.progress === 'ended') {
      const told = reasonOfReport(this.#record.call, report, this.#record.upMs);
      return this.#owner.end(this.failure ?? told);
    }
    void this.#owner.apologise(this.failure ?? endReason('fault', 'stream_lost'));
  }

  /** The stream broke off: asks the carrier for another. Where the call is over, `#checkStream` finds that out. */
  async #replaceStream(attachedAt: number): Promise<void> {
    if (this.#record.isOver || this.#session.isPressingKeys || this.#owner.isAway()) return;
    const wasSteady = this.#parts.clock.elapsed() - attachedAt > steadyStreamMs;
    this.#streamLosses = wasSteady ? 1 : this.#streamLosses + 1;
    if (this.#streamLosses > mostStreamLosses) {
      return this.#owner.apologise(endReason('fault', 'stream_lost'));
    }
    const { callId, carrierCallId, endingReason } = this.#record.call;
    if (carrierCallId === null || endingReason !== null) return;
    try {
      await this.#parts.carrier.reattach(carrierCallId, this.#parts.claims.issue(callId));
    } catch (err) {
      this.#parts.log.info('a lost media stream was not replaced', { err });
    }
  }
}
