import { isEnded } from '../call/call.ts';
import type { Call, CallState, LetGo } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { SwitchBoard } from '../carriers/carrier.ts';
import { inTime } from '../lib/patience.ts';
import type { CallEar } from '../session/listeners.ts';
import type { CallPage, CallQuery } from '../storage/call-store.ts';
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
import { Canceling } from './canceling.ts';
import { CarrierOffice } from './carrier-office.ts';
import { EventPages } from './event-pages.ts';
import type { HouseControl, HouseLoad } from './house-control.ts';
import { House } from './house.ts';
import { InboundDesk } from './inbound-desk.ts';
import { InstanceWatch } from './instance-watch.ts';
import { OpenCalls } from './open-calls.ts';
import { Placing } from './placing.ts';
import type { Verdict } from './policy/dial-rule.ts';
import { PriceSettler } from './price-settler.ts';
import { endLeftCall, settleLeftCalls } from './recovery.ts';
import { Spending } from './spending.ts';
import { Steering } from './steering.ts';
import { StreamClaims } from './stream-claims.ts';
import type { SwitchboardParts } from './switchboard-parts.ts';
import { TakenCalls } from './taken-calls.ts';
import { WordsKeeper } from './words-keeper.ts';

/** How long live calls may take their leave when the server stops. */
const leaveMs = 8000;
/** How much longer their records may take: a store that stalls does not keep the server from stopping. */
const settleMs = 4000;
const storedMs = 1000;

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
  readonly #steering: Steering;
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
    this.#steering = new Steering({
      feed,
      open,
      canceling: this.#canceling,
      allowed: parts,
      instances: parts.instances,
      requests: parts.requests,
      runtime,
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
        await this.#steering.heedOthers();
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
    return this.#steering.answer(callId, questionId, answer);
  }

  async steer(callId: string, request: SteerRequest): Promise<void> {
    return this.#steering.steer(callId, request);
  }

  async listen(callId: string, ear: CallEar, onEnd: () => void): Promise<ListeningIn> {
    return this.#steering.listen(callId, ear, onEnd);
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

  async #settlePrice(callId: string): Promise<void> {
    const call = await this.#parts.store.call(callId).catch(() => undefined);
    if (call !== undefined && isEnded(call)) this.#settler.ended(call);
  }

  /** Lets what is told be durable first, unless the store stalls. */
  async #stored(callId: string): Promise<void> {
    await inTime(this.#feed.durable(callId), storedMs, this.#parts.runtime.clock);
  }
}
