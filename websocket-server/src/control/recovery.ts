import { outcomeWithoutReport } from '../agent/outcome-evidence.ts';
import type { Call, RecordingStorage } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Carrier, CarrierReport } from '../carriers/carrier.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { UnsettledWords } from '../storage/unsettled-words.ts';
import { reasonOfReport } from './call-end.ts';
import { failuresTold, hangUpPauseMs } from './call-ending.ts';
import type { CallFeed } from './call-feed.ts';
import type { Taking } from './taken-calls.ts';
import { dialedAfterAll } from './unclear-dialing.ts';

const apology = 'I am sorry, there was a technical problem and I have to end this call. Goodbye.';
/** So many failures take about 25 minutes: no call that the carrier was told to limit is up any more by then. */
const mostFailures = 13;

interface RecoveryParts {
  readonly store: CallStore;
  readonly words: UnsettledWords;
  readonly feed: CallFeed;
  readonly carrier: Carrier;
  /** Whether the owner of a call has canceled it meanwhile. */
  readonly isCanceled: (callId: string) => Promise<boolean>;
  /** Follows a call that another phone has taken, to its end. */
  readonly followTaken: (call: Call, taking: Taking) => void;
  readonly recordingStorage: RecordingStorage;
  /** This process goes, too: what is not settled is left to the next one. */
  readonly isStopping: () => boolean;
  readonly runtime: Runtime;
}

/** Why a call ended, and when, ms since 1970; undefined where nobody can tell. */
interface Ending {
  readonly reason: EndReason;
  readonly endedAt?: number | undefined;
  /** The carrier could not be asked. */
  readonly isUnconfirmed?: true;
}

/**
 * Settles calls that a process left open which is gone: each call is ended as the carrier tells it, and where it is still
 * up the person hears a sentence and a hang-up. None is dialed again. Where another phone has taken the call, the two
 * talk on.
 *
 * @param left calls that wait for their time are not among them
 * @returns once the calls are taken up, so that new ones may be placed; `settled` when all have ended but those that
 *   go on at another phone
 */
export async function settleLeftCalls(
  left: readonly Call[],
  parts: RecoveryParts,
): Promise<{ readonly settled: Promise<unknown> }> {
  for (const call of left) await parts.feed.resume(call);
  if (left.length > 0) parts.runtime.log.info('settling calls of an earlier run', { calls: left.length });
  const settled = Promise.all(
    left.map((call) =>
      settle(call, parts).catch((err: unknown) =>
        parts.runtime.log.error('a call left open could not be settled', { callId: call.callId, err }),
      ),
    ),
  ).then(() =>
    parts.words
      .forgetGone()
      .catch((err: unknown) => parts.runtime.log.warn('words of an earlier run are still kept', { err })),
  );
  return { settled };
}

async function settle(call: Call, parts: RecoveryParts): Promise<void> {
  const log = (await parts.store.eventsOf(call.callId)).map(({ event }) => event);
  await settleTurns(call.callId, parts);
  const taken = takingIn(log);
  if (taken !== undefined && (await isUp(call, parts))) {
    await findRecording(call, parts);
    return parts.followTaken(call, taken);
  }
  const found = await endingOf(call, log, parts);
  if (found === undefined) return;
  await findRecording(call, parts);
  const isCanceled = call.endingReason === null && (await parts.isCanceled(call.callId));
  const reason = isCanceled ? endReason('owner', 'canceled') : found.reason;
  // Nobody knows when the line went dead; the last that was recorded of it is the best guess.
  const endedAt = found.endedAt ?? log.at(-1)?.at ?? parts.runtime.clock.now();
  await endLeftCall(call, { ...found, reason, endedAt }, parts.feed);
}

/** Who took the call at another phone, if somebody did. Either event says so: the other may not have been stored yet. */
function takingIn(log: readonly CallEvent[]): Taking | undefined {
  const isTaken = log.some(
    (event) => event.type === 'hang-up-requested' && event.endReason.why === 'transferred',
  );
  const rung = log.findLast((event) => event.type === 'transfer-started');
  return log.findLast((event) => event.type === 'call-transferred') ?? (isTaken ? rung : undefined);
}

/** Nothing more is said to the agent, nor by it. */
async function settleTurns(callId: string, { feed, words }: RecoveryParts): Promise<void> {
  const soFar = await words.of(callId);
  for (const turn of feed.live(callId)?.transcript ?? []) {
    if (turn.speaker === 'tool' || turn.isSettled) continue;
    const { turnId } = turn;
    const text = soFar.find((said) => said.turnId === turnId)?.text ?? '';
    feed.record(callId, { type: 'turn-ended', turnId, text, isInterrupted: text !== '' });
  }
}

/** A recording that began in the instant of the kill is known to the carrier alone. */
async function findRecording(call: Call, parts: RecoveryParts): Promise<void> {
  const { carrier, feed, recordingStorage: storage, runtime } = parts;
  const { callId, carrierCallId, errand, recording } = call;
  if (errand.record !== true || recording !== null || carrierCallId === null) return;
  if (call.carrier !== carrier.name || call.answeredAt === null) return;
  try {
    const [found] = await carrier.recordingsOf(carrierCallId);
    if (found === undefined) return;
    const { recordingId, startedAt = call.answeredAt } = found;
    feed.record(callId, { type: 'recording-started', recordingId, storage, startedAt });
  } catch (err) {
    runtime.log.warn('the carrier could not be asked for the recording of a call left open', { callId, err });
  }
}

/** Puts the end of a call on record that a process has left open. The call must be live in the feed. */
export async function endLeftCall(
  call: Call,
  { reason, endedAt, isUnconfirmed }: Ending & { readonly endedAt: number },
  feed: CallFeed,
): Promise<void> {
  if (call.outcome === null) {
    const outcome = outcomeWithoutReport(call, reason, feed.live(call.callId)?.transcript ?? []);
    feed.record(call.callId, { type: 'outcome-reported', outcome });
  }
  const state = reason.why === 'canceled' ? 'canceled' : call.answeredAt === null ? 'failed' : 'completed';
  feed.record(call.callId, {
    type: 'call-ended',
    state,
    endReason: reason,
    endedAt: Math.max(endedAt, call.answeredAt ?? 0),
    ...(isUnconfirmed && { isUnconfirmed }),
  });
  await feed.durable(call.callId);
}

/** Whether a call goes on at the carrier, as far as is known: a carrier that cannot be asked may still carry it. */
async function isUp({ callId, carrier: name, carrierCallId }: Call, parts: RecoveryParts): Promise<boolean> {
  const { carrier, runtime } = parts;
  if (name !== carrier.name || carrierCallId === null) return false;
  const report = await carrier.callReport(carrierCallId).catch((err: unknown) => {
    runtime.log.warn('the carrier could not be asked about a call left open', { callId, err });
    return { progress: 'connected' };
  });
  return report !== undefined && report.progress !== 'ended';
}

/** @returns undefined where the process stops before the carrier has answered */
async function endingOf(
  call: Call,
  log: readonly CallEvent[],
  { feed, store, carrier, isStopping, runtime }: RecoveryParts,
): Promise<Ending | undefined> {
  const restarted = { reason: call.endingReason ?? endReason('fault', 'server_restarted') };
  if (call.carrier !== carrier.name) return restarted;
  const isOthers = async (carrierCallId: string) => {
    const owner = await store.callByCarrierId(carrier.name, carrierCallId);
    return owner !== undefined && owner.callId !== call.callId;
  };
  for (let failures = 1; failures <= mostFailures; failures++) {
    try {
      const carrierCallId = call.carrierCallId ?? (await dialedAfterAll(call, { carrier, isOthers }));
      if (carrierCallId === undefined) return restarted;
      if (call.carrierCallId === null) feed.record(call.callId, { type: 'call-dialed', carrierCallId });
      const report = await carrier.callReport(carrierCallId);
      if (report?.progress === 'connected') await takeLeave(carrierCallId, carrier);
      else if (report !== undefined && report.progress !== 'ended') await carrier.hangUp(carrierCallId);
      const endedAt = report?.endedAt;
      if (report !== undefined && wasOver(call, log, report)) {
        const reason = reasonOfReport(call, report, (endedAt ?? 0) - (call.answeredAt ?? 0));
        return { reason, endedAt };
      }
      const why = report?.endedWhy;
      const isUnanswered = call.endingReason === null && call.answeredAt === null;
      const reason =
        why !== undefined && isUnanswered ? endReason('carrier', why, report?.advice) : restarted.reason;
      return { reason, endedAt };
    } catch (err) {
      runtime.log.warn('the carrier could not be asked about a call left open', { callId: call.callId, err });
      if (failures === failuresTold) feed.record(call.callId, { type: 'hang-up-unconfirmed' });
      await new Promise<void>((resolve) => runtime.clock.after(hangUpPauseMs(failures), resolve));
      if (isStopping()) return undefined;
    }
  }
  return { ...restarted, isUnconfirmed: true };
}

/**
 * Whether the line went dead while the process was there, which was gone before it had settled the call. When the process
 * dies first the line goes dead, too, but nobody records that the media stream has closed.
 */
function wasOver(call: Call, log: readonly CallEvent[], { progress, endedAt }: CarrierReport): boolean {
  if (progress !== 'ended' || call.answeredAt === null || endedAt === undefined) return false;
  const last = log.findLast(({ type }) => type === 'media-stream-opened' || type === 'media-stream-closed');
  return last?.type === 'media-stream-closed' && endedAt <= (log.at(-1)?.at ?? 0);
}

/** Somebody is still on the line: they hear a sentence before the end. */
async function takeLeave(carrierCallId: string, carrier: Carrier): Promise<void> {
  try {
    await carrier.sayAndHangUp(carrierCallId, apology);
  } catch {
    await carrier.hangUp(carrierCallId);
  }
}
