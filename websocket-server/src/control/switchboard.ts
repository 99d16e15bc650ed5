import { noSecrets } from '../agent/secrets.ts';
import { isEnded } from '../call/call.ts';
import type { Call, Callee } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type {
  AnsweredCall,
  Carrier,
  CarrierReport,
  MachineVerdict,
  MediaStream,
  MediaStreamListener,
  StreamClaim,
  SwitchBoard,
} from '../carriers/carrier.ts';
import { InvalidRequest, ServerStopping } from '../lib/errors.ts';
import { inTime } from '../lib/patience.ts';
import type { Runtime } from '../lib/runtime.ts';
import { inboundErrandOf } from '../settings/inbound-agent.ts';
import type { SettingsBook } from '../settings/settings-book.ts';
import type { CallPage, CallQuery, CallStore, StopOrder } from '../storage/call-store.ts';
import { IdempotencyKeyTaken } from '../storage/storage-errors.ts';
import type { CallEar } from '../session/listeners.ts';
import type { VoiceModel } from '../voice-models/voice-model.ts';
import type {
  CallControl,
  CallReading,
  PlaceRequest,
  ListeningIn,
  SteerRequest,
  WaitOptions,
  Watcher,
  WatchOptions,
} from './call-control.ts';
import { secretsOf } from './authority-request.ts';
import { CallFeed } from './call-feed.ts';
import { waitForNews } from './call-wait.ts';
import { CallWatch } from './call-watch.ts';
import type { CostReport, HouseControl } from './house-control.ts';
import { InboundDesk } from './inbound-desk.ts';
import type { InboundSettings } from './inbound-desk.ts';
import { OpenCall } from './open-call.ts';
import type { HonestySettings } from './open-call.ts';
import { CallPolicy, insist } from './policy/call-policy.ts';
import type { PolicySettings } from './policy/call-policy.ts';
import type { Reason, Verdict } from './policy/dial-rule.ts';
import { PriceSettler } from './price-settler.ts';
import type { PriceList } from './prices.ts';
import { settleLeftCalls } from './recovery.ts';
import { ScheduledCalls } from './scheduled-calls.ts';
import type { Recordings } from './recordings.ts';
import { completeRequest } from './place-request.ts';
import { Spending } from './spending.ts';
import type { SpendingCaps } from './spending.ts';
import { checkedSteering, longestWords } from './steer-request.ts';
import type { CheckedTransfer } from './steer-request.ts';
import { StreamClaims } from './stream-claims.ts';
import { askToolWebhook } from './tool-webhook.ts';

export interface SwitchboardParts {
  readonly carrier: Carrier;
  readonly voiceModel: VoiceModel;
  readonly store: CallStore;
  readonly policy: PolicySettings;
  readonly honesty: HonestySettings;
  /** The number that calls go out from unless the client names another; null when none is configured. */
  readonly defaultFrom: string | null;
  /** Where a call is transferred to when no number is named; null: nowhere. */
  readonly ownerNumber: string | null;
  /** Where else a call may be transferred to. */
  readonly transferNumbers: readonly string[];
  readonly inbound: InboundSettings;
  readonly recordings: Recordings;
  /** Whether the carrier finds out who answered. */
  readonly detectsMachines: boolean;
  readonly caps: SpendingCaps;
  readonly prices: PriceList;
  /** The models that a call uses, as their vendor names them. */
  readonly models: readonly string[];
  readonly settings: Pick<SettingsBook, 'current'>;
  readonly runtime: Runtime;
}

/** How long live calls may take their leave when the server stops. */
const leaveMs = 8000;
/** How much longer their records may take: a store that stalls does not keep the server from stopping. */
const settleMs = 10_000;
const storedMs = 1000;

/** All calls. Alone changes them: clients ask through `CallControl`, the carrier through `SwitchBoard`. */
export class Switchboard implements CallControl, HouseControl, SwitchBoard {
  readonly #parts: SwitchboardParts;
  readonly #feed: CallFeed;
  readonly #policy: CallPolicy;
  readonly #spending: Spending;
  readonly #settler: PriceSettler;
  readonly #scheduled: ScheduledCalls;
  readonly #claims: StreamClaims;
  readonly #inbound: InboundDesk;
  readonly #open = new Map<string, OpenCall>();
  readonly #byCarrierId = new Map<string, string>();
  readonly #watches = new Set<CallWatch>();
  #isStopping = false;
  /** The order to stop, as far as it was given here. */
  #stopped: StopOrder | null = null;

  constructor(parts: SwitchboardParts) {
    this.#parts = parts;
    const { clock, log, newId } = parts.runtime;
    this.#feed = new CallFeed(parts.store, clock, log);
    const network = { isSimulated: parts.carrier.isSimulated, ownerNumber: parts.ownerNumber };
    this.#policy = new CallPolicy(parts.policy, network, parts.store, clock);
    const { store, carrier, caps, prices } = parts;
    this.#spending = new Spending({
      store,
      feed: this.#feed,
      clock,
      caps,
      prices,
      carrier: carrier.name,
      models: () => parts.models,
    });
    this.#settler = new PriceSettler({
      store,
      feed: this.#feed,
      carrier,
      runtime: parts.runtime,
      spent: (call, addedUsd) => this.#spending.noted(call.requestedAt, addedUsd),
    });
    this.#inbound = new InboundDesk(parts.inbound, parts.store, clock);
    this.#claims = new StreamClaims(() => newId('st'));
    this.#scheduled = new ScheduledCalls({
      store: parts.store,
      feed: this.#feed,
      carrierName: parts.carrier.name,
      clock,
      log,
      judge: (call) => this.#judge({ ...call, scheduledAt: null }),
      noteUnderWay: (to) => this.#policy.noteUnderWay(to),
      dial: (call) => this.#dial(call),
    });
  }

  get openCount(): number {
    return this.#open.size;
  }

  async rehearse(request: PlaceRequest): Promise<Verdict> {
    const verdict = await this.#judge(this.#completed(request));
    if (verdict.reasons[0]?.rule === 'malformed') insist(verdict);
    return verdict;
  }

  async place(request: PlaceRequest): Promise<Call> {
    const key = request.idempotencyKey?.trim();
    if (key) {
      const first = await this.#parts.store.callByIdempotencyKey(key);
      if (first !== undefined) return this.#feed.live(first.callId)?.call ?? first;
    }
    const requested = this.#completed(request);
    const verdict = await this.#judge(requested);
    insist(verdict);
    const { scheduledAt = null } = requested;
    const onRecord = scheduledAt === null ? this.#policy.noteUnderWay(requested.to) : () => {};
    let call: Call;
    try {
      call = await this.#feed.begin(this.#parts.runtime.newId('call'), [
        {
          ...requested,
          maxCostUsd: this.#spending.limitOf(requested.maxCostUsd ?? null),
          warnings: verdict.warnings,
        },
        ...(scheduledAt === null
          ? [{ type: 'dialing-started', carrier: this.#parts.carrier.name } as const]
          : []),
      ]);
    } catch (err) {
      if (err instanceof IdempotencyKeyTaken && key) {
        const first = await this.#parts.store.callByIdempotencyKey(key);
        if (first !== undefined) return first;
      }
      throw err;
    } finally {
      onRecord();
    }
    if (scheduledAt === null) {
      this.#dial(call, secretsOf(request.authority));
    } else {
      this.#feed.release(call.callId);
      this.#scheduled.added(scheduledAt);
    }
    return call;
  }

  async read(callId: string): Promise<CallReading> {
    await this.#stored(callId);
    return this.#feed.read(callId);
  }

  async list(query: CallQuery): Promise<CallPage> {
    const page = await this.#parts.store.list(query);
    // A stored cost may be a minute behind.
    const calls = page.calls.map((call) => ({
      ...call,
      cost: this.#feed.live(call.callId)?.call.cost ?? call.cost,
    }));
    return { ...page, calls };
  }

  async cancel(callId: string): Promise<{ readonly call: Call; readonly wasOpen: boolean }> {
    await this.#scheduled.settled(callId);
    const { call } = await this.#feed.read(callId);
    const open = this.#open.get(callId);
    if (open === undefined && call.state === 'queued' && call.scheduledAt !== null) {
      await this.#scheduled.cancel(callId);
      return { call: (await this.#feed.read(callId)).call, wasOpen: true };
    }
    if (open === undefined || isEnded(call)) return { call, wasOpen: false };
    await open.hangUp(endReason('owner', 'canceled'));
    return { call: (await this.#feed.read(callId)).call, wasOpen: true };
  }

  async answer(callId: string, questionId: string, answer: string): Promise<boolean> {
    const text = answer.trim();
    if (text === '')
      throw new InvalidRequest('"answer" is empty: say in a sentence what the agent is to know.');
    await this.#feed.read(callId);
    return this.#open.get(callId)?.answer(questionId, text.slice(0, longestWords)) ?? false;
  }

  async steer(callId: string, request: SteerRequest): Promise<void> {
    const { call } = await this.#feed.read(callId);
    const open = this.#open.get(callId);
    if (open === undefined || call.state !== 'connected') {
      throw new InvalidRequest(`The call is ${call.state}: only a call that is connected can be steered.`);
    }
    if (!this.#steered(open, checkedSteering(request, this.#parts))) {
      throw new InvalidRequest('Nobody is on the line yet. Try again in a second.');
    }
  }

  async listen(callId: string, ear: CallEar, onEnd: () => void): Promise<ListeningIn> {
    const { call } = await this.#feed.read(callId);
    const open = this.#open.get(callId);
    if (open === undefined || isEnded(call)) {
      throw new InvalidRequest(`The call is ${call.state}: only a call that goes on can be listened to.`);
    }
    void open.over.then(onEnd);
    return open.listen(ear);
  }

  async waitFor(callId: string, options: WaitOptions): Promise<CallReading> {
    await waitForNews(this.#feed, callId, options, this.#parts.runtime.clock);
    await this.#stored(callId);
    return this.#feed.read(callId);
  }

  watch(options: WatchOptions, watcher: Watcher): () => void {
    const { store, runtime } = this.#parts;
    const watch = new CallWatch(options, watcher, {
      store,
      feed: this.#feed,
      clock: runtime.clock,
      log: runtime.log,
    });
    this.#watches.add(watch);
    return () => {
      this.#watches.delete(watch);
      watch.stop();
    };
  }

  /** Lets all calls that are up go on as the settings say by now. @returns how many there were */
  applySettings(): number {
    for (const call of this.#open.values()) call.reconfigure();
    return this.#open.size;
  }

  reported(report: CarrierReport, callId: string | undefined): void {
    const open = this.#openCall(callId, report.carrierCallId);
    open?.reported(report);
    if (open !== undefined) this.#byCarrierId.set(report.carrierCallId, open.callId);
  }

  detected(carrierCallId: string, callId: string | undefined, found: MachineVerdict): void {
    this.#openCall(callId, carrierCallId)?.detected(carrierCallId, found);
  }

  recorded(callId: string, recordingId: string): void {
    const { log } = this.#parts.runtime;
    this.#feed.read(callId).then(
      ({ call }) => this.#parts.recordings.fetch(call, recordingId),
      (err: unknown) => log.warn('a recording belongs to no call', { callId, recordingId, err }),
    );
  }

  transferAnswered(callId: string): { readonly briefing: string | null } | undefined {
    return this.#open.get(callId)?.handOver.answered();
  }

  transferTaken(callId: string): boolean {
    return this.#open.get(callId)?.handOver.taken() ?? false;
  }

  transferEnded(callId: string, carrierCallId: string): StreamClaim | undefined {
    return this.#open.get(callId)?.handOver.ended(carrierCallId);
  }

  async answered(
    answered: AnsweredCall,
  ): Promise<StreamClaim | { readonly sentence: string } | 'reject' | undefined> {
    const open = this.#openCall(answered.callId, answered.carrierCallId);
    if (open !== undefined) {
      open.answered(answered.carrierCallId);
      return open.claimStream(answered.carrierCallId);
    }
    if (answered.callId !== undefined) return undefined;
    return this.#arrive(answered);
  }

  attached(claim: StreamClaim, carrierCallId: string, stream: MediaStream): MediaStreamListener | undefined {
    const open = this.#open.get(claim.callId);
    if (open === undefined || !this.#claims.redeem(claim)) return undefined;
    return open.attach(carrierCallId, stream);
  }

  /**
   * Settles what an earlier process left open. To be awaited once, before the first call.
   *
   * @returns `settled` resolves when the last of them has ended
   */
  async recover(): Promise<{ readonly settled: Promise<unknown> }> {
    const { store, carrier, runtime } = this.#parts;
    await this.#spending.refresh();
    const { settled } = await settleLeftCalls({ store, carrier, runtime, feed: this.#feed });
    this.#scheduled.start();
    settled
      .then(() => this.#settler.takeUp())
      .catch((err: unknown) => runtime.log.warn('prices of earlier calls were not asked for', { err }));
    return { settled };
  }

  async costs(): Promise<CostReport> {
    const { store, caps } = this.#parts;
    return {
      currency: 'USD',
      spent: await this.#spending.refresh(),
      caps,
      stopped: await store.stopOrder(),
    };
  }

  async stopAll(reason: string | null): Promise<{ readonly stopped: StopOrder; readonly ending: number }> {
    const { store, runtime } = this.#parts;
    const stopped = { since: runtime.clock.now(), reason: reason?.trim() || null };
    this.#stopped = stopped;
    await store.keepStopOrder(stopped);
    runtime.log.warn('all calls are stopped', { reason: stopped.reason });
    const ending = [...this.#open.values()];
    for (const call of ending) call.leaveSoon(stopReason(stopped));
    return { stopped, ending: ending.length };
  }

  async resume(): Promise<void> {
    await this.#parts.store.keepStopOrder(null);
    this.#stopped = null;
    this.#parts.runtime.log.info('calls may be placed again');
  }

  /** Takes no more calls, lets the live ones take their leave, and resolves when all are settled. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#settler.stop();
    await this.#scheduled.stop();
    const stopping = endReason('fault', 'server_stopping');
    const calls = [...this.#open.values()];
    for (const call of calls) call.leave(stopping);
    const stopLeaving = this.#parts.runtime.clock.after(leaveMs, () => {
      for (const call of calls) void call.hangUp(stopping);
    });
    const settled = Promise.all(calls.map((call) => call.over)).then(() => this.#feed.drained());
    const isSettled = await inTime(settled, leaveMs + settleMs, this.#parts.runtime.clock);
    stopLeaving();
    if (!isSettled) {
      this.#parts.runtime.log.error('stopped before all calls were stored; the next start settles them', {
        calls: this.#open.size,
      });
    }
    for (const watch of this.#watches) watch.stop();
  }

  #steered(
    open: OpenCall,
    request: Exclude<SteerRequest, { action: 'transfer' }> | CheckedTransfer,
  ): boolean {
    switch (request.action) {
      case 'transfer':
        return open.transfer(request.to, request.mode);
      case 'hang_up':
        open.leave(endReason('owner', 'canceled'));
        return true;
      default:
        return open.steer(request);
    }
  }

  /** A call has cost more: when that reaches a cap of the house, all calls end. */
  #spent(call: Call, addedUsd: number): void {
    this.#spending.noted(call.requestedAt, addedUsd);
    const cap = this.#spending.reachedCap;
    if (cap === undefined) return;
    const reason = endReason('limit', 'cost_limit', `Calls have reached the cost limit of a ${cap}.`);
    for (const open of this.#open.values()) open.leaveSoon(reason);
  }

  #completed(request: PlaceRequest) {
    if (this.#isStopping) throw new ServerStopping();
    const { defaultFrom, ownerNumber, recordings, runtime } = this.#parts;
    return completeRequest(request, defaultFrom, runtime.clock.now(), recordings.isOn, ownerNumber);
  }

  async #judge(request: {
    readonly to: string;
    readonly from: string;
    readonly callee?: Callee;
    readonly scheduledAt?: number | null;
    readonly maxCostUsd?: number | null;
  }): Promise<Verdict> {
    const { to, from, callee = 'business', scheduledAt = null, maxCostUsd = null } = request;
    const standing = await this.#standingReasons(to, maxCostUsd);
    const verdict = await this.#policy.judge({ to, from, callee, scheduledAt }, () =>
      [...this.#open.keys()].map((callId) => this.#feed.live(callId)?.call.to ?? ''),
    );
    if (this.#isStopping) throw new ServerStopping();
    if (standing.length === 0 || verdict.reasons[0]?.rule === 'malformed') return verdict;
    return { ...verdict, allowed: false, reasons: [...verdict.reasons, ...standing] };
  }

  /** What the operator's order and limits on costs say against a call, whoever is rung. */
  async #standingReasons(to: string, maxCostUsd: number | null): Promise<readonly Reason[]> {
    const order = await this.#parts.store.stopOrder();
    const reasons = await this.#spending.reasonsAgainst(to, maxCostUsd);
    if (order === null) return reasons;
    const howToChange = 'The operator allows them again by POST /api/resume.';
    return [{ rule: 'stopped', message: stopSentence(order), howToChange }, ...reasons];
  }

  /** The call must be on record as dialing. */
  #dial(call: Call, secrets = noSecrets): void {
    this.#parts.runtime.log.info('call placed', { callId: call.callId, pii: { to: call.to } });
    const open = this.#take(call, secrets);
    void open.dial();
    // It was given after this call had passed the gate, and before it was among the open ones.
    if (this.#stopped !== null) open.leaveSoon(stopReason(this.#stopped));
  }

  #take(call: Call, secrets = noSecrets): OpenCall {
    const { carrier, voiceModel, runtime } = this.#parts;
    const open = new OpenCall(call, {
      secrets,
      carrier,
      voiceModel,
      feed: this.#feed,
      claims: this.#claims,
      meter: {
        prices: this.#parts.prices,
        limitUsd: this.#spending.limitOf(call.maxCostUsd),
        spent: (addedUsd) => this.#spent(call, addedUsd),
      },
      honesty: this.#parts.honesty,
      ownerNumber: this.#parts.ownerNumber,
      clock: runtime.clock,
      log: runtime.log,
      detectsMachines: this.#parts.detectsMachines,
      agentDefaults: () => this.#parts.settings.current,
      runTool: async (tool, request) =>
        tool.answer.by === 'webhook' ? askToolWebhook(tool.answer, request, runtime) : '',
      isOthers: async (carrierCallId, callId) => {
        const owner = await this.#parts.store.callByCarrierId(carrier.name, carrierCallId);
        return owner !== undefined && owner.callId !== callId;
      },
      onOver: (over) => this.#letGo(over),
    });
    this.#open.set(call.callId, open);
    if (call.carrierCallId !== null) this.#byCarrierId.set(call.carrierCallId, call.callId);
    return open;
  }

  #letGo(over: OpenCall): void {
    this.#open.delete(over.callId);
    void this.#settlePrice(over.callId);
    for (const [carrierCallId, callId] of this.#byCarrierId) {
      if (callId === over.callId) this.#byCarrierId.delete(carrierCallId);
    }
  }

  async #settlePrice(callId: string): Promise<void> {
    const call = await this.#parts.store.call(callId).catch(() => undefined);
    if (call !== undefined && isEnded(call)) this.#settler.ended(call);
  }

  #openCall(callId: string | undefined, carrierCallId: string): OpenCall | undefined {
    return this.#open.get(callId ?? this.#byCarrierId.get(carrierCallId) ?? '');
  }

  async #arrive(
    arrived: AnsweredCall,
  ): Promise<StreamClaim | { readonly sentence: string } | 'reject' | undefined> {
    if (!this.#inbound.takes(arrived.from)) {
      this.#parts.runtime.log.info('a caller was turned away', { pii: { from: arrived.from } });
      return 'reject';
    }
    const isBusy = this.#isStopping || this.#open.size >= this.#parts.policy.maxConcurrentCalls;
    const isClosed =
      this.#spending.reachedCap !== undefined || (await this.#parts.store.stopOrder()) !== null;
    if (isBusy || isClosed) {
      return { sentence: 'All our lines are busy at the moment. Please call again a little later. Goodbye.' };
    }
    const known = await this.#parts.store.callByCarrierId(arrived.carrier, arrived.carrierCallId);
    if (known !== undefined) return undefined;
    const { errand, maxDurationSeconds, resumes } = await this.#inbound.errandFor(
      arrived,
      inboundErrandOf(this.#parts.settings.current.inbound),
    );
    const call = await this.#feed.begin(this.#parts.runtime.newId('call'), [
      {
        type: 'call-arrived',
        to: arrived.to,
        from: arrived.from,
        errand,
        maxDurationSeconds,
        resumes,
        carrier: arrived.carrier,
        carrierCallId: arrived.carrierCallId,
      },
      { type: 'call-answered' },
    ]);
    const open = this.#take(call);
    open.connected();
    return open.claimStream(arrived.carrierCallId);
  }

  /** Lets what is told be durable first, unless the store stalls. */
  async #stored(callId: string): Promise<void> {
    await inTime(this.#feed.durable(callId), storedMs, this.#parts.runtime.clock);
  }
}

function stopReason(order: StopOrder) {
  return endReason('owner', 'canceled', stopSentence(order));
}

function stopSentence({ reason }: StopOrder): string {
  return `The operator has stopped all calls${reason === null ? '' : `: ${reason.replace(/[.!\s]+$/u, '')}`}.`;
}
