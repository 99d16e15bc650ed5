import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { readConfig } from '../src/config/read-config.ts';
import { DoNotCall } from '../src/control/do-not-call.ts';
import { silentAudit } from '../src/control/audit-log.ts';
import { mountApi } from '../src/http/api.ts';
import { mountAudit } from '../src/http/audit-api.ts';
import { auditedAction } from '../src/http/audit-hook.ts';
import { Guard } from '../src/http/guard.ts';
import { LoginCookies } from '../src/http/login-cookie.ts';
import { openApiDocument } from '../src/http/openapi.ts';
import { createRequestRate } from '../src/http/request-rate.ts';
import { mountSession } from '../src/http/session-routes.ts';
import { mountSettings } from '../src/http/settings-routes.ts';
import { mountSetup } from '../src/http/setup-routes.ts';
import { fakeSetupRooms } from './fakes/fake-setup-desk.ts';
import { ManualClock } from './fakes/manual-clock.ts';
import { ClientAddresses } from '../src/lib/client-addresses.ts';
import { FakeControl, FakeDoNotCallList, fakePurge, fakeWebhooks } from './http-fakes.ts';

const document = openApiDocument('1.0.0') as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
};

test('the document names every route of the API, and no other', async () => {
  const app = Fastify({ exposeHeadRoutes: false });
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    routes.push(`${String(method).toLowerCase()} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
  const rules = {
    authTokens: [],
    accessTokens: null,
    addresses: new ClientAddresses([]),
    logins: new LoginCookies([], () => 0),
    publicUrl: () => null,
    now: () => 0,
  };
  const rate = await createRequestRate(app, 1, rules.addresses);
  await mountSession(app, new Guard(rules), rate, rules.logins, rules.publicUrl);
  await mountApi(app, {
    config: readConfig({}),
    control: new FakeControl(),
    recordings: { isOn: true, of: async () => undefined },
    doNotCall: new DoNotCall(new FakeDoNotCallList(), new ManualClock(0)),
    house: new FakeControl(),
    purge: fakePurge,
    exporter: { export: async () => (async function* () {})() },
    backUp: async () => Readable.from([]),
    webhooks: fakeWebhooks,
    publicUrl: () => null,
    version: '1.0.0',
  });
  await mountAudit(app, silentAudit);
  const rooms = await fakeSetupRooms(readConfig({}));
  await mountSetup(app, rooms.setup, new ManualClock(0));
  await mountSettings(app, { ...rooms, agentTools: [], config: readConfig({}) });
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(routes.sort()).toEqual(documented.sort());
});

test('whatever changes something has a name in the audit log', () => {
  const changing = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'get')
      .map((method) => [method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1')] as const),
  );
  expect(changing.length).toBeGreaterThan(10);
  expect(changing.filter(([method, route]) => auditedAction(method, route) === undefined)).toEqual([]);
});

test('every schema that the document refers to is in it', () => {
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
});

test('what a call is placed with is described as the API takes it', () => {
  expect(document.components.schemas['PlaceCall']).toMatchObject({
    required: ['to', 'goal'],
    additionalProperties: false,
  });
});
