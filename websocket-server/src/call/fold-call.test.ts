import { describe, expect, test } from 'vitest';
import type { Call, CallState } from './call.ts';
import { durationSeconds, isEnded, unconfirmedEndSentence } from './call.ts';
import type { CallEvent, CallHappening } from './call-event.ts';
import { noTokens } from './cost.ts';
import type { CallCost, VoiceUsage } from './cost.ts';
import { endReason } from './end-reason.ts';
import { foldCall } from './fold-call.ts';

const requested: CallHappening = {
  type: 'call-requested',
  to: '+14155550100',
  from: '+14155550199',
  errand: {
    goal: 'Book a table',
    context: {},
    instructions: null,
    voicemail: { action: 'hang_up' },
    voice: null,
    language: null,
    resultSchema: null,
  },
  maxDurationSeconds: 180,
  ringTimeoutSeconds: 45,
  idempotencyKey: null,
};
const hungUp: CallHappening = {
  type: 'call-ended',
  state: 'completed',
  endReason: endReason('person', 'hung_up'),
  endedAt: 9000,
};

function fold(...happenings: CallHappening[]): Call {
  const events = happenings.map((happening, index) => event(happening, index + 1));
  const call = events.reduce<Call | undefined>((before, next) => foldCall(before, next), undefined);
  if (call === undefined) throw new Error('no events');
  return call;
}

function event(happening: CallHappening, sequence: number): CallEvent {
  return { ...happening, callId: 'call1', sequence, at: sequence * 1000 };
}

test.each<[string, CallHappening, boolean]>([
  ['has no word of it once the carrier has confirmed its end', hungUp, false],
  ['says so where the carrier never did', { ...hungUp, isUnconfirmed: true }, true],
])('a call whose hang-up the carrier did not confirm %s', (_, end, isUnconfirmed) => {
  const going = [requested, { type: 'hang-up-unconfirmed' }] as const;
  expect(fold(...going).isEndUnconfirmed).toBe(true);
  expect(unconfirmedEndSentence(fold(...going))).toMatch(/may still ring or be off the hook/u);
  const ended = fold(...going, end);
  expect(ended.isEndUnconfirmed).toBe(isUnconfirmed);
  expect(unconfirmedEndSentence(ended) === null).toBe(!isUnconfirmed);
});

describe('the state of a call', () => {
  const dialing: CallHappening = { type: 'dialing-started', carrier: 'twilio' };
  const ringing: CallHappening = { type: 'call-ringing' };
  const answered: CallHappening = { type: 'call-answered' };

  test.each<[string, CallHappening[], CallState]>([
    ['is queued when requested', [requested], 'queued'],
    ['is dialing once the carrier is asked', [requested, dialing], 'dialing'],
    ['is ringing when it rings', [requested, dialing, ringing], 'ringing'],
    ['is connected when answered without having rung', [requested, dialing, answered], 'connected'],
    ['stays connected when ringing is told late', [requested, dialing, answered, ringing], 'connected'],
    [
      'stays completed whatever comes late',
      [requested, dialing, answered, hungUp, answered, ringing],
      'completed',
    ],
  ])('%s', (_, happenings, state) => {
    expect(fold(...happenings).state).toBe(state);
  });

  test('is not touched by an event that brings nothing new, so that nobody stores it', () => {
    const call = fold(requested, dialing, answered);
    expect(foldCall(call, event(ringing, 9))).toBe(call);
    expect(foldCall(call, event(answered, 9))).toBe(call);
  });

  test('stays canceled when the carrier says completed afterwards', () => {
    const canceled: CallHappening = {
      ...hungUp,
      state: 'canceled',
      endReason: endReason('owner', 'canceled'),
    };
    const call = fold(requested, dialing, answered, canceled, hungUp);
    expect(call.state).toBe('canceled');
    expect(call.endReason?.by).toBe('owner');
  });

  test('takes the carrier’s id also when ringing was told before it', () => {
    const call = fold(requested, dialing, ringing, { type: 'call-dialed', carrierCallId: 'CA1' });
    expect(call).toMatchObject({ state: 'ringing', carrierCallId: 'CA1' });
  });

  test('keeps the first reason under which we hung up', () => {
    const call = fold(
      requested,
      dialing,
      { type: 'hang-up-requested', endReason: endReason('owner', 'canceled') },
      { type: 'hang-up-requested', endReason: endReason('limit', 'max_duration') },
    );
    expect(call.endingReason?.by).toBe('owner');
  });

  test('keeps an outcome that is known only after the end', () => {
    const outcome = { status: 'confirmed', summary: 'Booked.', entities: {} } as const;
    const call = fold(requested, dialing, answered, hungUp, { type: 'outcome-reported', outcome });
    expect(call.outcome).toEqual(outcome);
    expect(isEnded(call)).toBe(true);
  });
});

test('a call lasts from its answer to its end, however late the end was recorded', () => {
  const call = fold(
    requested,
    { type: 'dialing-started', carrier: 'twilio' },
    { type: 'call-answered' },
    hungUp,
  );
  expect(durationSeconds(call, 99_000)).toBe(6);
});

test('a call that nobody answered has no duration', () => {
  expect(durationSeconds(fold(requested), 99_000)).toBe(0);
});

test('a call tells how long the person waited for replies', () => {
  const reply = (heardMs: number): CallHappening => ({
    type: 'reply-timed',
    turnId: 'turn1',
    modelMs: 1,
    sentMs: 2,
    heardMs,
  });
  expect(fold(requested).replies).toBeUndefined();
  expect(fold(requested, reply(900), reply(300), reply(600)).replies).toEqual({
    count: 3,
    lastMs: 600,
    meanMs: 600,
    longestMs: 900,
  });
});

describe('the cost of a call', () => {
  const answered: CallHappening = { type: 'call-answered' };
  const dialing: CallHappening = { type: 'dialing-started', carrier: 'twilio' };
  const usage: VoiceUsage = {
    of: 'conversation',
    model: 'gpt-realtime-2.1',
    input: noTokens,
    cached: noTokens,
    output: noTokens,
    seconds: null,
    isDetailed: true,
  };
  const used = (usd: number | null): CallHappening => ({ type: 'usage-noted', usage, usd });
  const billed = (usd: number | null, isEstimate: boolean): CallHappening => ({
    type: 'carrier-cost-noted',
    usd,
    isEstimate,
  });

  test.each<[string, CallHappening[], Partial<CallCost>]>([
    ['is nothing before it is answered', [dialing], { usd: 0, isEstimate: true }],
    [
      'is not known between the answer and the first estimate of the carrier’s part',
      [dialing, answered],
      { usd: null, carrierUsd: null },
    ],
    [
      'is the sum of its responses and its minutes',
      [dialing, answered, billed(0.014, true), used(0.1), used(0.2)],
      { usd: 0.314, modelUsd: 0.3, carrierUsd: 0.014, isEstimate: true, unknown: null },
    ],
    [
      'is the carrier’s own price in the end, also after the call',
      [dialing, answered, billed(0.028, true), used(0.1), hungUp, billed(0.02, false)],
      { usd: 0.12, carrierUsd: 0.02, isEstimate: false },
    ],
    [
      'does not fall back to an estimate',
      [dialing, answered, billed(0.02, false), billed(0.028, true)],
      { carrierUsd: 0.02, isEstimate: false },
    ],
    [
      'is final at once when nobody answered',
      [dialing, hungUp],
      { usd: 0, carrierUsd: 0, isEstimate: false },
    ],
    [
      'is not known as a whole when a model has no price',
      [dialing, answered, billed(0.014, true), used(0.1), used(null), used(0.1)],
      {
        usd: null,
        modelUsd: null,
        carrierUsd: 0.014,
        unknown: 'The price of the voice model "gpt-realtime-2.1" is not known.',
      },
    ],
    [
      'is known as a whole once a carrier without a rate has told its price',
      [dialing, answered, billed(null, true), used(0.1), hungUp, billed(0.05, false)],
      { usd: 0.15, carrierUsd: 0.05, isEstimate: false, unknown: null },
    ],
  ])('%s', (_, happenings, cost) => {
    expect(fold(requested, ...happenings).cost).toMatchObject(cost);
  });

  test('changes nothing else of a call that has ended', () => {
    const before = fold(requested, dialing, answered, billed(0.014, true), hungUp);
    const after = foldCall(before, event(billed(0.02, false), 9));
    expect({ ...after, cost: before.cost, sequence: before.sequence }).toEqual(before);
    expect(foldCall(after, event(billed(0.02, false), 10))).toBe(after);
  });
});
