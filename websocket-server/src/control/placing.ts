import { noSecrets } from '../agent/secrets.ts';
import type { Call, Callee } from '../call/call.ts';
import type { Carrier } from '../carriers/carrier.ts';
import { ServerStopping } from '../lib/errors.ts';
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
import type { Verdict } from './policy/dial-rule.ts';
import type { LimitsReading } from './policy/limits-book.ts';
import type { Recordings } from './recordings.ts';
import { ScheduledCalls } from './scheduled-calls.ts';
import type { Spending } from './spending.ts';

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
      judge: async (call) => this.#counted(await this.#judge({ ...call, scheduledAt: null })),
      noteUnderWay: (to) => this.#policy.noteUnderWay(to),
      dial: (call) => {
        parts.audit.note(schedule, { action: 'call-dialed', outcome: 'done', callId: call.callId });
        this.#dial(call);
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
    await this.#scheduled.stop();
  }

  /** See `CallControl.rehearse`. */
  async rehearse(request: PlaceRequest): Promise<Verdict> {
    const verdict = await this.#judge(this.#completed(request));
    if (verdict.reasons[0]?.rule === 'malformed') insist(verdict);
    return verdict;
  }

  /** See `CallControl.place`. */
  async place(request: PlaceRequest): Promise<Call> {
    const { store, feed, carrier, runtime, spending } = this.#parts;
    const key = request.idempotencyKey?.trim();
    if (key) {
      const first = await store.callByIdempotencyKey(key);
      if (first !== undefined) return feed.live(first.callId)?.call ?? first;
    }
    const requested = this.#completed(request);
    const { scheduledAt = null } = requested;
    if (scheduledAt === null) await this.#intake.turn();
    const verdict = this.#counted(await this.#judge(requested));
    insist(verdict);
    const onRecord = scheduledAt === null ? this.#policy.noteUnderWay(requested.to) : () => {};
    let call: Call;
    try {
      call = await feed.begin(runtime.newId('call'), [
        {
          ...requested,
          maxCostUsd: spending.limitOf(requested.maxCostUsd ?? null),
          warnings: verdict.warnings,
        },
        ...(scheduledAt === null ? [{ type: 'dialing-started', carrier: carrier.name } as const] : []),
      ]);
    } catch (err) {
      if (err instanceof IdempotencyKeyTaken && key) {
        const first = await store.callByIdempotencyKey(key);
        if (first !== undefined) return first;
      }
      throw err;
    } finally {
      onRecord();
    }
    if (scheduledAt === null) {
      this.#dial(call, secretsOf(request.authority));
    } else {
      feed.release(call.callId);
      this.#scheduled.added(scheduledAt);
    }
    return call;
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

  async #judge(errand: Errand): Promise<Verdict> {
    const { to, from, callee = 'business', scheduledAt = null, maxCostUsd = null } = errand;
    const { limits, house, open, feed } = this.#parts;
    const inForce = await limits.read();
    const standing = await house.reasonsAgainst(to, maxCostUsd);
    const verdict = await this.#policy.judge({ to, from, callee, scheduledAt }, inForce, () =>
      open.ids.map((callId) => feed.live(callId)?.call.to ?? ''),
    );
    if (this.#isStopping) throw new ServerStopping();
    if (standing.length === 0 || verdict.reasons[0]?.rule === 'malformed') return verdict;
    return { ...verdict, allowed: false, reasons: [...verdict.reasons, ...standing] };
  }

  /** Counts a refusal by its first rule, the one that the client is told. */
  #counted(verdict: Verdict): Verdict {
    const [first] = verdict.reasons;
    if (!verdict.allowed && first !== undefined) this.#parts.runtime.tally.add('dial-refused', first.rule);
    return verdict;
  }

  /** The call must be on record as dialing. */
  #dial(call: Call, secrets = noSecrets): void {
    const { open, house, runtime } = this.#parts;
    runtime.log.info('call placed', { callId: call.callId, pii: { to: call.to } });
    const dialed = open.take(call, secrets);
    void dialed.dial();
    // The order was given after this call had passed the gate, and before it was among the open ones.
    if (house.stopped !== undefined) dialed.ending.leaveSoon(house.stopped);
  }
}
