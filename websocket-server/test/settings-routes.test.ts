import { afterEach, expect, test } from 'vitest';
import { serve, type Served } from './http-fakes.ts';

let served: Served | undefined;
afterEach(() => served?.close());

async function ask(path: string, method = 'GET', body?: unknown) {
  served ??= await serve();
  const response = await fetch(`${served.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    body: (await response.json()) as Record<string, unknown>,
  };
}
afterEach(() => {
  served = undefined;
});

const lookup = {
  name: 'lookup_order',
  description: 'Looks an order up.',
  parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
  answer: { by: 'mock', output: 'It is on its way.' },
};

test('settings are empty at first, and tell what holds instead', async () => {
  const { body, etag } = await ask('/api/settings');
  expect(etag).toBe('"0"');
  expect(body).toMatchObject({
    version: 0,
    savedAt: null,
    settings: { instructions: '', voice: null, tools: [] },
    defaults: { voice: 'marin', model: 'gpt-realtime-2.1' },
    limits: expect.arrayContaining([
      { variable: 'MAX_CONCURRENT_CALLS', value: 10, default: 10, source: 'default' },
    ]),
  });
});

test('what is saved is what is read, under the next version', async () => {
  const settings = { instructions: ' Be brief. ', voice: 'cedar', tools: [lookup] };
  const saved = await ask('/api/settings', 'PUT', { version: 0, settings });
  expect(saved).toMatchObject({ status: 200, etag: '"1"' });
  const { body } = await ask('/api/settings');
  expect(body).toMatchObject({
    version: 1,
    settings: { instructions: 'Be brief.', voice: 'cedar', tools: [lookup] },
  });
});

test('a change made from an old version is refused and changes nothing', async () => {
  await ask('/api/settings', 'PUT', { version: 0, settings: { instructions: 'First' } });
  const late = await ask('/api/settings', 'PUT', { version: 0, settings: { instructions: 'Second' } });
  expect(late).toMatchObject({ status: 409, body: { error: { code: 'settings-changed' } } });
  expect((await ask('/api/settings')).body).toMatchObject({ settings: { instructions: 'First' } });
});

test('each field that cannot be taken is told by its path', async () => {
  const { status, body } = await ask('/api/settings', 'PUT', {
    version: 0,
    settings: {
      phoneNumber: '12',
      language: 'no language',
      tools: [
        { ...lookup, name: 'end_call' },
        { ...lookup, name: 'second', parameters: { type: 'string' } },
        { ...lookup, name: 'third', answer: { by: 'webhook', url: 'ftp://example.com' } },
      ],
    },
  });
  expect(status).toBe(400);
  const { error } = body as { error: { code: string; details: { fields: Record<string, string> } } };
  expect(error.code).toBe('invalid-settings');
  expect(Object.keys(error.details.fields).sort()).toEqual([
    'language',
    'phoneNumber',
    'tools.0.name',
    'tools.1.parameters',
    'tools.2.answer.url',
  ]);
});

test('two tools of one name are told at the second', async () => {
  const { body } = await ask('/api/settings', 'PUT', { version: 0, settings: { tools: [lookup, lookup] } });
  expect(body).toMatchObject({
    error: { details: { fields: { 'tools.1.name': 'Another tool has this name.' } } },
  });
});

test('calls that are up follow only when asked to', async () => {
  const next = await ask('/api/settings', 'PUT', { version: 0, settings: {} });
  expect(next.body).toMatchObject({ liveCalls: 0 });
  const live = await ask('/api/settings', 'PUT', { version: 1, settings: {}, applyTo: 'live' });
  expect(live.body).toMatchObject({ liveCalls: 2 });
});

test('the set-up is told as far as it is, and whole when waited for', async () => {
  const { body } = await ask('/api/setup?waitSec=20');
  expect(body).toMatchObject({ isRunning: false, isReady: false, demo: { carrier: true } });
  expect(body['checks']).toContainEqual(
    expect.objectContaining({ id: 'voice-session', state: 'problem', message: 'There is no voice model.' }),
  );
});

test('a stranger’s question at the probe is not answered', async () => {
  const { status } = await ask('/probe?nonce=guess');
  expect(status).toBe(404);
});
