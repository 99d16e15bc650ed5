import { isEnded } from '../call/call.ts';
import type {
  AnsweredCall,
  CarrierReport,
  MachineVerdict,
  MediaStream,
  MediaStreamListener,
  StreamClaim,
  SwitchBoard,
} from '../carriers/carrier.ts';
import { inTime } from '../lib/patience.ts';
import type { Runtime } from '../lib/runtime.ts';
import { inboundErrandOf } from '../settings/inbound-agent.ts';
import type { SettingsBook } from '../settings/settings-book.ts';
import type { CallStore } from '../storage/call-store.ts';
import { apology } from './call-ending.ts';
import type { CallFeed } from './call-feed.ts';
import type { House } from './house.ts';
import type { InboundDesk } from './inbound-desk.ts';
import type { OpenCalls } from './open-calls.ts';
import { mostCallsAtOnce } from './policy/call-policy.ts';
import type { LimitsReading } from './policy/limits-book.ts';
import type { Recordings } from './recordings.ts';
import type { StreamClaims } from './stream-claims.ts';

interface CarrierOfficeParts {
  readonly store: Pick<CallStore, 'call' | 'callByCarrierId'>;
  readonly feed: CallFeed;
  readonly open: OpenCalls;
  readonly house: House;
  readonly claims: StreamClaims;
  readonly inbound: InboundDesk;
  readonly limits: Pick<LimitsReading, 'read'>;
  readonly recordings: Pick<Recordings, 'fetch'>;
  readonly settings: Pick<SettingsBook, 'current'>;
  readonly runtime: Runtime;
}

/** As `SwitchBoard.answered` tells it. */
type Reception = StreamClaim | { readonly sentence: string } | 'reject' | undefined;

/** How long a server that stops waits for calls that are just arriving: a store that stalls does not keep it. */
const stopPatienceMs = 2000;
/** How long two who are to be joined hear it ring for a store that stalls. */
const takenPatienceMs = 1000;
/** How long a call that was placed may be unknown here: its dialing may not be acknowledged yet. Carriers wait longer. */
const acknowledgedMs = 5000;
const lookEveryMs = 50;
const linesBusy = 'All our lines are busy at the moment. Please call again a little later. Goodbye.';

/** Where the carrier's doors report and ask: finds the call that is meant, and takes calls that arrive. */
export class CarrierOffice implements SwitchBoard {
  readonly #parts: CarrierOfficeParts;
  /** Calls between their first word here and their record, by the carrier's ids. */
  readonly #arriving = new Map<string, Promise<Reception>>();
  /** Those of them that the cap let through. */
  #beingTaken = 0;
  #isStopping = false;

  constructor(parts: CarrierOfficeParts) {
    this.#parts = parts;
  }

  /** Takes no more calls that arrive. @returns once those are taken that were just arriving */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await inTime(Promise.allSettled(this.#arriving.values()), stopPatienceMs, this.#parts.runtime.clock);
  }

  reported(report: CarrierReport, callId: string | undefined): void {
    this.#parts.open.find(callId, report.carrierCallId)?.reported(report);
  }

  detected(carrierCallId: string, callId: string | undefined, found: MachineVerdict): void {
    this.#parts.open.find(callId, carrierCallId)?.detected(carrierCallId, found);
  }

  streamFailed(carrierCallId: string, callId: string | undefined, advice: string | undefined): void {
    this.#parts.open.find(callId, carrierCallId)?.streamFailed(carrierCallId, advice);
  }

  recorded(callId: string, recordingId: string): void {
    const { feed, recordings, runtime } = this.#parts;
    feed.read(callId).then(
      ({ call }) => recordings.fetch(call, recordingId),
      (err: unknown) => runtime.log.warn('a recording belongs to no call', { callId, recordingId, err }),
    );
  }

  transferAnswered(callId: string): { readonly briefing: string | null } | undefined {
    return this.#parts.open.get(callId)?.handOver.answered();
  }

  /** On record before the two are joined: whoever finds the call then, after a kill, knows not to hang up on them. */
  async transferTaken(callId: string): Promise<boolean> {
    const { open, feed, runtime } = this.#parts;
    if (!(open.get(callId)?.handOver.taken() ?? false)) return false;
    await inTime(feed.durable(callId), takenPatienceMs, runtime.clock);
    return true;
  }

  transferEnded(callId: string, carrierCallId: string): StreamClaim | undefined {
    return this.#parts.open.get(callId)?.handOver.ended(carrierCallId);
  }

  async answered(answered: AnsweredCall): Promise<Reception> {
    const call = this.#parts.open.find(answered.callId, answered.carrierCallId);
    if (call !== undefined) {
      call.answered(answered.carrierCallId);
      return call.claimStream(answered.carrierCallId);
    }
    if (answered.callId !== undefined) {
      const isHeldHere = this.#parts.open.get(answered.callId) !== undefined;
      return isHeldHere ? undefined : this.#answeredElsewhere(answered.callId);
    }
    if (answered.direction === 'outbound') return this.#placedUnnamed(answered.carrierCallId);
    // A carrier that waited for an answer too long asks again: it is one call all the same.
    const { carrierCallId } = answered;
    const known = this.#arriving.get(carrierCallId);
    if (known !== undefined) return known;
    const arriving = this.#arrive(answered).finally(() => this.#arriving.delete(carrierCallId));
    this.#arriving.set(carrierCallId, arriving);
    return arriving;
  }

  /** A call that was placed, and nobody says which: one of ours, or one that another program on the account has placed. */
  async #placedUnnamed(carrierCallId: string): Promise<Reception> {
    const { open, runtime } = this.#parts;
    const { clock } = runtime;
    const until = clock.elapsed() + acknowledgedMs;
    while (open.all.some((call) => call.carrierCallId === null) && clock.elapsed() < until) {
      await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve));
      const call = open.find(undefined, carrierCallId);
      if (call === undefined) continue;
      call.answered(carrierCallId);
      return call.claimStream(carrierCallId);
    }
    const advice =
      'Whatever placed it should not send it here: calls of this server are placed by telephony.call.';
    runtime.log.warn('a call that this server did not place asked what to do', { carrierCallId, advice });
    return { sentence: apology };
  }

  /**
   * Only the server that holds a call can have it talk. Where that is another one, the person at least hears a sentence,
   * as does one who picks up just after a fault has ended the call.
   */
  async #answeredElsewhere(callId: string): Promise<{ readonly sentence: string } | undefined> {
    const { store, runtime } = this.#parts;
    const call = await store.call(callId);
    if (call === undefined) return undefined;
    if (isEnded(call)) return call.endReason?.by === 'fault' ? { sentence: apology } : undefined;
    const advice = 'Give each server that shares a database a PUBLIC_URL of its own.';
    runtime.log.error('a call was answered at a server that does not hold it', { callId, advice });
    return { sentence: apology };
  }

  attached(claim: StreamClaim, carrierCallId: string, stream: MediaStream): MediaStreamListener | undefined {
    const call = this.#parts.open.get(claim.callId);
    if (call?.carrierCallId !== carrierCallId || !this.#parts.claims.redeem(claim)) return undefined;
    return call.attach(carrierCallId, stream);
  }

  async #arrive(arrived: AnsweredCall): Promise<Reception> {
    const { open, inbound, limits, runtime } = this.#parts;
    if (!inbound.takes(arrived.from)) {
      runtime.log.info('a caller was turned away', { pii: { from: arrived.from } });
      return 'reject';
    }
    const mostAtOnce = mostCallsAtOnce(await limits.read());
    if (this.#isStopping || open.count + this.#beingTaken >= mostAtOnce) return { sentence: linesBusy };
    this.#beingTaken += 1;
    try {
      return await this.#take(arrived);
    } finally {
      this.#beingTaken -= 1;
    }
  }

  async #take(arrived: AnsweredCall): Promise<Reception> {
    const { store, feed, open, house, inbound, settings, runtime } = this.#parts;
    if (await house.isClosed()) return { sentence: linesBusy };
    const known = await store.callByCarrierId(arrived.carrier, arrived.carrierCallId);
    if (known !== undefined) return undefined;
    const { errand, maxDurationSeconds, resumes } = await inbound.errandFor(
      arrived,
      inboundErrandOf(settings.current.inbound),
    );
    const call = await feed.begin(runtime.newId('call'), [
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
    const taken = open.take(call);
    taken.connected();
    return taken.claimStream(arrived.carrierCallId);
  }
}
