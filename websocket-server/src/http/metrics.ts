import { Counter, Gauge, Histogram, collectDefaultMetrics } from 'prom-client';
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

  const bargeIns = new Counter({
    name: 'telephone_barge_ins_total',
    help: 'Times that a person talked over the agent, since the process started',
    registers: [registry],
  });
  const reply = replyHistograms(registry);

  let isLive = false;
  return control.watch(
    { isPatient: true },
    {
      event(event) {
        if (!isLive) return;
        if (event.type === 'call-ended') {
          ended.inc({ state: event.state, by: event.endReason.by, why: event.endReason.why });
        } else if (event.type === 'barge-in') {
          bargeIns.inc();
        } else if (event.type === 'reply-timed') {
          reply.model.observe(event.modelMs / 1000);
          reply.sent.observe(event.sentMs / 1000);
          reply.heard.observe(event.heardMs / 1000);
        }
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

/** The way of a reply, from the person's last word on; s, as Prometheus counts time. */
function replyHistograms(registry: Registry) {
  const histogram = (stage: string, help: string) =>
    new Histogram({
      name: `telephone_reply_${stage}_seconds`,
      help: `From the end of the person's words until ${help}`,
      buckets: [0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5, 2, 3, 5],
      registers: [registry],
    });
  return {
    model: histogram('model', 'the first audio came from the model'),
    sent: histogram('sent', 'the first audio had been handed to the carrier'),
    heard: histogram('heard', 'the carrier told that the first piece had been heard'),
  };
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
