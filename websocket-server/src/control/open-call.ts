import { agentInstructions } from '../agent/agent-instructions.ts';
import { agentTools } from '../agent/agent-tools.ts';
import { outcomeWithoutReport } from '../agent/outcome-evidence.ts';
import { isEnded } from '../call/call.ts';
import type { Call, EndState } from '../call/call.ts';
import type { CallHappening } from '../call/call-event.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import { CarrierUnclear } from '../carriers/carrier-errors.ts';
import type {
  Carrier,
  CarrierReport,
  MediaStream,
  MediaStreamListener,
  StreamClaim,
} from '../carriers/carrier.ts';
import { TelephoneError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import { CallSession } from '../session/call-session.ts';
import type { Steering } from '../session/conversation-state.ts';
import type { VoiceModel } from '../voice-models/voice-model.ts';
import type { CallFeed } from './call-feed.ts';
import type { StreamClaims } from './stream-claims.ts';

export interface OpenCallParts {
  readonly carrier: Carrier;
  readonly voiceModel: VoiceModel;
  readonly feed: CallFeed;
  readonly claims: StreamClaims;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a call at the carrier belongs to another of our calls. */
  readonly isOthers: (carrierCallId: string, callId: string) => Promise<boolean>;
  /** The call is over and its record complete. */
  readonly onOver: (call: OpenCall) => void;
}

/** How long past its own limits a call may go on before the carrier is asked about it. */
const overdueMs = 5000;
/** An end this close to the limit is the carrier's cut: it counts from its own answer, we from the news of it. */
const limitSlackMs = 2000;
/** How long a call may be up without a media stream. */
const streamlessMs = 2500;
/** Streams in a row that broke off soon: one more is of no use to the person. */
const mostStreamLosses = 3;
const steadyStreamMs = 20_000;
const keysPatienceMs = 10_000;
const apologyMs = 15_000;
const apology = 'I am sorry, there is a technical problem and I have to end this call. Goodbye.';
/** When to ask the carrier whether it dials after all, after a dialing without a clear answer. */
const unclearChecksMs = [1000, 3000, 6000];

/** One call from its dialing to its end: the phone leg at the carrier, and the session on top of it. */
export class OpenCall {
  readonly callId: string;
  readonly #parts: OpenCallParts;
  readonly #session: CallSession;
  readonly #timers = new Map<string, () => void>();
  #ended: Promise<void> | undefined;
  #onStream: (() => void) | undefined;
  #streamLosses = 0;
  #transferTo: string | undefined;

  /** The call must be begun in the feed. Warms the voice session up at once. */
  constructor(call: Call, parts: OpenCallParts) {
    this.callId = call.callId;
    this.#parts = { ...parts, log: parts.log.child({ callId: call.callId }) };
    this.#session = new CallSession({
      callId: call.callId,
      direction: call.direction,
      voiceModel: parts.voiceModel,
      settings: {
        instructions: agentInstructions(call.direction, call.errand),
        voice: call.errand.voice,
        language: call.errand.language,
        tools: agentTools,
      },
      phone: {
        pressDigits: (digits) => this.#pressDigits(digits),
        hangUp: (reason) => void this.hangUp(reason),
        apologise: (reason) => void this.#apologise(reason),
      },
      record: (happening) => this.#record(happening),
      hint: (hint) => parts.feed.hint(hint),
      transcript: () => parts.feed.live(call.callId)?.transcript ?? [],
      clock: parts.clock,
      log: this.#parts.log,
    });
  }

  /** Resolves when the call is over and its record durable. */
  get over(): Promise<void> {
    return this.#ended ?? new Promise((resolve) => this.#overWaiters.push(resolve));
  }
  readonly #overWaiters: (() => void)[] = [];

  /** Asks the carrier to dial. The call must be on record as dialing. */
  async dial(): Promise<void> {
    const { call } = this.#reading();
    const { to, from, ringTimeoutSeconds, maxDurationSeconds } = call;
    try {
      const dialed = await this.#parts.carrier.placeCall({
        callId: this.callId,
        to,
        from,
        ringTimeoutSeconds,
        maxDurationSeconds,
      });
      this.#dialed(dialed.carrierCallId);
      this.#watchRinging();
    } catch (err) {
      if (err instanceof CarrierUnclear) return this.#findDialedCall();
      this.#parts.log.warn('the carrier did not dial', { err });
      const message = err instanceof TelephoneError ? err.message : undefined;
      this.#end(endReason('carrier', 'carrier_error', message));
    }
  }

  /** The carrier reports progress. Late, doubled and reversed reports change nothing. */
  reported(report: CarrierReport): void {
    if (this.#ended !== undefined) return;
    this.#dialed(report.carrierCallId);
    switch (report.progress) {
      case 'dialing':
        return;
      case 'ringing':
        return this.#record({ type: 'call-ringing' });
      case 'connected':
        return this.answered(report.carrierCallId);
      case 'ended':
        return this.#end(this.#reasonOf(report));
    }
  }

  /** Somebody picked up: from here on the person waits for us. */
  answered(carrierCallId: string): void {
    if (this.#ended !== undefined) return;
    this.#dialed(carrierCallId);
    const { call } = this.#reading();
    if (call.state === 'connected' || isEnded(call)) return;
    this.#record({ type: 'call-answered' });
    this.connected();
  }

  /** Starts what runs from the answer on. */
  connected(): void {
    const { call } = this.#reading();
    const maxDurationMs = call.maxDurationSeconds * 1000;
    this.#session.answered(maxDurationMs);
    this.#stopTimer('ringing');
    this.#startTimer('overdue', maxDurationMs + overdueMs, () => this.#askCarrier());
    this.#startTimer('streamless', keysPatienceMs, () => this.#checkStream());
  }

  /** @returns undefined when the carrier's call is another one, or this one is ending */
  claimStream(carrierCallId: string): StreamClaim | undefined {
    if (this.#ended !== undefined) return undefined;
    const { call } = this.#reading();
    if (call.carrierCallId !== carrierCallId || call.endingReason !== null) return undefined;
    return this.#parts.claims.issue(this.callId);
  }

  attach(carrierCallId: string, stream: MediaStream): MediaStreamListener | undefined {
    if (this.#ended !== undefined || this.#reading().call.carrierCallId !== carrierCallId) return undefined;
    this.#stopTimer('streamless');
    this.#onStream?.();
    const attachedAt = this.#parts.clock.elapsed();
    const listener = this.#session.attach(stream);
    return {
      ...listener,
      closed: (how) => {
        listener.closed(how);
        this.#startTimer('streamless', streamlessMs, () => this.#checkStream());
        if (how === 'lost') void this.#replaceStream(attachedAt);
      },
    };
  }

  /** The agent takes its leave, then the call ends; whoever waits may still cut that short. */
  leave(reason: EndReason): void {
    if (!this.#session.leave(reason)) void this.hangUp(reason);
  }

  /** @returns false when no such question is open */
  answer(questionId: string, answer: string): boolean {
    return this.#session.answer(questionId, answer);
  }

  /** @returns false when there is nobody on the line yet */
  steer(steering: Steering): boolean {
    const value = 'text' in steering ? steering.text : 'digits' in steering ? steering.digits : null;
    if (!this.#session.steer(steering)) return false;
    this.#record({ type: 'call-steered', action: steering.action, value });
    return true;
  }

  /**
   * Hands the call over to another phone, once the agent has said so.
   *
   * @param to must be allowed by policy
   * @returns false when there is nobody on the line yet
   */
  transfer(to: string): boolean {
    this.#transferTo = to;
    return this.#session.leave(endReason('owner', 'transferred'));
  }

  /** Ends the call at the carrier for a reason of ours, which then stands whatever the carrier says. */
  async hangUp(reason: EndReason): Promise<void> {
    if (this.#ended !== undefined) return this.#ended;
    if (reason.why === 'transferred' && this.#transferTo !== undefined)
      return this.#handOver(reason, this.#transferTo);
    this.#record({ type: 'hang-up-requested', endReason: reason });
    const { carrierCallId } = this.#reading().call;
    // Without an id the dialing is still on its way: `#dialed` hangs up as soon as there is one.
    if (carrierCallId === null) return this.over;
    await this.#hangUpAtCarrier(carrierCallId);
    this.#end(reason);
    return this.#ended;
  }

  #reading() {
    const reading = this.#parts.feed.live(this.callId);
    if (reading === undefined) throw new TypeError(`call ${this.callId} is not live`);
    return reading;
  }

  #record(happening: CallHappening): void {
    this.#parts.feed.record(this.callId, happening);
  }

  #dialed(carrierCallId: string): void {
    const { call } = this.#reading();
    if (call.carrierCallId !== null) return;
    this.#record({ type: 'call-dialed', carrierCallId });
    if (call.endingReason !== null) void this.hangUp(call.endingReason);
  }

  /** Where nobody tells how the ringing ended, the carrier is asked. */
  #watchRinging(): void {
    const { call } = this.#reading();
    if (call.answeredAt !== null) return;
    this.#startTimer('ringing', call.ringTimeoutSeconds * 1000 + overdueMs, () => this.#askCarrier());
  }

  async #hangUpAtCarrier(carrierCallId: string): Promise<void> {
    for (const pauseMs of [500, 2000, 0]) {
      try {
        return await this.#parts.carrier.hangUp(carrierCallId);
      } catch (err) {
        this.#parts.log.warn('the carrier did not hang up', { err });
        if (pauseMs > 0) await new Promise<void>((resolve) => this.#parts.clock.after(pauseMs, resolve));
      }
    }
  }

  /** The carrier may be dialing and may not: it is asked, and nothing is dialed again. */
  async #findDialedCall(): Promise<void> {
    const { call } = this.#reading();
    for (const pauseMs of unclearChecksMs) {
      await new Promise<void>((resolve) => this.#parts.clock.after(pauseMs, resolve));
      if (this.#ended !== undefined || this.#reading().call.carrierCallId !== null) return;
      try {
        const since = call.requestedAt - 2000;
        const carrierCallId = await this.#parts.carrier.findCall({ to: call.to, from: call.from, since });
        if (carrierCallId === undefined) continue;
        if (await this.#parts.isOthers(carrierCallId, this.callId)) continue;
        this.#dialed(carrierCallId);
        return this.#watchRinging();
      } catch (err) {
        this.#parts.log.warn('the carrier could not be asked about an unclear dialing', { err });
      }
    }
    this.#end(
      endReason('carrier', 'carrier_error', 'The carrier gave no clear answer and shows no such call.'),
    );
  }

  /** A report that should have come did not: asks for it, and ends what is overdue. */
  async #askCarrier(): Promise<void> {
    if (this.#ended !== undefined) return;
    const { call } = this.#reading();
    if (call.carrierCallId === null) return;
    let report: CarrierReport | undefined;
    try {
      report = await this.#parts.carrier.callReport(call.carrierCallId);
    } catch (err) {
      this.#parts.log.warn('the carrier could not be asked about a call', { err });
      this.#startTimer('asking', overdueMs, () => this.#askCarrier());
      return;
    }
    if (this.#ended !== undefined) return;
    if (report === undefined || report.progress === 'ended') {
      return this.#end(report === undefined ? endReason('carrier', 'carrier_error') : this.#reasonOf(report));
    }
    this.reported(report);
    const isOverdue = call.answeredAt !== null && this.#upMs(call) >= call.maxDurationSeconds * 1000;
    if (isOverdue) return void this.hangUp(endReason('limit', 'max_duration'));
    this.#startTimer('asking', overdueMs, () => this.#askCarrier());
  }

  /** The line is up and there is no audio: the call has ended and nobody said so, or the stream is lost. */
  async #checkStream(): Promise<void> {
    if (this.#ended !== undefined || this.#session.hasStream || this.#session.isPressingKeys) return;
    const { call } = this.#reading();
    if (call.carrierCallId === null || call.endingReason !== null) return;
    const report = await this.#parts.carrier.callReport(call.carrierCallId).catch(() => undefined);
    if (this.#ended !== undefined || this.#session.hasStream) return;
    if (report?.progress === 'ended') return this.#end(this.#reasonOf(report));
    void this.#apologise(endReason('fault', 'stream_lost'));
  }

  /** The stream broke off: asks the carrier for another. Where the call is over, `#checkStream` finds that out. */
  async #replaceStream(attachedAt: number): Promise<void> {
    if (this.#ended !== undefined || this.#session.isPressingKeys) return;
    const wasSteady = this.#parts.clock.elapsed() - attachedAt > steadyStreamMs;
    this.#streamLosses = wasSteady ? 1 : this.#streamLosses + 1;
    if (this.#streamLosses > mostStreamLosses) return this.#apologise(endReason('fault', 'stream_lost'));
    const { call } = this.#reading();
    if (call.carrierCallId === null || call.endingReason !== null) return;
    try {
      await this.#parts.carrier.reattach(call.carrierCallId, this.#parts.claims.issue(this.callId));
    } catch (err) {
      this.#parts.log.info('a lost media stream was not replaced', { err });
    }
  }

  /** The line goes on without us; the carrier tells when it is over. */
  async #handOver(reason: EndReason, to: string): Promise<void> {
    const { call } = this.#reading();
    if (call.carrierCallId === null) return;
    this.#transferTo = undefined;
    try {
      await this.#parts.carrier.transfer(
        call.carrierCallId,
        to,
        call.direction === 'outbound' ? call.from : call.to,
      );
      this.#record({ type: 'hang-up-requested', endReason: reason });
      this.#record({ type: 'call-transferred', to });
    } catch (err) {
      this.#parts.log.warn('the call could not be handed over', { err });
      return this.hangUp(endReason('fault', 'carrier_error', 'The call could not be handed over.'));
    }
  }

  async #pressDigits(digits: string): Promise<void> {
    const { carrierCallId } = this.#reading().call;
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
        this.#parts.carrier.pressDigits(carrierCallId, digits, this.#parts.claims.issue(this.callId)),
      ]);
    } finally {
      this.#onStream = undefined;
      if (!this.#session.hasStream) this.#startTimer('streamless', streamlessMs, () => this.#checkStream());
    }
  }

  async #apologise(reason: EndReason): Promise<void> {
    if (this.#ended !== undefined) return;
    const { call } = this.#reading();
    if (call.endingReason !== null) return;
    if (call.state !== 'connected' || call.carrierCallId === null) return this.hangUp(reason);
    this.#record({ type: 'hang-up-requested', endReason: reason });
    this.#startTimer('apology', apologyMs, () => void this.hangUp(reason));
    try {
      await this.#parts.carrier.sayAndHangUp(call.carrierCallId, apology);
    } catch (err) {
      this.#parts.log.warn('the carrier did not speak the apology', { err });
      return this.hangUp(reason);
    }
  }

  #reasonOf(report: CarrierReport): EndReason {
    const { call } = this.#reading();
    if (call.endingReason !== null) return call.endingReason;
    switch (report.endedWhy) {
      case undefined: {
        const isTimeUp =
          call.answeredAt !== null && this.#upMs(call) >= call.maxDurationSeconds * 1000 - limitSlackMs;
        if (isTimeUp) return endReason('limit', 'max_duration');
        return call.answeredAt === null ? endReason('carrier', 'no_answer') : endReason('person', 'hung_up');
      }
      case 'declined':
        return endReason('person', 'declined', report.advice);
      default:
        return endReason('carrier', report.endedWhy, report.advice);
    }
  }

  #upMs(call: Call): number {
    return this.#parts.clock.now() - (call.answeredAt ?? this.#parts.clock.now());
  }

  /** The line is dead. Settles the record, once. */
  #end(reason: EndReason): void {
    this.#ended ??= this.#settle(reason).catch((err: unknown) => {
      this.#parts.log.error('an ended call could not be settled', { err });
      this.#parts.onOver(this);
    });
  }

  async #settle(reason: EndReason): Promise<void> {
    const endedAt = this.#parts.clock.now();
    for (const stop of this.#timers.values()) stop();
    this.#parts.claims.forget(this.callId);
    await this.#session.finish();
    const { call, transcript } = this.#reading();
    const standing = call.endingReason ?? reason;
    if (call.outcome === null) {
      this.#record({ type: 'outcome-reported', outcome: outcomeWithoutReport(call, standing, transcript) });
    }
    this.#record({ type: 'call-ended', state: this.#endState(call, standing), endReason: standing, endedAt });
    await this.#parts.feed.durable(this.callId);
    this.#parts.log.info('call ended', { by: standing.by, why: standing.why });
    this.#parts.onOver(this);
    for (const resolve of this.#overWaiters) resolve();
  }

  #endState(call: Call, reason: EndReason): EndState {
    if (reason.why === 'canceled') return 'canceled';
    const hasRun = call.answeredAt !== null && (this.#session.hasTalked || reason.by !== 'fault');
    return hasRun ? 'completed' : 'failed';
  }

  #startTimer(name: string, ms: number, task: () => void | Promise<void>): void {
    this.#stopTimer(name);
    if (this.#ended !== undefined) return;
    this.#timers.set(
      name,
      this.#parts.clock.after(ms, () => void task()),
    );
  }

  #stopTimer(name: string): void {
    this.#timers.get(name)?.();
  }
}
