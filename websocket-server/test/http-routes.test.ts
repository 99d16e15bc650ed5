import { expect, onTestFinished, test } from 'vitest';
import type { MissingPart } from '../src/checkup/readiness.ts';
import type { HttpRooms } from '../src/http/http-doors.ts';
import { CarrierRejected } from '../src/carriers/carrier-errors.ts';
import { InvalidRequest, NotPermitted, ServerStopping } from '../src/lib/errors.ts';
import { rawExchange, requested, serve } from './http-fakes.ts';
import type { Served } from './http-fakes.ts';

async function served(
  rooms: Partial<HttpRooms> = {},
  environment: Record<string, string> = {},
): Promise<Served> {
  const doors = await serve(environment, rooms);
  onTestFinished(() => doors.close());
  return doors;
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

test('a call is placed in the words of the MCP tool', async () => {
  const { url, control } = await served();
  const response = await post(`${url}/api/calls`, {
    to: '+14155550100',
    goal: ' Book a table ',
    from: '+14155550199',
    context: { guests: 2 },
    instructions: 'Be brief',
    timeoutSec: 90,
    idempotencyKey: 'key-1',
    resultSchema: { type: 'object' },
    voicemail: { action: 'leave_message' },
    voice: 'cedar',
    language: 'de-AT',
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('location')).toBe('/api/calls/call_new');
  expect(await response.json()).toEqual({ call: control.calls.get('call_new') });
  expect(control.placed).toEqual([
    {
      to: '+14155550100',
      goal: 'Book a table',
      from: '+14155550199',
      context: { guests: 2 },
      instructions: 'Be brief',
      maxDurationSeconds: 90,
      idempotencyKey: 'key-1',
      resultSchema: { type: 'object' },
      voicemail: { action: 'leave_message', message: null },
      voice: 'cedar',
      language: 'de-AT',
    },
  ]);
});

test('the do-not-call list is read, added to and taken from, and takes only phone numbers', async () => {
  const { url } = await served();
  const list = `${url}/api/do-not-call`;
  const added = await post(list, { number: '+1 415 555 0100', note: 'asked by letter' });
  expect([added.status, await added.json()]).toEqual([201, { number: '+14155550100', wasAdded: true }]);
  expect((await post(list, { number: '+14155550100' })).status).toBe(200);
  expect((await post(list, { number: 'everybody' })).status).toBe(400);
  expect(await (await fetch(list)).json()).toMatchObject({
    entries: [{ number: '+14155550100', addedBy: 'operator', callId: null, note: 'asked by letter' }],
    nextCursor: null,
  });
  const remove = () => fetch(`${list}/%2B14155550100`, { method: 'DELETE' });
  expect(await (await remove()).json()).toEqual({ wasRemoved: true });
  expect((await remove()).status).toBe(404);
});

test('a dry run dials nothing', async () => {
  const { url, control } = await served();
  const response = await post(`${url}/api/calls`, { to: '+14155550100', goal: 'x', dryRun: true });
  expect(await response.json()).toEqual({ allowed: true, reasons: [], warnings: [] });
  expect(control.placed).toEqual([]);
  expect(control.rehearsed).toMatchObject([{ to: '+14155550100', goal: 'x' }]);
});

test.each<[string, unknown, RegExp]>([
  ['no body', '', /object/],
  ['a list', [], /object/],
  ['null', null, /object/],
  ['no number', { goal: 'x' }, /to:/],
  ['a number that is none', { to: 14155550100, goal: 'x' }, /to:/],
  ['an empty goal', { to: '+14155550100', goal: '  ' }, /goal:/],
  ['a length that is no number', { to: '+14155550100', goal: 'x', timeoutSec: '90' }, /timeoutSec:/],
  ['an unknown voicemail rule', { to: '+1', goal: 'x', voicemail: { action: 'sing' } }, /voicemail/],
  ['a misspelt word', { to: '+1', goal: 'x', timeoutSeconds: 9 }, /timeoutSeconds/],
  ['half a document', '{"to":', /JSON/],
  ['a poisoned prototype', '{"to":"+1","goal":"x","__proto__":{"a":1}}', /JSON/],
])('%s as a body is refused with a sentence', async (_name, body, sentence) => {
  const { url, control } = await served();
  const response = await post(`${url}/api/calls`, body);
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: { message: string } };
  expect(error.message).toMatch(sentence);
  expect(control.placed).toEqual([]);
});

test('a body that is too large or is not JSON is refused', async () => {
  const { url } = await served();
  expect((await post(`${url}/api/calls`, { goal: 'x'.repeat(70_000) })).status).toBe(413);
  expect((await post(`${url}/api/calls`, 'to=1', { 'content-type': 'text/plain' })).status).toBe(415);
});

test.each<[Error, number, string]>([
  [new InvalidRequest('Say a number.'), 400, 'invalid-request'],
  [new NotPermitted('country', 'Not there.'), 403, 'not-permitted'],
  [new ServerStopping(), 503, 'server-stopping'],
  [new CarrierRejected('twilio', 'No.', { retryable: false }), 502, 'carrier-rejected'],
])('%s becomes the status %d', async (failure, status, code) => {
  const { url, control } = await served();
  control.failure = failure;
  const response = await post(`${url}/api/calls`, { to: '+14155550100', goal: 'x' });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code, message: failure.message } });
});

test('a body that is nested too deep is refused with what to change', async () => {
  const levels = 10_000;
  const body = `{"to":"+14155550102","goal":"x","context":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
  const { url, control } = await served();
  const response = await post(`${url}/api/calls`, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: {
      code: 'invalid-request',
      message: 'The body is nested more than 64 levels deep: make it flatter.',
    },
  });
  expect(control.placed).toEqual([]);
});

test('a fault is told without its details', async () => {
  const { url, control } = await served();
  control.failure = new Error('SELECT secret FROM /var/lib');
  const response = await fetch(`${url}/api/calls/call_a`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toMatch(/SELECT|var/);
});

test('a call is read and canceled, an unknown one is not found', async () => {
  const { url, control } = await served();
  control.record(requested('call_a'));
  const call = control.calls.get('call_a');
  expect(await (await fetch(`${url}/api/calls/call_a`)).json()).toEqual({ call, transcript: [] });
  const canceled = await post(`${url}/api/calls/call_a/cancel`, '');
  expect(await canceled.json()).toEqual({ call, wasOpen: true });
  const unknown = await fetch(`${url}/api/calls/call_z`);
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ error: { code: 'call-not-found' } });
});

test('calls are listed by state, limit and cursor', async () => {
  const { url, control } = await served();
  control.record(requested('call_a'));
  expect(await (await fetch(`${url}/api/calls`)).json()).toMatchObject({
    calls: [{ callId: 'call_a' }],
    nextCursor: null,
  });
  await fetch(`${url}/api/calls?state=queued,dialing&state=ringing&limit=5&before=c1`);
  expect(control.queries.at(-2)).toMatchObject({ limit: 50 });
  expect(control.queries.at(-1)).toEqual({
    states: ['queued', 'dialing', 'ringing'],
    limit: 5,
    before: 'c1',
  });
});

test.each(['limit=0', 'limit=201', 'limit=x', 'state=lost', 'before=', 'page=2'])(
  'a list with ?%s is refused',
  async (query) => {
    const { url } = await served();
    expect((await fetch(`${url}/api/calls?${query}`)).status).toBe(400);
  },
);

test('the status names the peers and no secret', async () => {
  const { url } = await served(
    {},
    {
      OPENAI_API_KEY: 'sk-hidden',
      TWILIO_ACCOUNT_SID: 'AChidden',
      TWILIO_AUTH_TOKEN: 'hidden',
      TWILIO_PHONE_NUMBER: '+14155550199',
      PUBLIC_URL: 'https://phone.example',
    },
  );
  const text = await (await fetch(`${url}/api/status`)).text();
  expect(text).not.toContain('hidden');
  expect(JSON.parse(text)).toEqual({
    version: '1.2.3',
    demo: { carrier: false, voiceModel: false },
    model: 'gpt-realtime-2.1',
    voice: 'marin',
    phoneNumber: '+14155550199',
    canTransfer: false,
    canRecord: false,
    publicUrl: 'https://phone.example',
  });
  expect(await (await fetch(`${url}/public-url`)).json()).toEqual({ publicUrl: 'https://phone.example' });
});

test('readiness names what is missing', async () => {
  const missing = [{ part: 'public-url', message: 'Set PUBLIC_URL.' }] as const;
  const parts: MissingPart[] = [...missing];
  const { url } = await served({ readiness: async () => parts });
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(503);
  const ready = { ready: true };
  expect(await response.json()).toEqual({
    status: 'not-ready',
    parts: {
      server: ready,
      storage: ready,
      'public-url': { ready: false, message: 'Set PUBLIC_URL.' },
      carrier: ready,
      stopped: ready,
    },
    missing,
  });
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  expect(await metrics()).toContain('telephone_ready{part="public-url"} 0');
  parts.pop();
  const after = await fetch(`${url}/readyz`);
  expect(after.status).toBe(200);
  expect(await after.json()).toMatchObject({ status: 'ready', parts: { 'public-url': ready } });
  expect(await metrics()).toContain('telephone_ready{part="public-url"} 1');
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok', server: 'mcp-telephone' });
});

test('the agent’s tools are listed as function schemas', async () => {
  const { url } = await served();
  expect(await (await fetch(`${url}/tools`)).json()).toEqual([{ type: 'function', name: 'end_call' }]);
});

test('metrics count open calls by state, and those that ended while we looked', async () => {
  const { url, control } = await served();
  control.record(requested('call_a'));
  control.record(requested('call_b'));
  control.record({
    type: 'call-ended',
    callId: 'call_b',
    sequence: 2,
    at: 3,
    state: 'failed',
    endReason: { by: 'carrier', why: 'busy', message: 'The line was busy.' },
    endedAt: 3,
  });
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text).toContain('telephone_calls_open{state="queued"} 1');
  expect(text).toContain('telephone_calls_open{state="connected"} 0');
  expect(text).toContain('telephone_calls_ended_total{state="failed",by="carrier",why="busy"} 1');
  expect(text).toContain('process_cpu_seconds_total');
});

test('webhooks reach the carrier as they were sent', async () => {
  const { url, carrierDoors } = await served();
  const body = 'CallSid=CA1&To=%2B14155550100&x=a+b';
  const response = await fetch(`${url}/twiml?callId=a%20b`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': 'sig',
    },
    body,
  });
  expect(response.headers.get('content-type')).toContain('text/xml');
  expect(await response.text()).toBe('<Response/>');
  await fetch(`${url}/twiml`);
  await fetch(`${url}/status/`, { method: 'POST' });
  expect(carrierDoors.webhooks).toMatchObject([
    { method: 'POST', url: '/twiml?callId=a%20b', headers: { 'x-twilio-signature': 'sig' }, body },
    { method: 'GET', url: '/twiml', body: '' },
    { method: 'POST', url: '/status/', body: '' },
  ]);
});

test('a webhook that is too long never reaches the carrier', async () => {
  const { url, carrierDoors } = await served();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(`${url}/status`, { method: 'POST', headers, body: 'a'.repeat(65_537) });
  expect(response.status).toBe(413);
  expect(carrierDoors.webhooks).toEqual([]);
});

test.each(['application/json', 'text/plain', 'application/x-unheard-of'])(
  'MCP reads a body of type %s by itself, byte for byte',
  async (type) => {
    const { url } = await served();
    const response = await post(`${url}/mcp`, '{ "broken": ', {
      'content-type': type,
      origin: 'http://localhost:6274',
    });
    expect(await response.json()).toEqual({ method: 'POST', body: '{ "broken": ' });
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:6274');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  },
);

test('MCP gets GET and DELETE too', async () => {
  const { url } = await served();
  expect(await (await fetch(`${url}/mcp`)).json()).toMatchObject({ method: 'GET' });
  expect(await (await fetch(`${url}/mcp`, { method: 'DELETE' })).json()).toMatchObject({ method: 'DELETE' });
});

test('a failing MCP server answers with a fault and no details', async () => {
  const { url } = await served({
    mcp: {
      handleHttp: () => Promise.reject(new Error('secret detail')),
      acceptWebSocket() {},
    },
  });
  const response = await post(`${url}/mcp`, '{}');
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
});

test.each([
  ['GET /nothing HTTP/1.1\r\nHost: x', 404],
  ['GET /%zz HTTP/1.1\r\nHost: x', 400],
  ['GARBAGE', 400],
  [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}`, 431],
])('a request like %.40j gets the status %d and an error in JSON', async (request, status) => {
  const { port } = await served();
  const answer = await rawExchange(port, `${request}\r\nConnection: close\r\n\r\n`);
  expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
    error: { message: expect.any(String) },
  });
});

test('a client that offers another protocol on a plain request is answered as if it had not', async () => {
  const { port } = await served();
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1 });
  const answer = await rawExchange(
    port,
    `POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n` +
      `HTTP2-Settings: AAEAAEAAAAIAAAAB\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n` +
      body,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(answer).toContain(JSON.stringify({ method: 'POST', body }));
});
