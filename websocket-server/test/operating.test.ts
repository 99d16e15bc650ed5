import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { VoiceUsage } from '../src/call/cost.ts';
import { endReason } from '../src/call/end-reason.ts';
import { requested, serve } from './http-fakes.ts';

/** What an operator is given in `deploy/`, checked by Prometheus's own tool where it is there. */

const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));
const rulesFile = `${deploy}prometheus/alerts.yml`;
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

async function promtool(args: readonly string[], input = ''): Promise<{ code: number; said: string }> {
  const child = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

/** `/metrics` after a call that had everything happen to it. */
async function metricsText(): Promise<string> {
  const { url, control, close } = await serve();
  onTestFinished(() => close());
  const callId = 'call_a';
  control.record(requested(callId));
  const at = 2000;
  control.record({ type: 'call-answered', callId, sequence: 2, at });
  for (const sequence of [3, 4]) {
    control.record({ type: 'voice-session-opened', callId, sequence, at, model: 'm', sessionId: 's' });
    control.record({ type: 'media-stream-opened', callId, sequence, at, streamId: 'st' });
  }
  const reply = { modelMs: 300, sentMs: 310, heardMs: 500 };
  control.record({ type: 'reply-timed', callId, sequence: 7, at, turnId: 't', ...reply });
  control.record({ type: 'barge-in', callId, sequence: 8, at, turnId: 't', heardMs: 100 });
  const usage: VoiceUsage = {
    of: 'conversation',
    model: 'm',
    input: { text: 1, audio: 2, image: 0 },
    cached: { text: 0, audio: 1, image: 0 },
    output: { text: 1, audio: 4, image: 0 },
    seconds: null,
    isDetailed: true,
  };
  control.record({ type: 'usage-noted', callId, sequence: 9, at, usage, usd: 0.01 });
  const ending = { state: 'completed', endReason: endReason('person', 'hung_up'), endedAt: 32_000 } as const;
  control.record({ type: 'call-ended', callId, sequence: 10, at: 32_000, ...ending });
  control.tally.add('audio-padded', '', 1500);
  control.tally.add('audio-dropped', 'to-model', 250);
  control.tally.add('model-error', 'open-failed');
  control.tally.add('dial-refused', 'country');
  control.tally.add('mcp-refused', 'missing-scope', 2);
  await fetch(`${url}/api/calls`, { headers: { origin: 'https://evil.example' } });
  return (await fetch(`${url}/metrics`)).text();
}

test('/metrics tells how calls went, what waits, what was lost and what was refused', async () => {
  const lines = (await metricsText()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'telephone_calls_begun_total{direction="outbound"} 1',
      'telephone_calls_begun_total{direction="inbound"} 0',
      'telephone_calls_ended_total{state="completed",by="person",why="hung_up"} 1',
      'telephone_call_duration_seconds_sum 30',
      'telephone_reply_heard_seconds_bucket{le="0.5"} 1',
      'telephone_reply_model_seconds_bucket{le="0.2"} 0',
      'telephone_barge_ins_total 1',
      'telephone_voice_session_replacements_total{why="aged"} 1',
      'telephone_media_stream_replacements_total 1',
      'telephone_audio_padded_seconds_total 1.5',
      'telephone_audio_dropped_seconds_total{direction="to-model"} 0.25',
      'telephone_model_errors_total{kind="open-failed"} 1',
      'telephone_model_errors_total{kind="open-refused"} 0',
      'telephone_dials_refused_total{rule="country"} 1',
      'telephone_mcp_refused_total{reason="missing-scope"} 2',
      'telephone_events_unwritten 3',
      'telephone_audio_waiting_bytes{direction="to-person"} 800',
      'telephone_refused_total{door="request",reason="foreign-origin"} 1',
      'telephone_cost_usd_total{part="model"} 0.01',
      'telephone_ready{part="storage"} 1',
    ]),
  );
});

test('a scrape takes nothing away: the second tells the same counts', async () => {
  const { url, control, close } = await serve();
  onTestFinished(() => close());
  control.tally.add('audio-dropped', 'to-person', 1000);
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('telephone_audio_dropped_seconds_total{direction="to-person"} 1\n');
  }
});

test.skipIf(!hasPromtool)('/metrics passes promtool', async () => {
  const { code, said } = await promtool(['check', 'metrics'], await metricsText());
  expect(said).toBe('');
  expect(code).toBe(0);
});

test.skipIf(!hasPromtool)('the alert rules pass promtool, and fire when they should', async () => {
  const checked = await promtool(['check', 'rules', '--lint=all', '--lint-fatal', rulesFile]);
  expect(checked, checked.said).toMatchObject({ code: 0 });
  const tested = await promtool(['test', 'rules', `${deploy}prometheus/alerts.test.yml`]);
  expect(tested, tested.said).toMatchObject({ code: 0 });
});

/** The metrics of ours that a text names, however they are aggregated. */
function metricsNamedIn(text: string): ReadonlySet<string> {
  const names = text.match(/\b(?:telephone|process|nodejs)_[a-z\d_]+/gu) ?? [];
  return new Set(names.map((name) => name.replace(/_(?:bucket|sum|count)$/u, '')));
}

test('dashboard, alerts and their guide name only metrics that /metrics exports, and the guide names every alert', async () => {
  const exported = new Set([...(await metricsText()).matchAll(/^# TYPE (\S+)/gmu)].map(([, name]) => name));
  const guide = await readFile(`${deploy}../docs/guides/operating.md`, 'utf8');
  const rules = await readFile(rulesFile, 'utf8');
  const dashboards = (await readdir(`${deploy}grafana`)).filter((file) => file.endsWith('.json'));
  expect(dashboards).not.toEqual([]);
  for (const file of dashboards) {
    const dashboard = JSON.parse(await readFile(`${deploy}grafana/${file}`, 'utf8')) as { panels: Panel[] };
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(10);
    expect([...metricsNamedIn(queries.join('\n'))].filter((name) => !exported.has(name))).toEqual([]);
  }
  expect(metricsNamedIn(rules).size).toBeGreaterThan(8);
  for (const text of [rules, guide]) {
    expect([...metricsNamedIn(text)].filter((name) => !exported.has(name))).toEqual([]);
  }
  const alerts = [...rules.matchAll(/^\s*- alert: (\S+)/gmu)].map(([, name = '']) => name);
  expect(alerts.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

interface Panel {
  readonly id: number;
  readonly targets?: readonly { readonly expr: string }[];
}
