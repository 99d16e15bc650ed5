import { voiceSettingsOf } from '../agent/agent-defaults.ts';
import type { Honesty } from '../agent/agent-instructions.ts';
import { isDisclosureDemanded } from '../agent/disclosure-laws.ts';
import { openAuthority } from '../call/authority.ts';
import { isEnded } from '../call/call.ts';
import type { Call, TransferMode } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { WordsSoFar } from '../call/words-so-far.ts';
import type {
  CarrierReport,
  MachineVerdict,
  MediaStream,
  MediaStreamListener,
  StreamClaim,
} from '../carriers/carrier.ts';
import { CallSession } from '../session/call-session.ts';
import type { Steering } from '../session/conversation-state.ts';
import type { CallEar } from '../session/listeners.ts';
import type { ListeningIn } from './call-control.ts';
import { reasonOfReport } from './call-end.ts';
import { CallEnding } from './call-ending.ts';
import { CallMeter } from './call-meter.ts';
import { CallRecorder } from './call-recorder.ts';
import { Dialing } from './dialing.ts';
import { HandOver } from './hand-over.ts';
import { LiveLine } from './live-line.ts';
import type { OpenCallParts } from './open-call-parts.ts';
import { OpenRecord } from './open-record.ts';
import { countryOf } from './policy/countries.ts';
import { forbidden, isE164 } from './policy/forbidden-numbers.ts';

/** One call from its dialing to its end: the phone leg at the carrier, and the session on top of it. */
export class OpenCall {
  readonly callId: string;
  readonly #parts: OpenCallParts;
  readonly #record: OpenRecord;
  readonly #honesty: Honesty;
  readonly #session: CallSession;
  readonly #meter: CallMeter;
  readonly #dialing: Dialing;
  readonly #line: LiveLine;
  #isLimited = false;
  readonly handOver: HandOver;
  readonly ending: CallEnding;

  /** The call must be begun in the feed. Warms the voice session up at once. */
  constructor(call: Call, given: OpenCallParts) {
    const parts = { ...given, log: given.log.child({ callId: call.callId }) };
    this.callId = call.callId;
    this.#parts = parts;
    this.#record = new OpenRecord(call.callId, parts.feed, parts.clock, parts.secrets);
    this.#meter = new CallMeter(call, parts.carrier.name, {
      ...parts.meter,
      cost: () => this.#record.call.cost,
      record: (happening) => this.#record.add(happening),
      clock: parts.clock,
      onLimit: () => this.ending.leaveSoon(endReason('limit', 'cost_limit')),
    });
    const personNumber = call.direction === 'outbound' ? call.to : call.from;
    const { ownerName, aiDisclosure } = parts.honesty;
    const isDisclosureDue =
      aiDisclosure === 'always' || isDisclosureDemanded(personNumber, countryOf(personNumber));
    this.#honesty = { ownerName, isDisclosureDue };
    const { authority = openAuthority } = call.errand;
    const handsTo =
      (authority.transferTo ?? [parts.ownerNumber ?? '']).find(
        (number) => number !== personNumber && forbidden(number) === undefined,
      ) ?? null;
    const recorder =
      call.errand.record === true
        ? new CallRecorder(this.#record, {
            carrier: parts.carrier,
            storage: parts.recordingStorage,
            log: parts.log,
            say: (words) => void this.#session.steer({ action: 'say', text: words }),
          })
        : undefined;
    this.#session = new CallSession({
      callId: call.callId,
      direction: call.direction,
      voicemail: call.errand.voicemail,
      isDisclosureDue,
      canHandOver: handsTo !== null,
      voiceModel: parts.voiceModel,
      settings: voiceSettingsOf(call, parts.agentDefaults(), this.#honesty),
      authority,
      secrets: parts.secrets,
      ownTools: parts.agentDefaults().tools,
      runTool: (tool, request) => parts.runTool(tool, { callId: call.callId, ...request }),
      phone: {
        pressDigits: (digits) => this.#line.pressDigits(digits),
        hangUp: (reason) => void this.ending.hangUp(reason),
        putThrough: () => void this.handOver.announced(),
        apologise: (reason) => void this.ending.apologise(reason),
        barNumber: () => this.#barNumber(personNumber),
        handOver: () => this.handOver.isFor(handsTo),
      },
      record: (happening) => {
        this.#record.add(happening);
        recorder?.noted(happening);
      },
      hint: (hint) => this.#record.hint(hint),
      used: (usage) => this.#meter.used(usage),
      transcript: () => parts.feed.live(call.callId)?.transcript ?? [],
      clock: parts.clock,
      log: parts.log,
      tally: parts.tally,
    });
    const owner = {
      dialed: (carrierCallId: string) => this.#dialed(carrierCallId),
      reported: (report: CarrierReport) => this.reported(report),
      end: (reason: EndReason) => this.ending.end(reason),
      giveUp: (reason: EndReason) => this.ending.giveUp(reason),
      hangUp: (reason: EndReason) => this.ending.hangUp(reason),
      apologise: (reason: EndReason) => this.ending.apologise(reason),
    };
    this.#dialing = new Dialing(this.#record, parts, owner);
    this.handOver = new HandOver(this.#record, this.#session, parts, {
      hangUp: (reason) => this.ending.hangUp(reason),
      goesOn: (to, talkSeconds) => {
        this.#dialing.mayLast(talkSeconds);
        this.#meter.joined(to);
      },
    });
    this.ending = new CallEnding(this.#record, this.#session, this.handOver, parts, {
      lineDied: () => {
        this.#meter.stop();
        parts.claims.forget(call.callId);
      },
      over: parts.onOver,
    });
    this.#line = new LiveLine(this.#record, this.#session, parts, {
      ...owner,
      isAway: () => this.handOver.isAway,
    });
  }

  /** The carrier's id of it; null until the carrier has told. */
  get carrierCallId(): string | null {
    return this.#record.call.carrierCallId;
  }

  /** Audio that the carrier and the model have not taken yet. */
  get waitingBytes(): { readonly toPerson: number; readonly toModel: number } {
    return this.#session.waitingBytes;
  }

  /** What is being said at this moment, as it would be on record. */
  get wordsSoFar(): readonly WordsSoFar[] {
    return this.#parts.secrets.hiddenInAll(this.#session.wordsSoFar);
  }

  /** Resolves when the call is over and its record durable. */
  get over(): Promise<void> {
    return this.ending.over;
  }

  /** Goes on as the owner wants the agent by now. */
  reconfigure(): void {
    const defaults = this.#parts.agentDefaults();
    this.#session.reconfigure(voiceSettingsOf(this.#record.call, defaults, this.#honesty), defaults.tools);
  }

  /** Asks the carrier to dial. The call must be on record as dialing. */
  dial(): Promise<void> {
    return this.#dialing.dial();
  }

  /** The carrier reports progress. Late, doubled and reversed reports change nothing. */
  reported(report: CarrierReport): void {
    if (this.#record.isOver) return;
    this.#dialed(report.carrierCallId);
    switch (report.progress) {
      case 'dialing':
        return;
      case 'ringing':
        return this.#record.add({ type: 'call-ringing' });
      case 'connected':
        return this.answered(report.carrierCallId);
      case 'ended':
        return this.#ended(report);
    }
  }

  #ended(report: CarrierReport): void {
    const { call, upMs } = this.#record;
    const reason = call.endingReason ?? this.#line.failure ?? reasonOfReport(call, report, upMs);
    // Callbacks overtake each other: a call that ran was answered, whoever told it or not, and is billed.
    const hasRunUntold = report.endedWhy === undefined && call.answeredAt === null;
    if (hasRunUntold && call.endingReason === null) this.#record.add({ type: 'call-answered' });
    this.ending.end(reason);
  }

  /** Somebody picked up: from here on the person waits for us. */
  answered(carrierCallId: string): void {
    if (this.#record.isOver) return;
    this.#dialed(carrierCallId);
    const { call } = this.#record;
    if (call.state === 'connected' || isEnded(call)) return;
    this.#record.add({ type: 'call-answered' });
    this.connected();
  }

  /** The carrier says who answered. */
  detected(carrierCallId: string, found: MachineVerdict): void {
    if (this.#record.isOver || this.#record.call.carrierCallId !== carrierCallId) return;
    this.#session.answererDetected(found);
  }

  /** The carrier could not run the media stream. */
  streamFailed(carrierCallId: string, advice: string | undefined): void {
    this.#line.streamFailed(carrierCallId, advice);
  }

  /** Starts what runs from the answer on. */
  connected(): void {
    this.#session.answered(this.#record.call.maxDurationSeconds * 1000);
    this.#dialing.answered();
    this.#line.answered();
    this.#meter.connected();
  }

  /** @returns undefined when the carrier's call is another one, or this one is ending */
  claimStream(carrierCallId: string): StreamClaim | undefined {
    return this.#line.claimStream(carrierCallId);
  }

  attach(carrierCallId: string, stream: MediaStream): MediaStreamListener | undefined {
    const listener = this.#line.attach(carrierCallId, stream);
    if (listener !== undefined) this.#limitAtCarrier(carrierCallId);
    return listener;
  }

  /** A call that arrived was not placed with a limit; it takes one once it is up. */
  #limitAtCarrier(carrierCallId: string): void {
    const { direction, maxDurationSeconds } = this.#record.call;
    if (direction !== 'inbound' || this.#isLimited) return;
    this.#isLimited = true;
    this.#parts.carrier
      .limitCall(carrierCallId, maxDurationSeconds)
      .catch((err: unknown) => this.#parts.log.warn('the carrier took no limit for the call', { err }));
  }

  /** @returns false when no such question is open */
  answer(questionId: string, answer: string): boolean {
    return this.#session.answer(questionId, answer);
  }

  /** @returns false when nothing can come of it now, e.g. since there is nobody on the line */
  steer(steering: Steering): boolean {
    const value = 'text' in steering ? steering.text : 'digits' in steering ? steering.digits : null;
    if (!this.#session.steer(steering)) return false;
    this.#record.add({ type: 'call-steered', action: steering.action, value });
    return true;
  }

  /** Lets somebody hear both parties, and talk in the agent's place. */
  listen(ear: CallEar): ListeningIn {
    const stop = this.#session.listenIn(ear);
    return {
      takeOver: () => this.#session.takeOver(ear),
      giveBack: () => this.#session.giveBack(ear),
      speak: (chunk) => this.#session.speak(ear, chunk),
      stop,
    };
  }

  /**
   * Hands the call over to another phone, once the agent has said so.
   *
   * @param to must be allowed by policy
   * @returns false when there is nobody on the line yet, or the call is ending
   */
  transfer(to: string, mode: TransferMode): boolean {
    return this.handOver.start(to, mode);
  }

  #barNumber(number: string): void {
    if (isE164(number)) this.#record.add({ type: 'number-barred', number });
  }

  #dialed(carrierCallId: string): void {
    const { call } = this.#record;
    if (call.carrierCallId !== null) return;
    this.#record.add({ type: 'call-dialed', carrierCallId });
    if (call.endingReason !== null) void this.ending.hangUp(call.endingReason);
  }
}
