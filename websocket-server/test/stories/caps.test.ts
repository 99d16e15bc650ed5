import { plays, scripted } from '@mcp-telephone/simulator';
import type { PhoneNetwork } from '@mcp-telephone/simulator';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from './free-port.ts';
import { openPeers } from './peers.ts';
import type { Peers } from './peers.ts';
import { saying } from './sounds.ts';
import { emptyFolder, runServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let peers: Peers;
let port: number;
const folders: { remove: () => Promise<void> }[] = [];
const servers: ServerProcess[] = [];
const url = (path: string) => `http://127.0.0.1:${port}${path}`;

beforeAll(async () => {
  peers = await openPeers({});
  port = await freePort();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill('SIGKILL');
});
afterAll(async () => {
  await peers.close();
  for (const { remove } of folders) await remove();
});

async function newFolder(): Promise<string> {
  const made = await emptyFolder();
  folders.push(made);
  return made.folder;
}

/** A server in a process of its own, so that it can be killed. */
async function serve(folder: string, settings: Record<string, string>): Promise<ServerProcess> {
  const server = runServer('serve', folder, { ...peers.environment(port), DATA_DIR: folder, ...settings });
  servers.push(server);
  await server.writes(/http:\/\/\S+/u);
  return server;
}

async function ask(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) {
  const response = await fetch(url(path), {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const place = () => {
  const agent = scripted(
    [plays(saying('hello', 1000), 'Hello.')],
    [plays(saying('goodbye', 1000), 'Goodbye.')],
  );
  return peers.cast({ agent }, (args) => ask('POST', '/api/calls', args));
};

async function nextLine(network: PhoneNetwork) {
  const line = await network.nextCall();
  await line.reaches('in-progress');
  await line.until(() => (line.heardWords === '' ? undefined : true), 'the agent’s greeting');
  return line;
}

test('stop-all ends live calls with a goodbye, refuses new ones, and holds over a kill until it is taken back', async () => {
  const folder = await newFolder();
  const server = await serve(folder, {});
  expect((await place()).status).toBe(201);
  const line = await nextLine(peers.network);
  const stopped = await ask('POST', '/api/stop-all', { reason: 'A bill to look into.' });
  expect(stopped).toMatchObject({ status: 200, body: { ending: 1 } });
  await line.reaches('completed');
  expect(line.heardWords).toMatch(/^hello( hello)*( goodbye)+$/u);

  const refused = async () => {
    const { status, body } = await place();
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { code: 'not-permitted', details: { rule: 'stopped' } } });
    expect(JSON.stringify(body)).toMatch(/A bill to look into\. .*\/api\/resume/u);
  };
  await refused();
  await server.kill('SIGKILL');
  await serve(folder, {});
  await refused();
  expect(await ask('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { missing: [{ part: 'stopped' }] },
  });
  expect((await ask('GET', '/api/costs')).body).toMatchObject({
    stopped: { reason: 'A bill to look into.' },
  });
  expect(await (await fetch(url('/metrics'))).text()).toMatch(/^telephone_stopped 1$/mu);
  const { body } = await ask('GET', '/api/calls');
  expect(body).toMatchObject({ calls: [{ state: 'canceled', endReason: { by: 'owner', why: 'canceled' } }] });
  await ask('POST', '/api/resume');
  expect((await place()).status).toBe(201);
  await peers.network.nextCall();
  expect((await ask('GET', '/readyz')).status).toBe(200);
});

test('the cap of a day ends live calls, refuses new ones, counts over a restart, and is lifted by the operator', async () => {
  const folder = await newFolder();
  const cap = { MAX_COST_PER_DAY_USD: '0.0141' };
  const server = await serve(folder, cap);
  expect((await place()).status).toBe(201);
  const line = await peers.network.nextCall();
  await line.reaches('completed');
  const refused = async () => {
    const { status, body } = await place();
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { details: { rule: 'cost-per-day' } } });
    expect(JSON.stringify(body)).toMatch(/0\.0141 USD is the limit of a day.*MAX_COST_PER_DAY_USD/u);
  };
  await refused();
  const { body } = await ask('GET', '/api/calls');
  expect(body).toMatchObject({ calls: [{ endReason: { by: 'limit', why: 'cost_limit' } }] });
  await server.kill('SIGKILL');
  const again = await serve(folder, cap);
  await refused();
  await again.kill('SIGTERM');
  await serve(folder, { MAX_COST_PER_DAY_USD: '5', MAX_COST_PER_CALL_USD: '0.5' });
  expect((await place()).status).toBe(201);
  await peers.network.nextCall();
  const tooDear = await ask('POST', '/api/calls', { to: '+14155552000', goal: 'Talk', maxCostUsd: 1 });
  expect(tooDear).toMatchObject({ status: 403, body: { error: { details: { rule: 'cost-per-call' } } } });
});

test('countries saved in the page hold from the next call on, over a restart, and until they are taken back', async () => {
  const folder = await newFolder();
  const elsewhere = { to: '+493012345678', goal: 'Talk', callee: 'self' };
  const save = (limits: object) => ask('PATCH', '/api/settings/limits', limits);
  const refused = async () => {
    const { status, body } = await ask('POST', '/api/calls', elsewhere);
    expect(status).toBe(403);
    expect(JSON.stringify(body)).toMatch(/country of this number are not allowed.*\/settings.*\[country\]/u);
  };
  const server = await serve(folder, { CALLS_PER_HOUR: '50' });
  expect((await ask('POST', '/api/calls', { ...elsewhere, dryRun: true })).body).toMatchObject({
    allowed: true,
  });
  expect(await save({ ALLOWED_COUNTRIES: ['US'] })).toMatchObject({ status: 200 });
  await refused();
  expect((await place()).status).toBe(201);
  await peers.network.nextCall();
  const fixed = await save({ CALLS_PER_HOUR: 5 });
  expect(fixed).toMatchObject({
    status: 409,
    body: { error: { code: 'limits-fixed', details: { fields: { CALLS_PER_HOUR: expect.any(String) } } } },
  });
  const wrong = await save({ ALLOWED_COUNTRIES: ['UK'], CALLS_PER_DAY: 0 });
  expect(wrong).toMatchObject({
    status: 400,
    body: { error: { details: { fields: { ALLOWED_COUNTRIES: expect.stringContaining('UK') } } } },
  });
  const { body: audit } = await ask('GET', '/api/audit?action=limits-changed&outcome=done');
  expect(audit).toMatchObject({
    entries: [{ detail: 'ALLOWED_COUNTRIES: default → US', name: 'this machine' }],
  });
  await server.kill('SIGKILL');

  await serve(folder, {});
  await refused();
  expect((await ask('GET', '/api/settings/limits')).body).toMatchObject({
    limits: expect.arrayContaining([
      { variable: 'ALLOWED_COUNTRIES', value: ['US'], default: '*', source: 'saved' },
      { variable: 'CALLS_PER_HOUR', value: null, default: null, source: 'default' },
    ]),
  });
  await save({ ALLOWED_COUNTRIES: null });
  expect((await ask('POST', '/api/calls', { ...elsewhere, dryRun: true })).body).toMatchObject({
    allowed: true,
  });
});
