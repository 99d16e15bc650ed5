import { outcomeWithoutReport } from '../agent/outcome-evidence.ts';
import type { Call } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Carrier, CarrierReport } from '../carriers/carrier.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { UnsettledWords } from '../storage/unsettled-words.ts';
import { reasonOfReport } from './call-end.ts';
import type { CallFeed } from './call-feed.ts';
import { dialedAfterAll } from './unclear-dialing.ts';

const pauseMs = 3000;
const apology = 'I am sorry, there was a technical problem and I have to end this call. Goodbye.';
const triesAtCarrier = 5;

interface RecoveryParts {
  readonly store: CallStore;
  readonly words: UnsettledWords;
  readonly feed: CallFeed;
  readonly carrier: Carrier;
  /** Whether the owner of a call has canceled it meanwhile. */
  readonly isCanceled: (callId: string) => Promise<boolean>;
  readonly runtime: Runtime;
}

/**
 * Settles calls that a process left open which is gone: each call is ended as the carrier tells it, and where it is still
 * up the person hears a sentence and a hang-up, unless they have been put through to another phone. None is dialed again.
 *
 * @param left calls that wait for their time are not among them
 * @returns once the calls are taken up, so that new ones may be placed; `settled` when all have ended
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
  const { feed, store, words, runtime } = parts;
  const log = (await store.eventsOf(call.callId)).map(({ event }) => event);
  // Nobody knows when the line went dead; the last that was recorded of it is the best guess.
  const endedAt = log.at(-1)?.at ?? runtime.clock.now();
  const found = await reasonOf(call, log, parts);
  const isCanceled = call.endingReason === null && (await parts.isCanceled(call.callId));
  const reason = isCanceled ? endReason('owner', 'canceled') : found;
  const transcriptNow = () => feed.live(call.callId)?.transcript ?? [];
  const soFar = await words.of(call.callId);
  for (const turn of transcriptNow()) {
    if (turn.speaker === 'tool' || turn.isSettled) continue;
    const { turnId } = turn;
    const text = soFar.find((said) => said.turnId === turnId)?.text ?? '';
    feed.record(call.callId, { type: 'turn-ended', turnId, text, isInterrupted: text !== '' });
  }
  if (call.outcome === null) {
    const outcome = outcomeWithoutReport(call, reason, transcriptNow());
    feed.record(call.callId, { type: 'outcome-reported', outcome });
  }
  const state = reason.why === 'canceled' ? 'canceled' : call.answeredAt === null ? 'failed' : 'completed';
  feed.record(call.callId, { type: 'call-ended', state, endReason: reason, endedAt });
  await feed.durable(call.callId);
}

async function reasonOf(
  call: Call,
  log: readonly CallEvent[],
  { feed, store, carrier, runtime }: RecoveryParts,
): Promise<EndReason> {
  const restarted = call.endingReason ?? endReason('fault', 'server_restarted');
  // Person and taker talk on through the carrier alone: hanging up would cut them off.
  if (call.endingReason?.why === 'transferred') return restarted;
  if (call.carrier !== carrier.name) return restarted;
  const isOthers = async (carrierCallId: string) => {
    const owner = await store.callByCarrierId(carrier.name, carrierCallId);
    return owner !== undefined && owner.callId !== call.callId;
  };
  for (let tries = 1; tries <= triesAtCarrier; tries++) {
    try {
      const carrierCallId = call.carrierCallId ?? (await dialedAfterAll(call, { carrier, isOthers }));
      if (carrierCallId === undefined) return restarted;
      if (call.carrierCallId === null) feed.record(call.callId, { type: 'call-dialed', carrierCallId });
      const report = await carrier.callReport(carrierCallId);
      if (report?.progress === 'connected') await takeLeave(carrierCallId, carrier);
      else if (report !== undefined && report.progress !== 'ended') await carrier.hangUp(carrierCallId);
      if (report !== undefined && wasOver(call, log, report)) {
        return reasonOfReport(call, report, (report.endedAt ?? 0) - (call.answeredAt ?? 0));
      }
      const why = report?.endedWhy;
      const isUnanswered = call.endingReason === null && call.answeredAt === null;
      return why !== undefined && isUnanswered ? endReason('carrier', why, report?.advice) : restarted;
    } catch (err) {
      runtime.log.warn('the carrier could not be asked about a call left open', { callId: call.callId, err });
      await new Promise<void>((resolve) => runtime.clock.after(pauseMs, resolve));
    }
  }
  return restarted;
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
