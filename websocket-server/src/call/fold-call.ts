import { isEnded } from './call.ts';
import type { Call, CallState, LetGo, ReplyTimes } from './call.ts';
import type { CallEvent } from './call-event.ts';
import { noCost, withCarrierCost, withUsage } from './cost.ts';
import { withoutQuotes } from './outcome.ts';

const rank: Record<CallState, number> = {
  queued: 0,
  dialing: 1,
  ringing: 2,
  connected: 3,
  completed: 4,
  canceled: 4,
  failed: 4,
};

/** The events that move a call's state, and where to. */
const movesTo: Partial<Record<CallEvent['type'], CallState>> = {
  'dialing-started': 'dialing',
  'call-dialed': 'dialing',
  'call-ringing': 'ringing',
  'call-answered': 'connected',
};

/**
 * A call after one more event. A state only moves forward: an event that would move it back, or that
 * repeats what is known, changes nothing and returns the same object, so that nobody stores or tells it.
 *
 * @param call undefined before the first event, which is `call-requested` or `call-arrived`
 * @throws TypeError when the first event is neither of these
 */
export function foldCall(call: Call | undefined, event: CallEvent): Call {
  if (event.type === 'call-requested' || event.type === 'call-arrived') return call ?? firstFold(event);
  if (call === undefined) throw new TypeError(`the first event of a call cannot be ${event.type}`);
  if (isEnded(call) && !changesEnded.has(event.type)) return call;
  if (event.type === 'log-let-go' && (!isEnded(call) || isGone(call, event.what))) return call;
  if (event.type === 'hang-up-requested' && call.endingReason !== null) return call;
  if (event.type === 'hang-up-unconfirmed' && call.isEndUnconfirmed === true) return call;
  if (event.type === 'carrier-cost-noted') {
    const cost = withCarrierCost(call.cost, event.usd, event.isEstimate);
    return cost === call.cost ? call : { ...call, cost, sequence: event.sequence };
  }

  const next = { ...call, ...changes(call, event), sequence: event.sequence };
  const state = movesTo[event.type];
  if (state !== undefined) {
    if (rank[state] < rank[call.state]) return keepsNews(call, event) ? { ...next, state: call.state } : call;
    if (rank[state] === rank[call.state] && !keepsNews(call, event)) return call;
    return { ...next, state };
  }
  return next;
}

/** Words that were still on their way when the line went dead, what they came to, and what it all cost. */
const changesEnded: ReadonlySet<CallEvent['type']> = new Set([
  'outcome-reported',
  'turn-ended',
  'turn-started',
  'usage-noted',
  'carrier-cost-noted',
  'log-let-go',
]);

function isGone({ letGo }: Call, what: LetGo): boolean {
  return letGo !== undefined && (letGo.what === 'events' || letGo.what === what);
}

/** A late event may carry a fact even though its state is behind: the carrier's id of the call. */
function keepsNews(call: Call, event: CallEvent): boolean {
  return event.type === 'call-dialed' && call.carrierCallId === null;
}

function changes(call: Call, event: CallEvent): Partial<Call> {
  switch (event.type) {
    case 'dialing-started':
      return { carrier: event.carrier, dialedAt: event.at };
    case 'call-dialed':
      return { carrierCallId: event.carrierCallId, dialedAt: call.dialedAt ?? event.at };
    case 'call-answered':
      if (call.answeredAt !== null) return {};
      // From here on the carrier bills, and nobody has said how much.
      return { answeredAt: event.at, cost: withCarrierCost(call.cost, null, true) };
    case 'answerer-identified':
      return { answeredBy: event.answeredBy };
    case 'recording-started':
      return {
        recording: {
          recordingId: event.recordingId,
          startedAt: event.startedAt ?? event.at,
          storage: event.storage ?? 'local',
        },
      };
    case 'message-left':
      return { isMessageLeft: true };
    case 'question-asked': {
      const { questionId, question, expiresAt } = event;
      return { question: { questionId, question, expiresAt } };
    }
    case 'question-answered':
      return call.question?.questionId === event.questionId ? { question: null } : {};
    case 'reply-timed':
      return { replies: withReply(call.replies, event.heardMs) };
    case 'outcome-reported':
      return { outcome: event.outcome };
    case 'usage-noted':
      return { cost: withUsage(call.cost, event.usage, event.usd) };
    case 'hang-up-requested':
      return { endingReason: call.endingReason ?? event.endReason };
    case 'hang-up-unconfirmed':
      return { isEndUnconfirmed: true };
    case 'call-ended':
      return {
        state: event.state,
        endReason: event.endReason,
        endedAt: event.endedAt,
        question: null,
        ...(call.isEndUnconfirmed !== event.isUnconfirmed && {
          isEndUnconfirmed: event.isUnconfirmed === true,
        }),
        // A carrier bills nothing for a call that nobody answered.
        ...(call.answeredAt === null && { cost: withCarrierCost(call.cost, 0, false) }),
      };
    case 'log-let-go':
      return {
        letGo: { what: event.what, at: event.at },
        outcome: call.outcome && withoutQuotes(call.outcome),
      };
    default:
      return {};
  }
}

function withReply(before: ReplyTimes | undefined, lastMs: number): ReplyTimes {
  const count = (before?.count ?? 0) + 1;
  return {
    count,
    lastMs,
    meanMs: Math.round(((before?.meanMs ?? 0) * (count - 1) + lastMs) / count),
    longestMs: Math.max(before?.longestMs ?? 0, lastMs),
  };
}

function firstFold(event: Extract<CallEvent, { type: 'call-requested' | 'call-arrived' }>): Call {
  const isOutbound = event.type === 'call-requested';
  return {
    callId: event.callId,
    direction: isOutbound ? 'outbound' : 'inbound',
    to: event.to,
    from: event.from,
    errand: event.errand,
    callee: (isOutbound ? event.callee : undefined) ?? 'business',
    scheduledAt: (isOutbound ? event.scheduledAt : undefined) ?? null,
    warnings: (isOutbound ? event.warnings : undefined) ?? [],
    maxDurationSeconds: event.maxDurationSeconds,
    ringTimeoutSeconds: isOutbound ? event.ringTimeoutSeconds : 0,
    idempotencyKey: isOutbound ? event.idempotencyKey : null,
    maxCostUsd: isOutbound ? (event.maxCostUsd ?? null) : null,
    resumes: isOutbound ? null : (event.resumes ?? null),
    state: isOutbound ? 'queued' : 'ringing',
    carrier: isOutbound ? null : event.carrier,
    carrierCallId: isOutbound ? null : event.carrierCallId,
    requestedAt: event.at,
    dialedAt: null,
    answeredAt: null,
    endedAt: null,
    endingReason: null,
    endReason: null,
    outcome: null,
    answeredBy: null,
    recording: null,
    isMessageLeft: false,
    cost: noCost,
    question: null,
    sequence: event.sequence,
  };
}
