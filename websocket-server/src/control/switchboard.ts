import { isEnded } from '../call/call.ts';
import type { Call, CallState, LetGo } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { Carrier, SwitchBoard } from '../carriers/carrier.ts';
import { CallElsewhere, InvalidRequest } from '../lib/errors.ts';
import { inTime } from '../lib/patience.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { SettingsBook } from '../settings/settings-book.ts';
import type { CallPage, CallQuery, CallStore } from '../storage/call-store.ts';
import type { CallEar } from '../session/listeners.ts';
import type { VoiceModel } from '../voice-models/voice-model.ts';
import type { Audit } from './audit-log.ts';
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
import { CallFeed } from './call-feed.ts';
import type { CallShelf } from './call-shelf.ts';
import { waitForNews } from './call-wait.ts';
import { CallWatch } from './call-watch.ts';
import { Canceling, waitsForItsTime } from './canceling.ts';
import { CarrierOffice } from './carrier-office.ts';
import type { HouseControl, HouseLoad } from './house-control.ts';
import { Elsewhere } from './elsewhere.ts';
import type { HolderOrder } from './elsewhere.ts';
import { EventPages } from './event-pages.ts';
import { House } from './house.ts';
import type { HolderRequests } from '../storage/holder-requests.ts';
import type { ServerInstances } from '../storage/server-instances.ts';
import type { UnsettledWords } from '../storage/unsettled-words.ts';
import { InstanceWatch } from './instance-watch.ts';
import { InboundDesk } from './inbound-desk.ts';
import type { InboundSettings } from './inbound-desk.ts';
import type { OpenCall } from './open-call.ts';
import type { HonestySettings } from './open-call-parts.ts';
import { OpenCalls } from './open-calls.ts';
import { Placing } from './placing.ts';
import type { Verdict } from './policy/dial-rule.ts';
import type { LimitsReading } from './policy/limits-book.ts';
import { PriceSettler } from './price-settler.ts';
import type { PriceList } from './prices.ts';
import { endLeftCall, settleLeftCalls } from './recovery.ts';
import type { Recordings } from './recordings.ts';
import { Spending } from './spending.ts';
import { checkedSteering, longestWords } from './steer-request.ts';
import type { CheckedTransfer } from './steer-request.ts';
import { StreamClaims } from './stream-claims.ts';
import { TakenCalls } from './taken-calls.ts';
import { WordsKeeper } from './words-keeper.ts';

export interface SwitchboardParts {
  readonly carrier: Carrier;
  readonly voiceModel: VoiceModel;
  readonly store: CallStore;
  readonly limits: LimitsReading;
  readonly honesty: HonestySettings;
  /** The number that calls go out from unless the client names another; null when none is configured. */
  readonly defaultFrom: string | null;
  /** Where a call is transferred to when no number is named; null: nowhere. */
  readonly ownerNumber: string | null;
  /** Where else a call may be transferred to. */
  readonly transferNumbers: readonly string[];
  readonly inbound: InboundSettings;
  readonly recordings: Recordings;
  /** What requests to own tools are signed with; empty: they are not. */
  readonly toolSecrets: readonly string[];
  /** Whether the carrier finds out who answered. */
  readonly detectsMachines: boolean;
  readonly prices: PriceList;
  /** The models that a call uses, as their vendor names them. */
  readonly models: readonly string[];
  readonly settings: Pick<SettingsBook, 'current'>;
  readonly audit: Pick<Audit, 'note'>;
  /** The servers that share the store. */
  readonly instances: ServerInstances;
  /** What they ask of each other. */
  readonly requests: HolderRequests;
  /** What is being said in the calls that are up. */
  readonly words: UnsettledWords;
  readonly runtime: Runtime;
}

/** How long live calls may take their leave when the server stops. */
const leaveMs = 8000;
/** How much longer their records may take: a store that stalls does not keep the server from stopping. */
const settleMs = 4000;
const storedMs = 1000;
const cannotTalk =
  'The person cannot be talked to at this moment: they are not on the line yet, are being put through, or the call is ending. Try again in a second.';

/**
 * All calls. Alone changes them: clients ask through `CallControl`, the carrier through `office`, the operator
 * through `house`.
 */
export class Switchboard implements CallControl, CallShelf {
  readonly #parts: SwitchboardParts;
  readonly #feed: CallFeed;
  readonly #spending: Spending;
  readonly #settler: PriceSettler;
  readonly #open: OpenCalls;
  readonly #house: House;
  readonly #instances: InstanceWatch;
  readonly #placing: Placing;
  readonly #canceling: Canceling;
  readonly #elsewhere: Elsewhere;
  readonly #office: CarrierOffice;
  readonly #words: WordsKeeper;
  readonly #taken: TakenCalls;
  readonly #pages: EventPages;
  readonly #watches = new Set<CallWatch>();
  #isStopping = false;

  constructor(parts: SwitchboardParts) {
    this.#parts = parts;
    const { store, carrier, limits, prices, recordings, settings, runtime } = parts;
    const { clock } = runtime;
    const feed = new CallFeed(store, clock, runtime.log);
    const spending = new Spending({
      store,
      feed,
      clock,
      caps: () => limits.current,
      prices,
      carrier: carrier.name,
      models: () => parts.models,
    });
    this.#settler = new PriceSettler({
      store,
      feed,
      carrier,
      runtime,
      spent: (call, addedUsd) => spending.noted(call.requestedAt, addedUsd),
    });
    const claims = new StreamClaims(() => runtime.newId('st'));
    const open = new OpenCalls({
      ...parts,
      feed,
      claims,
      meterOf: (call) => ({
        prices,
        limitUsd: spending.limitOf(call.maxCostUsd),
        spent: (addedUsd) => house.spent(call, addedUsd),
      }),
      onOver: (callId) => {
        feed.release(callId);
        void this.#settlePrice(callId);
      },
    });
    const house = new House({ store, spending, limits, open, runtime, load: () => this.#load() });
    this.#placing = new Placing({
      ...parts,
      feed,
      open,
      house,
      spending,
      defaultFrom: () => parts.defaultFrom,
    });
    this.#canceling = new Canceling({
      placing: this.#placing,
      feed,
      open,
      instances: parts.instances,
      clock,
    });
    this.#elsewhere = new Elsewhere({
      instances: parts.instances,
      requests: parts.requests,
      runtime,
      carryOut: async (callId, order) => {
        const { call } = await feed.read(callId);
        if (this.#isElsewhere(call)) throw new CallElsewhere(callId, call.state, null);
        return this.#carryOut(call, order);
      },
    });
    this.#office = new CarrierOffice({
      store,
      feed,
      open,
      house,
      claims,
      inbound: new InboundDesk(parts.inbound, store, clock),
      limits,
      recordings,
      settings,
      runtime,
    });
    this.#feed = feed;
    this.#pages = new EventPages(store);
    this.#spending = spending;
    this.#open = open;
    this.#house = house;
    this.#taken = new TakenCalls({
      carrier,
      feed,
      prices,
      runtime,
      spent: (call, addedUsd) => house.spent(call, addedUsd),
      isCanceled: (callId) => this.#canceling.isCanceled(callId),
      end: async (call, endedAt) => {
        const reason = call.endingReason ?? endReason('owner', 'transferred');
        await endLeftCall(call, { reason, endedAt }, feed);
        await this.#settlePrice(call.callId);
      },
    });
    this.#words = new WordsKeeper({
      words: parts.words,
      calls: () => open.all,
      recorded: () => feed.drained(),
      clock,
      log: runtime.log,
    });
    this.#instances = new InstanceWatch({
      instances: parts.instances,
      runtime,
      settle: async (left) => void (await this.#settle(left)),
      heedOrders: async () => {
        await house.heedOrders();
        await this.#canceling.heedOthers();
        await this.#elsewhere.heed();
      },
    });
  }

  /** Where the carrier's doors report and ask. */
  get office(): SwitchBoard {
    return this.#office;
  }

  get house(): HouseControl {
    return this.#house;
  }

  get openCount(): number {
    return this.#open.count;
  }

  async letGo(callId: string, what: LetGo): Promise<boolean> {
    return (await this.#feed.recordLate(callId, { type: 'log-let-go', what })) !== undefined;
  }

  forget(callId: string): void {
    this.#feed.release(callId);
  }

  async rehearse(request: PlaceRequest): Promise<Verdict> {
    return this.#placing.rehearse(request);
  }

  async place(request: PlaceRequest): Promise<Call> {
    return this.#placing.place(request);
  }

  async read(callId: string): Promise<CallReading> {
    await this.#stored(callId);
    return this.#feed.read(callId);
  }

  countOpen(): Promise<ReadonlyMap<CallState, number>> {
    return this.#parts.store.countOpen();
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
    return this.#canceling.cancel(callId);
  }

  async answer(callId: string, questionId: string, answer: string): Promise<boolean> {
    const text = answer.trim();
    if (text === '')
      throw new InvalidRequest('"answer" is empty: say in a sentence what the agent is to know.');
    const { call } = await this.#feed.read(callId);
    return this.#atHolder(call, { do: 'answer', questionId, answer: text.slice(0, longestWords) });
  }

  async steer(callId: string, request: SteerRequest): Promise<void> {
    const { call } = await this.#feed.read(callId);
    const isBefore = call.answeredAt === null && !isEnded(call);
    const isTaken = call.endingReason?.why === 'transferred' && this.#isElsewhere(call);
    // Nobody is there to take leave of.
    if (request.action === 'hang_up' && (isBefore || isTaken)) return void (await this.cancel(callId));
    if (isTaken) throw new InvalidRequest(cannotTalk);
    if (this.#isElsewhere(call)) checkedSteering(request, this.#parts);
    await this.#atHolder(call, { do: 'steer', request });
  }

  async listen(callId: string, ear: CallEar, onEnd: () => void): Promise<ListeningIn> {
    const { call } = await this.#feed.read(callId);
    const open = this.#open.get(callId);
    if (this.#isElsewhere(call)) throw await this.#elsewhere.refusal(call);
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
    const { runtime } = this.#parts;
    const watch = new CallWatch(options, watcher, {
      pages: this.#pages,
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
    for (const call of this.#open.all) call.reconfigure();
    return this.#open.count;
  }

  /**
   * Settles what an earlier process left open. To be awaited once, before the first call.
   *
   * @returns `settled` resolves when the last of them has ended
   */
  async recover(): Promise<{ readonly settled: Promise<unknown> }> {
    await this.#spending.refresh();
    const left = await this.#instances.begin();
    const { settled } = await this.#settle(left);
    this.#placing.start();
    this.#words.start();
    return { settled };
  }

  /**
   * Takes no more calls, lets the live ones take their leave, and resolves when all are settled, or the store stalls.
   *
   * @returns whether all is stored
   */
  async stop(): Promise<boolean> {
    this.#isStopping = true;
    this.#settler.stop();
    this.#taken.stop();
    await Promise.all([this.#office.stop(), this.#placing.stop()]);
    const stopping = endReason('fault', 'server_stopping');
    const calls = this.#open.all;
    for (const call of calls) call.ending.leaveToStop(stopping);
    const stopLeaving = this.#parts.runtime.clock.after(leaveMs, () => {
      for (const call of calls) void call.ending.hangUp(stopping);
    });
    const settled = Promise.all(calls.map((call) => call.over)).then(() => this.#feed.drained());
    const isSettled = await inTime(settled, leaveMs + settleMs, this.#parts.runtime.clock);
    stopLeaving();
    if (!isSettled) {
      this.#parts.runtime.log.error('stopped before all calls were stored; the next start settles them', {
        calls: this.#open.count,
        unwrittenEvents: this.#feed.unwritten,
      });
    }
    await this.#words.stop();
    for (const watch of this.#watches) watch.stop();
    await this.#instances.stop();
    return isSettled;
  }

  async #settle(left: readonly Call[]): Promise<{ readonly settled: Promise<unknown> }> {
    const { store, carrier, recordings, runtime, words } = this.#parts;
    const { settled } = await settleLeftCalls(left, {
      store,
      carrier,
      runtime,
      words,
      feed: this.#feed,
      recordingStorage: recordings.storage,
      isCanceled: (callId) => this.#canceling.isCanceled(callId),
      followTaken: (call, taking) => this.#taken.follow(call, taking),
      isStopping: () => this.#isStopping,
    });
    settled
      .then(() => this.#settler.takeUp())
      .catch((err: unknown) => runtime.log.warn('prices of earlier calls were not asked for', { err }));
    settled
      .then(() => recordings.takeUp(store))
      .catch((err: unknown) => runtime.log.warn('recordings of earlier calls were not looked for', { err }));
    return { settled };
  }

  #load(): HouseLoad {
    const watches = [...this.#watches];
    return {
      unwrittenEvents: this.#feed.unwritten,
      watchers: watches.length,
      watchersBehind: watches.filter((watch) => watch.isBehind).length,
      waitingAudioBytes: this.#open.waitingAudioBytes,
      counts: this.#parts.runtime.tally.entries,
    };
  }

  /** Somebody holds it, and this server does not. A call that waits for its time is nobody's. */
  #isElsewhere(call: Call): boolean {
    return this.#open.get(call.callId) === undefined && !isEnded(call) && !waitsForItsTime(call);
  }

  #atHolder(call: Call, order: HolderOrder): Promise<boolean> {
    return this.#isElsewhere(call) ? this.#elsewhere.ask(call, order) : this.#carryOut(call, order);
  }

  /** Does with a call what only its holder can. @returns whether it came to anything */
  async #carryOut(call: Call, order: HolderOrder): Promise<boolean> {
    const open = this.#open.get(call.callId);
    if (order.do === 'answer') return open?.answer(order.questionId, order.answer) ?? false;
    if (open === undefined || call.state !== 'connected') {
      throw new InvalidRequest(`The call is ${call.state}: only a call that is connected can be steered.`);
    }
    if (!this.#steered(open, checkedSteering(order.request, this.#parts))) {
      throw new InvalidRequest(cannotTalk);
    }
    return true;
  }

  #steered(
    open: OpenCall,
    request: Exclude<SteerRequest, { action: 'transfer' }> | CheckedTransfer,
  ): boolean {
    switch (request.action) {
      case 'transfer':
        return open.transfer(request.to, request.mode);
      case 'hang_up':
        open.ending.leaveSoon(endReason('owner', 'canceled'));
        return true;
      default:
        return open.steer(request);
    }
  }

  async #settlePrice(callId: string): Promise<void> {
    const call = await this.#parts.store.call(callId).catch(() => undefined);
    if (call !== undefined && isEnded(call)) this.#settler.ended(call);
  }

  /** Lets what is told be durable first, unless the store stalls. */
  async #stored(callId: string): Promise<void> {
    await inTime(this.#feed.durable(callId), storedMs, this.#parts.runtime.clock);
  }
}
