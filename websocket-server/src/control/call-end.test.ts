import { expect, test } from 'vitest';
import type { Call } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { CarrierReport } from '../carriers/carrier.ts';
import { endStateOf, reasonOfReport } from './call-end.ts';

const ended: CarrierReport = { carrierCallId: 'c1', progress: 'ended' };
const call = (given: Partial<Call>) =>
  ({ answeredAt: 1, endingReason: null, maxDurationSeconds: 60, ...given }) as Call;
const asked = { endingReason: endReason('owner', 'canceled') };
const unanswered = { answeredAt: null };

test.each<[string, Partial<Call>, Partial<CarrierReport>, number, object]>([
  ['a call that ran', {}, {}, 20_000, { by: 'person', why: 'hung_up' }],
  ['the carrier’s cut at the limit', {}, {}, 58_500, { by: 'limit', why: 'max_duration' }],
  ['a hang-up that we asked for', asked, {}, 20_000, { by: 'owner', why: 'canceled' }],
  ['our hang-up, told as no answer', asked, { endedWhy: 'no_answer' }, 0, { by: 'owner', why: 'canceled' }],
  [
    'a call that nobody answered',
    unanswered,
    { endedWhy: 'no_answer' },
    0,
    { by: 'carrier', why: 'no_answer' },
  ],
  ['a call that ran, and nobody told of its answer', unanswered, {}, 0, { by: 'person', why: 'hung_up' }],
  ['a busy line', unanswered, { endedWhy: 'busy' }, 0, { by: 'carrier', why: 'busy' }],
  ['a person who declined', unanswered, { endedWhy: 'declined' }, 0, { by: 'person', why: 'declined' }],
  [
    'a fault of the network',
    unanswered,
    { endedWhy: 'carrier_error', advice: 'Try later.' },
    0,
    { by: 'carrier', why: 'carrier_error', message: 'Try later.' },
  ],
])('%s ends for its own reason', (_what, of, report, upMs, reason) => {
  expect(reasonOfReport(call(of), { ...ended, ...report }, upMs)).toMatchObject(reason);
});

test.each<[Partial<Call>, object, boolean, string]>([
  [{}, endReason('person', 'hung_up'), true, 'completed'],
  [{}, endReason('limit', 'max_duration'), true, 'completed'],
  [{}, endReason('fault', 'model_error'), false, 'failed'],
  [unanswered, endReason('carrier', 'busy'), false, 'failed'],
  [{}, endReason('owner', 'canceled'), true, 'canceled'],
])('a call %o that ended by %o, with talk: %s, is %s', (of, reason, hasTalked, state) => {
  expect(endStateOf(call(of), reason as ReturnType<typeof endReason>, hasTalked)).toBe(state);
});
