import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import type { CarrierReport } from '../carriers/carrier.ts';
import { foldCall } from '../call/fold-call.ts';
import type { Call } from '../call/call.ts';
import type { EndReason } from '../call/end-reason.ts';
import { silentLog } from '../lib/log.ts';
import { requested } from '../../test/contracts/call-store-story.ts';
import { Dialing } from './dialing.ts';

const minuteMs = 60_000;

function answeredCall(): Call {
  const place = { callId: 'call_1', at: 0 };
  let call = foldCall(undefined, { ...requested(), ...place, sequence: 1 });
  call = foldCall(call, { type: 'call-dialed', carrierCallId: 'CA1', ...place, sequence: 2 });
  return foldCall(call, { type: 'call-answered', ...place, sequence: 3 });
}

/** A call that was dialed and answered, whose end nobody told; `asked` are the minutes at which the carrier was asked. */
async function overdueCall(report: () => Promise<CarrierReport>) {
  const clock = new ManualClock(0);
  const asked: number[] = [];
  const ends: EndReason[] = [];
  const reports: CarrierReport[] = [];
  const timers = new Map<string, () => void>();
  const call = answeredCall();
  const record = {
    callId: call.callId,
    call,
    get isOver() {
      return ends.length > 0;
    },
    get upMs() {
      return clock.elapsed();
    },
    stopTimer: (name: string) => timers.get(name)?.(),
    startTimer: (name: string, ms: number, task: () => void | Promise<void>) => {
      record.stopTimer(name);
      timers.set(
        name,
        clock.after(ms, () => void task()),
      );
    },
  };
  const carrier = {
    name: 'fake',
    placeCall: async () => ({ carrierCallId: 'CA1' }),
    findCalls: async () => [],
    callReport: async () => {
      asked.push(clock.elapsed() / minuteMs);
      return report();
    },
  };
  const dialing = new Dialing(
    record,
    { carrier, clock, log: silentLog, detectsMachines: false, isOthers: async () => false },
    {
      dialed: () => {},
      reported: (report) => void reports.push(report),
      end: (reason) => void ends.push(reason),
      giveUp: (reason) => void ends.push(reason),
      hangUp: async (reason) => void ends.push(reason),
    },
  );
  dialing.answered();
  const passes = async (minutes: number) => {
    for (let seconds = 0; seconds < minutes * 60; seconds++) {
      clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { asked, ends, reports, passes };
}

test('a carrier that cannot be reached is asked about an overdue call ever more seldom, and then the call is taken to be over', async () => {
  const { asked, ends, passes } = await overdueCall(() => Promise.reject(new Error('unreachable')));
  await passes(60);
  expect(asked).toHaveLength(10);
  const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
  expect(pauses.at(-1)).toBe(5);
  expect(ends).toMatchObject([
    { by: 'carrier', why: 'carrier_error', message: expect.stringMatching(/could not be asked/u) },
  ]);
});

test('a carrier that answers again after a while tells how an overdue call ended', async () => {
  let tries = 0;
  const { reports, passes } = await overdueCall(async () => {
    if (++tries < 4) throw new Error('unreachable');
    return { carrierCallId: 'CA1', progress: 'ended' };
  });
  await passes(10);
  expect(tries).toBe(4);
  expect(reports).toMatchObject([{ progress: 'ended' }]);
});
