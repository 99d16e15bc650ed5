import { voiceSettingsOf } from '../agent/agent-defaults.ts';
import type { AgentDefaults } from '../agent/agent-defaults.ts';
import type { Secrets } from '../agent/secrets.ts';
import type { OwnTool } from '../agent/own-tool.ts';
import type { Honesty } from '../agent/agent-instructions.ts';
import { isDisclosureDemanded } from '../agent/disclosure-laws.ts';
import { outcomeWithoutReport, voicemailOutcome } from '../agent/outcome-evidence.ts';
import { openAuthority } from '../call/authority.ts';
import { isEnded } from '../call/call.ts';
import type { Call, RecordingStorage, TransferMode } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { WordsSoFar } from '../call/words-so-far.ts';
import type {
  Carrier,
  CarrierReport,
  MachineVerdict,
  MediaStream,
  MediaStreamListener,
  StreamClaim,
} from '../carriers/carrier.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { Tally } from '../lib/tally.ts';
import { CallSession } from '../session/call-session.ts';
import type { Steering } from '../session/conversation-state.ts';
import type { CallEar } from '../session/listeners.ts';
import type { VoiceModel } from '../voice-models/voice-model.ts';
import type { ListeningIn } from './call-control.ts';
import { endStateOf, reasonOfReport } from './call-end.ts';
import type { CallFeed } from './call-feed.ts';
import { CallMeter } from './call-meter.ts';
import type { MeterSettings } from './call-meter.ts';
import { CallRecorder } from './call-recorder.ts';
import { Dialing } from './dialing.ts';
import { HandOver } from './hand-over.ts';
import { LiveLine } from './live-line.ts';
import { OpenRecord } from './open-record.ts';
import { countryOf } from './policy/countries.ts';
import { isE164 } from './policy/forbidden-numbers.ts';
import type { StreamClaims } from './stream-claims.ts';
import type { ToolRequest } from './tool-webhook.ts';

/** What the agent tells the person of itself. */
export interface HonestySettings {
  /** For whom it calls; null when that is not to be said. */
  readonly ownerName: string | null;
  readonly aiDisclosure: 'always' | 'where-required';
}

export interface OpenCallParts {
  /** What this call may press without anybody reading it. */
  readonly secrets: Secrets;
  readonly carrier: Carrier;
  readonly voiceModel: VoiceModel;
  readonly feed: CallFeed;
  readonly claims: StreamClaims;
  readonly meter: MeterSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
  /** Whether the carrier finds out who answered. */
  readonly detectsMachines: boolean;
  /** How the owner wants the agent at this moment. */
  readonly agentDefaults: () => AgentDefaults;
  /** Asks one of the owner's tools elsewhere. Never rejects. */
  readonly runTool: (tool: OwnTool, request: ToolRequest) => Promise<string>;
  /** Where a recording of it stays. */
  readonly recordingStorage: RecordingStorage;
  readonly honesty: HonestySettings;
  /** The human to whom the agent hands a call unless its authority names others; null: nobody. */
  readonly ownerNumber: string | null;
  /** Whether a call at the carrier belongs to another of our calls. */
  readonly isOthers: (carrierCallId: string, callId: string) => Promise<boolean>;
  /** The call is over and its record complete. */
  readonly onOver: (call: OpenCall) => void;
}

const apologyMs = 15_000;
/** How long a goodbye may take that nobody waits for. */
const goodbyeMs = 10_000;
/** How often it is tried to take leave of a person who is not on the line yet. */
const leaveRetryMs = 500;
const apology = 'I am sorry, there is a technical problem and I have to end this call. Goodbye.';

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
  readonly #overWaiters: (() => void)[] = [];
  #ended: Promise<void> | undefined;
  #isLeaving = false;
  #isLimited = false;
  readonly handOver: HandOver;

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
      onLimit: () => this.leaveSoon(endReason('limit', 'cost_limit')),
    });
    const personNumber = call.direction === 'outbound' ? call.to : call.from;
    const { ownerName, aiDisclosure } = parts.honesty;
    const isDisclosureDue =
      aiDisclosure === 'always' || isDisclosureDemanded(personNumber, countryOf(personNumber));
    this.#honesty = { ownerName, isDisclosureDue };
    const { authority = openAuthority } = call.errand;
    const handsTo =
      (authority.transferTo ?? [parts.ownerNumber]).find((number) => number !== personNumber) ?? null;
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
        hangUp: (reason) => void this.hangUp(reason),
        putThrough: () => void this.handOver.announced(),
        apologise: (reason) => void this.#apologise(reason),
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
      end: (reason: EndReason) => this.#end(reason),
      hangUp: (reason: EndReason) => this.hangUp(reason),
      apologise: (reason: EndReason) => this.#apologise(reason),
    };
    this.#dialing = new Dialing(this.#record, parts, owner);
    this.handOver = new HandOver(this.#record, this.#session, parts, {
      hangUp: (reason) => this.hangUp(reason),
      goesOn: (talkSeconds) => this.#dialing.mayLast(talkSeconds),
    });
    this.#line = new LiveLine(this.#record, this.#session, parts, {
      ...owner,
      isAway: () => this.handOver.isAway,
    });
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
    return this.#ended ?? new Promise((resolve) => this.#overWaiters.push(resolve));
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
        return this.#end(reasonOfReport(this.#record.call, report, this.#record.upMs));
    }
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

  /** The agent takes its leave, then the call ends; whoever waits may still cut that short. */
  leave(reason: EndReason): void {
    if (this.handOver.isAway || !this.#session.leave(reason)) void this.hangUp(reason);
  }

  /** The server stops: the agent takes its leave, unless the call has been taken at another phone and needs us no more. */
  leaveToStop(reason: EndReason): void {
    if (this.handOver.isTaken) this.#end(endReason('owner', 'transferred'));
    else this.leave(reason);
  }

  /** The agent takes its leave as soon as there is somebody to take leave of; the call ends soon after, heard or not. */
  leaveSoon(reason: EndReason): void {
    if (this.#isLeaving || this.#record.isOver) return;
    this.#isLeaving = true;
    this.#tryToLeave(reason);
  }

  #tryToLeave(reason: EndReason): void {
    if (this.#record.call.state !== 'connected') return void this.hangUp(reason);
    if (this.handOver.isAway) return void this.hangUp(reason);
    const isLeaving = this.#session.leave(reason);
    this.#record.startTimer('leaving', isLeaving ? goodbyeMs : leaveRetryMs, () =>
      isLeaving ? this.hangUp(reason) : this.#tryToLeave(reason),
    );
  }

  /** @returns false when no such question is open */
  answer(questionId: string, answer: string): boolean {
    return this.#session.answer(questionId, answer);
  }

  /** @returns false when there is nobody on the line yet */
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
   * @returns false when there is nobody on the line yet
   */
  transfer(to: string, mode: TransferMode): boolean {
    return this.handOver.start(to, mode);
  }

  /** Ends the call at the carrier for a reason of ours, which then stands whatever the carrier says. */
  async hangUp(reason: EndReason): Promise<void> {
    if (this.#ended !== undefined) return this.#ended;
    this.#record.add({ type: 'hang-up-requested', endReason: reason });
    const { carrierCallId } = this.#record.call;
    // Without an id the dialing is still on its way: `#dialed` hangs up as soon as there is one.
    if (carrierCallId === null) return this.over;
    await this.#hangUpAtCarrier(carrierCallId);
    this.#end(reason);
    return this.#ended;
  }

  #barNumber(number: string): void {
    if (isE164(number)) this.#record.add({ type: 'number-barred', number });
  }

  #dialed(carrierCallId: string): void {
    const { call } = this.#record;
    if (call.carrierCallId !== null) return;
    this.#record.add({ type: 'call-dialed', carrierCallId });
    if (call.endingReason !== null) void this.hangUp(call.endingReason);
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

  async #apologise(reason: EndReason): Promise<void> {
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

  /** The line is dead. Settles the record, once. */
  #end(reason: EndReason): void {
    if (this.#ended !== undefined) return;
    this.#record.lineDied();
    this.#ended = this.#settle(reason).catch((err: unknown) => {
      this.#parts.log.error('an ended call could not be settled', { err });
      this.#parts.onOver(this);
    });
  }

  async #settle(reason: EndReason): Promise<void> {
    const endedAt = this.#parts.clock.now();
    this.#meter.stop();
    this.#parts.claims.forget(this.callId);
    await this.#session.finish();
    const { call, transcript } = this.#record.reading;
    const standing = call.endingReason ?? reason;
    const outcome =
      standing.why === 'voicemail'
        ? voicemailOutcome(call, standing, transcript)
        : (call.outcome ?? outcomeWithoutReport(call, standing, transcript));
    if (outcome !== call.outcome) this.#record.add({ type: 'outcome-reported', outcome });
    const state = endStateOf(call, standing, this.#session.hasTalked);
    this.#record.add({ type: 'call-ended', state, endReason: standing, endedAt });
    await this.#parts.feed.durable(this.callId);
    this.#parts.log.info('call ended', { by: standing.by, why: standing.why });
    this.#parts.onOver(this);
    for (const resolve of this.#overWaiters) resolve();
  }
}
