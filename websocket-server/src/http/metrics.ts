import { Counter, Gauge, collectDefaultMetrics } from 'prom-client';
import type { Registry } from 'prom-client';
import { callStates, isEnded } from '../call/call.ts';
import type { CallState } from '../call/call.ts';
import type { CallControl } from '../control/call-control.ts';

const openStates = callStates.filter((state) => !isEnded({ state }));

/**
 * Puts the numbers that operators watch into a registry: the process's own, calls by state (asked at each
 * scrape), and calls that ended since this process started.
 *
 * @returns stops counting
 */
export function countCalls(control: CallControl, registry: Registry): () => void {
  collectDefaultMetrics({ register: registry });
  const open = new Gauge({
    name: 'telephone_calls_open',
    help: 'Calls that have not ended, by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await openCallCounts(control);
      for (const [state, count] of counts) this.set({ state }, count);
    },
  });
  for (const state of openStates) open.set({ state }, 0);
  const ended = new Counter({
    name: 'telephone_calls_ended_total',
    help: 'Calls that ended since the process started, by state, and by whom and why they were ended',
    labelNames: ['state', 'by', 'why'],
    registers: [registry],
  });

  let isLive = false;
  return control.watch(
    {},
    {
      event(event) {
        if (!isLive || event.type !== 'call-ended') return;
        ended.inc({ state: event.state, by: event.endReason.by, why: event.endReason.why });
      },
      hint() {},
      caughtUp() {
        isLive = true;
      },
      isSlow: () => false,
      onDropped() {},
    },
  );
}

async function openCallCounts(control: CallControl): Promise<ReadonlyMap<CallState, number>> {
  const counts = new Map<CallState, number>(openStates.map((state) => [state, 0]));
  let before: string | undefined;
  do {
    const page = await control.list({ states: openStates, limit: 200, before });
    for (const { state } of page.calls) counts.set(state, (counts.get(state) ?? 0) + 1);
    before = page.nextCursor ?? undefined;
  } while (before !== undefined);
  return counts;
}
