import { once } from 'node:events';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { AuditEntry } from '../../src/storage/audit-store.ts';
import { setStage } from './stage.ts';

const { stage, story } = setStage({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });

interface Page {
  readonly entries: readonly AuditEntry[];
  readonly nextCursor: number | null;
}

async function audited(query = ''): Promise<Page> {
  const response = await fetch(`${stage().url}/api/audit${query}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Page;
}

const briefly = ({ action, outcome, detail, door }: AuditEntry) =>
  [action, outcome, detail, door].filter((word) => word !== null).join(' ');

function post(path: string, body: unknown, method = 'POST'): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const init: RequestInit = { method, headers, body: JSON.stringify(body) };
  return fetch(`${stage().url}${path}`, init);
}

story('who placed, steered, heard and read a call is told, by whatever door they came', async ({ place }) => {
  const { client, url } = stage();
  const call = await place({ goal: 'Ask about the marzipan' });
  await call.connected();
  const { callId } = call;
  const listener = new WebSocket(`${url.replace('http', 'ws')}/phone/listen?callId=${callId}`);
  await once(listener, 'message');
  listener.send(JSON.stringify({ type: 'take-over' }));
  await once(listener, 'message');
  listener.close();
  await once(listener, 'close');
  const watcher = new WebSocket(`${url.replace('http', 'ws')}/logs?callId=${callId}`);
  await once(watcher, 'message');
  watcher.close();
  await client.resultOf('telephony.control', { callId, action: 'guide', value: 'Be brief' });
  await post(`/api/calls/${callId}/control`, { action: 'say', value: 'One moment' });
  await fetch(`${url}/api/calls/${callId}`, { headers: { 'sec-fetch-site': 'same-origin' } });
  await client.resultOf('telephony.transcript', { callId });
  await client.client.readResource({ uri: `call://${callId}/transcript` });
  await client.resultOf('telephony.cancel', { callId });

  const { entries } = await audited(`?callId=${callId}`);
  expect(entries.toReversed().map(briefly)).toEqual([
    'call-placed done mcp',
    'call-listened-to done api',
    'call-taken-over done api',
    'calls-followed done api',
    'call-steered done guide mcp',
    'call-steered done say api',
    'transcript-read done page',
    'transcript-read done mcp',
    'call-canceled done mcp',
  ]);
  for (const entry of entries) {
    expect(entry).toMatchObject({ by: 'machine', name: 'this machine', address: '127.0.0.1', callId });
  }
  const told = JSON.stringify(entries);
  expect(told).not.toContain(call.line.to.slice(1));
  expect(told).not.toMatch(/marzipan|brief|moment/u);
});

story('a call that waits for its time is dialed by the schedule', async ({ place }) => {
  const call = await place({ scheduleAt: new Date(Date.now() + 1500).toISOString() });
  await call.reaches('call-dialed', 1, 60_000);
  const { entries } = await audited(`?callId=${call.callId}`);
  expect(entries.toReversed().map(briefly)).toEqual(['call-placed done mcp', 'call-dialed done schedule']);
});

story('what was refused, changed and stopped is told with its reason, by page and filter', async () => {
  const { client } = stage();
  const emergency = { to: '+911', goal: 'Say hello' };
  await client.refusalOf('telephony.call', emergency);
  await post('/api/calls', emergency);
  await post('/api/do-not-call', { number: '+14155559797' });
  await post('/api/settings', { version: -1 }, 'PUT');
  await post('/api/stop-all', {});
  await post('/api/resume', {});
  const { entries } = await audited('?limit=6');
  expect(entries.toReversed().map(briefly)).toEqual([
    expect.stringMatching(/^call-placed refused (?:not-permitted: .+|invalid-request) mcp$/u),
    expect.stringMatching(/^call-placed refused (?:not-permitted: .+|invalid-request) api$/u),
    'number-barred done api',
    'settings-changed refused invalid-request api',
    'calls-stopped done api',
    'calls-resumed done api',
  ]);
  // Any digits may come in a row in a time.
  const told = JSON.stringify(entries.map((entry) => ({ ...entry, at: null })));
  expect(told).not.toMatch(/911|4155559797/u);

  const first = await audited('?limit=2');
  const second = await audited(`?limit=2&before=${first.nextCursor}`);
  expect([...first.entries, ...second.entries].map(({ at }) => at)).toEqual(
    [...first.entries, ...second.entries].map(({ at }) => at).toSorted((one, other) => other - one),
  );
  expect(first.entries[0]).not.toEqual(second.entries[0]);
  const stops = await audited('?action=calls-stopped&outcome=done&door=api');
  expect(stops.entries).toHaveLength(1);
  expect((await fetch(`${stage().url}/api/audit?door=window`)).status).toBe(400);
  const unstorable = ['audit?name=', 'do-not-call?after=', 'webhooks/deliveries?callId='];
  const answers = unstorable.map((query) => fetch(`${stage().url}/api/${query}%00`));
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([400, 400, 400]);
});
