import { noSecrets } from '../agent/secrets.ts';
import type { Call, Callee } from '../call/call.ts';
import type { Carrier } from '../carriers/carrier.ts';
import { endReason } from '../call/end-reason.ts';
import { ServerStopping } from '../lib/errors.ts';
import { inTime } from '../lib/patience.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import { IdempotencyKeyTaken } from '../storage/storage-errors.ts';
import { secretsOf } from './authority-request.ts';
import type { Actor, Audit } from './audit-log.ts';
import type { PlaceRequest } from './call-control.ts';
import type { CallFeed } from './call-feed.ts';
import type { House } from './house.ts';
import type { OpenCalls } from './open-calls.ts';
import { Intake } from './intake.ts';
import { completeRequest } from './place-request.ts';
import { CallPolicy, insist } from './policy/call-policy.ts';
import type { Admission } from './policy/call-policy.ts';
import type { Verdict } from './policy/dial-rule.ts';
import type { LimitsReading } from './policy/limits-book.ts';
import type { Recordings } from './recordings.ts';
import { ScheduledCalls } from './scheduled-calls.ts';
import type { Spending } from './spending.ts';
import { endUndialed } from './undialed.ts';

interface PlacingParts {
  readonly carrier: Pick<Carrier, 'name' | 'isSimulated'>;
  readonly store: CallStore;
  readonly feed: CallFeed;
  readonly open: OpenCalls;
  readonly house: House;
  readonly spending: Spending;
  readonly limits: Pick<LimitsReading, 'read'>;
  /** The number that calls go out from unless the client names another; null when none is configured. */
  readonly defaultFrom: () => string | null;
  readonly ownerNumber: string | null;
  /** Where else the agent may hand a call to. */
  readonly transferNumbers: readonly string[];
  readonly recordings: Pick<Recordings, 'isOn'>;
  readonly audit: Pick<Audit, 'note'>;
  readonly runtime: Runtime;
}

/** How long a server that stops waits for calls that are just being placed: a store that stalls does not keep it. */
const stopPatienceMs = 2000;

/** Nobody is at the door when a call's time comes. */
const schedule: Actor = {
  access: { by: 'machine', name: 'schedule' },
  door: 'schedule',
  address: null,
};

interface Errand {
  readonly to: string;
  readonly from: string;
  readonly callee?: Callee;
  readonly scheduledAt?: number | null;
  readonly maxCostUsd?: number | null;
}

/** How a call of ours comes to be: policy, then a durable record, then the carrier, at once or when its time comes. */
export class Placing {
  readonly #parts: PlacingParts;
  readonly #policy: CallPolicy;
  readonly #scheduled: ScheduledCalls;
  readonly #intake: Intake;
  readonly #byKey = new Map<string, Promise<Call>>();
  readonly #underWay = new Set<Promise<unknown>>();
  #isStopping = false;

  constructor(parts: PlacingParts) {
    this.#parts = parts;
    const { store, feed, carrier, ownerNumber } = parts;
    const { clock, log } = parts.runtime;
    const network = { isSimulated: carrier.isSimulated, ownerNumber };
    this.#intake = new Intake(clock);
    this.#policy = new CallPolicy(network, store, clock);
    this.#scheduled = new ScheduledCalls({
      store,
      feed,
      carrierName: carrier.name,
      clock,
      log,
      admit: (call) => this.#admit({ ...call, scheduledAt: null }),
      dial: async (call) => {
        parts.audit.note(schedule, { action: 'call-dialed', outcome: 'done', callId: call.callId });
        await this.#dial(call);
      },
    });
  }

  /** Takes up scheduled calls, from here on until `stop`. */
  start(): void {
    this.#scheduled.start();
  }

  /** Places no more calls. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const { clock } = this.#parts.runtime;
    const settled = Promise.allSettled([this.#scheduled.stop(), ...this.#underWay]);
    await inTime(settled, stopPatienceMs, clock);
  }

  /** See `CallControl.rehearse`. */
  async rehearse(request: PlaceRequest): Promise<Verdict> {
    const { verdict } = await this.#judge(this.#completed(request));
    if (verdict.reasons[0]?.rule === 'malformed') insist(verdict);
    return verdict;
  }

  /** See `CallControl.place`. */
  async place(request: PlaceRequest): Promise<Call> {
    const key = request.idempotencyKey?.trim();
    if (!key) return this.#noted(this.#placed(request));
    // Whoever repeats a request that is just being carried out gets its call, and no refusal because of that call.
    for (let first = this.#byKey.get(key); first !== undefined; first = this.#byKey.get(key)) {
      await first.catch(() => undefined);
    }
    const placing = this.#noted(this.#placedOnce(request, key));
    this.#byKey.set(key, placing);
    try {
      return await placing;
    } finally {
      this.#byKey.delete(key);
    }
  }

  async #placedOnce(request: PlaceRequest, key: string): Promise<Call> {
    const { store, feed } = this.#parts;
    const earlier = await store.callByIdempotencyKey(key);
    if (earlier !== undefined) return feed.live(earlier.callId)?.call ?? earlier;
    try {
      return await this.#placed(request);
    } catch (err) {
      // At another server on the same database.
      const first = err instanceof IdempotencyKeyTaken ? await store.callByIdempotencyKey(key) : undefined;
      if (first !== undefined) return first;
      throw err;
    }
  }

  async #placed(request: PlaceRequest): Promise<Call> {
    const { feed, carrier, runtime, spending } = this.#parts;
    const requested = this.#completed(request);
    const { scheduledAt = null } = requested;
    if (scheduledAt === null) await this.#intake.turn();
    const { verdict, onRecord } = await this.#admit(requested);
    let call: Call;
    try {
      insist(verdict);
      call = await feed.begin(runtime.newId('call'), [
        {
          ...requested,
          maxCostUsd: spending.limitOf(requested.maxCostUsd ?? null),
          warnings: verdict.warnings,
        },
        ...(scheduledAt === null ? [{ type: 'dialing-started', carrier: carrier.name } as const] : []),
      ]);
    } finally {
      onRecord();
    }
    if (scheduledAt === null) return this.#dial(call, secretsOf(request.authority));
    feed.release(call.callId);
    this.#scheduled.added(scheduledAt);
    return call;
  }

  /** Lets `stop` wait for it. */
  async #noted<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /** Resolves when a scheduled call is not just being taken up. */
  async settled(callId: string): Promise<void> {
    await this.#scheduled.settled(callId);
  }

  /** Ends a call that waits for its time, if it does; resolves once its end is on record. */
  async cancel(callId: string): Promise<void> {
    await this.#scheduled.cancel(callId);
  }

  #completed(request: PlaceRequest) {
    if (this.#isStopping) throw new ServerStopping();
    const { defaultFrom, recordings, runtime } = this.#parts;
    return completeRequest(request, defaultFrom(), runtime.clock.now(), recordings.isOn, this.#parts);
  }

  async #judge(errand: Errand, admits = false): Promise<Admission> {
    const { to, from, callee = 'business', scheduledAt = null, maxCostUsd = null } = errand;
    const { limits, house, open, feed } = this.#parts;
    const inForce = await limits.read();
    const standing = await house.reasonsAgainst(to, maxCostUsd);
    const dialing = { to, from, callee, scheduledAt };
    const up = () => open.ids.map((callId) => feed.live(callId)?.call.to ?? '');
    const { verdict, onRecord }: Admission =
      admits && standing.length === 0
        ? await this.#policy.admit(dialing, inForce, up)
        : { verdict: await this.#policy.judge(dialing, inForce, up), onRecord: () => {} };
    if (this.#isStopping) {
      onRecord();
      throw new ServerStopping();
    }
    if (standing.length === 0 || verdict.reasons[0]?.rule === 'malformed') return { verdict, onRecord };
    return {
      verdict: { ...verdict, allowed: false, reasons: [...verdict.reasons, ...standing] },
      onRecord,
    };
  }

  /** Asks the gate for a call that somebody wants, and counts a refusal by its first rule, the one that the client is told. */
  async #admit(errand: Errand): Promise<Admission> {
    const admission = await this.#judge(errand, (errand.scheduledAt ?? null) === null);
    const [first] = admission.verdict.reasons;
    if (first !== undefined) this.#parts.runtime.tally.add('dial-refused', first.rule);
    return admission;
  }

  /** The call must be on record as dialing. @returns the call; when the server stops, ended and not dialed */
  async #dial(call: Call, secrets = noSecrets): Promise<Call> {
    const { open, house, feed, runtime } = this.#parts;
    if (this.#isStopping) {
      await endUndialed(call, 'failed', endReason('fault', 'server_stopping'), {
        feed,
        clock: runtime.clock,
      });
      return (await feed.read(call.callId)).call;
    }
    runtime.log.info('call placed', { callId: call.callId, pii: { to: call.to } });
    const dialed = open.take(call, secrets);
    void dialed.dial();
    // The order was given after this call had passed the gate, and before it was among the open ones.
    if (house.stopped !== undefined) dialed.ending.leaveSoon(house.stopped);
    return call;
  }
}
