import { Counter, Gauge, Histogram, collectDefaultMetrics } from 'prom-client';
import type { Registry } from 'prom-client';
import { callStates, isEnded } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import type { CallControl } from '../control/call-control.ts';
import type { Clock } from '../lib/runtime.ts';
import { answerInTime } from './scrape-patience.ts';

/** Gauges that call themselves totals, which promtool refuses; the same by type is there without. */
const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

const openStates = callStates.filter((state) => !isEnded({ state }));

/**
 * Puts the numbers that operators watch into a registry: the process's own, calls by state (asked at each
 * scrape), and what happened to calls since this process started.
 *
 * @returns stops counting
 */
export function countCalls(control: CallControl, registry: Registry, clock: Clock): () => void {
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  gaugeOpenCalls(control, registry, clock);
  const count = eventCounters(registry);
  return control.watch(
    { isPatient: true, isFromNow: true },
    { event: count, hint() {}, caughtUp() {}, isSlow: () => false, onDropped() {} },
  );
}

function gaugeOpenCalls(control: CallControl, registry: Registry, clock: Clock): void {
  const open = new Gauge({
    name: 'telephone_calls_open',
    help: 'Calls that have not ended, by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await answerInTime(control.countOpen(), clock);
      if (counts !== undefined) for (const state of openStates) this.set({ state }, counts.get(state) ?? 0);
    },
  });
  for (const state of openStates) open.set({ state }, 0);
}

/** What is to be remembered of a call between its events. */
interface Underway {
  answeredAt?: number;
  hasVoice?: boolean;
  hasLostVoice?: boolean;
  hasStream?: boolean;
}

function eventCounters(registry: Registry): (event: CallEvent) => void {
  const registers = [registry];
  const begun = new Counter({
    name: 'telephone_calls_begun_total',
    help: 'Calls that were requested or arrived since the process started',
    labelNames: ['direction'],
    registers,
  });
  for (const direction of ['outbound', 'inbound']) begun.inc({ direction }, 0);
  const ended = new Counter({
    name: 'telephone_calls_ended_total',
    help: 'Calls that ended since the process started, by state, and by whom and why they were ended',
    labelNames: ['state', 'by', 'why'],
    registers,
  });
  const duration = new Histogram({
    name: 'telephone_call_duration_seconds',
    help: 'From the answer to the end of calls that were answered',
    buckets: [5, 15, 30, 60, 120, 180, 300, 600, 1800],
    registers,
  });
  const bargeIns = new Counter({
    name: 'telephone_barge_ins_total',
    help: 'Times that a person talked over the agent, since the process started',
    registers,
  });
  const voiceReplacements = new Counter({
    name: 'telephone_voice_session_replacements_total',
    help: 'Voice sessions that took over in mid-call, since the one before was lost or neared its time limit',
    labelNames: ['why'],
    registers,
  });
  for (const why of ['lost', 'aged']) voiceReplacements.inc({ why }, 0);
  const streamReplacements = new Counter({
    name: 'telephone_media_stream_replacements_total',
    help: 'Media streams that followed another one in the same call: keys were pressed, or it was lost',
    registers,
  });
  const reply = replyHistograms(registry);
  const underway = new Map<string, Underway>();
  const noted = (callId: string, note: Underway) =>
    underway.set(callId, { ...underway.get(callId), ...note });

  return (event) => {
    const before = underway.get(event.callId);
    switch (event.type) {
      case 'call-requested':
        return begun.inc({ direction: 'outbound' });
      case 'call-arrived':
        return begun.inc({ direction: 'inbound' });
      case 'call-answered':
        return void noted(event.callId, { answeredAt: event.at });
      case 'voice-session-lost':
        return void noted(event.callId, { hasLostVoice: true });
      case 'voice-session-opened':
        if (before?.hasVoice) voiceReplacements.inc({ why: before.hasLostVoice ? 'lost' : 'aged' });
        return void noted(event.callId, { hasVoice: true, hasLostVoice: false });
      case 'media-stream-opened':
        if (before?.hasStream) streamReplacements.inc();
        return void noted(event.callId, { hasStream: true });
      case 'barge-in':
        return bargeIns.inc();
      case 'reply-timed':
        reply.model.observe(event.modelMs / 1000);
        reply.sent.observe(event.sentMs / 1000);
        return reply.heard.observe(event.heardMs / 1000);
      case 'call-ended':
        ended.inc({ state: event.state, by: event.endReason.by, why: event.endReason.why });
        if (before?.answeredAt !== undefined) {
          duration.observe(Math.max(0, event.endedAt - before.answeredAt) / 1000);
        }
        underway.delete(event.callId);
    }
  };
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
