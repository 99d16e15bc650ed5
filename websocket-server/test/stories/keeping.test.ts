import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { says, scripted } from '@mcp-telephone/simulator';
import { afterAll, beforeAll, expect } from 'vitest';
import { silentLog } from '../../src/lib/log.ts';
import type { CallStore } from '../../src/storage/call-store.ts';
import { openStores } from '../../src/storage/index.ts';
import { CallStory, ended, requested, said } from '../contracts/call-store-story.ts';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

/** What is kept of calls, and how it goes: purged by whoever has a right to that. */

const dataDir = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-keeping-'));
const dayMs = 86_400_000;

// Hooks run last come, first served: the stage is closed before its folder goes.
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

// Calls of earlier runs, before the server starts.
beforeAll(async () => {
  const { calls } = await openStores({ databaseUrl: null, dataDir, log: silentLog });
  await tellCallOf(calls, 'call-of-5-days-ago', Date.now() - 5 * dayMs);
  await tellCallOf(calls, 'call-of-20-days-ago', Date.now() - 20 * dayMs);
  await calls.close();
}, 60_000);
const { stage, story } = setStage({
  environment: {
    DATA_DIR: dataDir,
    RECORD_CALLS: 'on',
    RETAIN_TRANSCRIPTS_DAYS: '2',
    RETAIN_CALLS_DAYS: '10',
  },
});

const ask = (method: string, address: string, body?: object) =>
  fetch(`${stage().url}${address}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

/** Which files hold some words. */
function filesWith(words: string): readonly string[] {
  const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' });
  return files.filter((name) => {
    const file = path.join(dataDir, name);
    const found = statSync(file, { throwIfNoEntry: false });
    return found?.isFile() === true && readFileSync(file, 'latin1').includes(words);
  });
}

async function tellCallOf(calls: CallStore, callId: string, endedAt: number): Promise<void> {
  await new CallStory(callId, endedAt - 60_000).tell(
    calls,
    requested({ to: '+14155550166' }),
    { type: 'call-answered' },
    { type: 'turn-started', turnId: 't1', speaker: 'person', afterTurnId: null },
    said('t1', 'The marigold is mine.'),
    ended('completed', endedAt),
  );
}

async function isOver(call: StagedCall): Promise<void> {
  call.person.hangsUp();
  await call.ended();
  await call.line.settled();
}

story('words and calls whose time is over go by themselves, and what is left says so', async () => {
  const statusOf = async (callId: string) => (await ask('GET', `/api/calls/${callId}`)).status;
  await expect.poll(() => statusOf('call-of-20-days-ago'), { timeout: 20_000 }).toBe(404);
  const { client } = stage();
  const read = () => client.resultOf('telephony.transcript', { callId: 'call-of-5-days-ago' });
  await expect
    .poll(read, { timeout: 20_000 })
    .toMatchObject({ transcript: [], noLongerKept: expect.stringContaining('is no longer kept') });
  const status = await client.resultOf('telephony.status', { callId: 'call-of-5-days-ago' });
  expect(status).toMatchObject({ state: 'completed', to: '+14155550166' });
  expect(status['nextAction']).toContain('no longer kept');
});

story('a live call is not purged; one that is over is gone from every file', async () => {
  const call = await stage().place({
    record: true,
    agent: scripted([says('Good day. This call is recorded.')], [says('I will note the heliotrope.')]),
  });
  await call.connected();
  await call.person.hears({ words: /recorded/u });
  await call.reaches('turn-ended');
  await call.person.says('Please order the heliotrope.');
  await call.person.hears({ words: /note/u });

  const early = await ask('DELETE', `/api/calls/${call.callId}`);
  expect(early.status).toBe(409);
  expect(await early.json()).toMatchObject({
    error: { code: 'call-is-live', message: expect.stringContaining('End it first') },
  });

  await isOver(call);
  const { to } = (await call.reading()).call;
  const isRecorded = async () => (await ask('GET', `/api/calls/${call.callId}/recording`)).status;
  await expect.poll(isRecorded, { timeout: 20_000 }).toBe(200);
  expect(filesWith('heliotrope')).not.toEqual([]);
  expect(filesWith(to.slice(1))).not.toEqual([]);
  await ask('POST', '/api/do-not-call', { number: '+14155550177' });

  const purged = await ask('POST', '/api/purge', { number: to });
  expect(await purged.json()).toMatchObject({ calls: 1, recordings: 1 });
  expect(filesWith('heliotrope')).toEqual([]);
  expect(filesWith(to.slice(1))).toEqual([]);
  expect(readdirSync(dataDir, { recursive: true }).filter((name) => String(name).endsWith('.wav'))).toEqual(
    [],
  );
  expect((await ask('GET', `/api/calls/${call.callId}`)).status).toBe(404);
  const costs = (await (await ask('GET', '/api/costs')).json()) as { spent: { todayUsd: number } };
  expect(costs.spent.todayUsd).toBeGreaterThan(0);
});

story('a scheduled call is purged with its time', async () => {
  const scheduleAt = new Date(Date.now() + 7_200_000).toISOString();
  const to = '+14155550178';
  const { callId } = await stage().client.resultOf('telephony.call', { to, goal: 'Ask', scheduleAt });
  const purged = await ask('DELETE', `/api/calls/${String(callId)}`);
  expect(await purged.json()).toMatchObject({ calls: 1 });
  expect(filesWith(to.slice(1))).toEqual([]);
  expect((await ask('GET', `/api/calls/${String(callId)}`)).status).toBe(404);
});

story('a number that is not one is refused, and one that was never rung is no error', async () => {
  expect((await ask('POST', '/api/purge', { number: 'everybody' })).status).toBe(400);
  const none = await ask('POST', '/api/purge', { number: '+1 415 555 0179' });
  expect(await none.json()).toEqual({ calls: 0, recordings: 0, stays: [] });
});
