import { createServer, request as forward } from 'node:http';
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { signedRequestCheck } from '../src/carriers/twilio/setup/signed-request-check.ts';
import { createTwilio } from '../src/carriers/twilio/index.ts';
import { Probe } from '../src/checkup/probe.ts';
import { publicSocketCheck } from '../src/checkup/public-socket-check.ts';
import { publicUrlCheck } from '../src/checkup/public-url-check.ts';
import { silentLog } from '../src/lib/log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import { serve } from './http-fakes.ts';
import { freePort } from './stories/free-port.ts';
import { authToken, doorServer, listening, stopped, twilioConfig } from './twilio-side.ts';

const runtime = systemRuntime(silentLog);

interface Spoil {
  readonly upgrades?: 'dropped' | 'passed';
  readonly path?: (path: string) => string;
}

/** A server of ours, and a proxy in front of it that may spoil what passes. */
async function proxied(spoil: Spoil = {}) {
  const probe = new Probe({ newId: (prefix) => `${prefix}_${randomBytes(8).toString('hex')}` });
  const server = await serve({}, { probe });
  onTestFinished(() => server.close());
  return { probe, publicUrl: await proxyTo(server.port, spoil) };
}

async function proxyTo(
  port: number,
  { upgrades = 'passed', path = (same: string) => same }: Spoil = {},
): Promise<string> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming;
    const onwards = forward({ port, host: '127.0.0.1', method, headers, path: path(url) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onwards.on('error', () => outgoing.destroy());
    incoming.pipe(onwards);
  });
  if (upgrades === 'passed') {
    proxy.on('upgrade', (incoming, socket) => {
      const onwards = connect(port, '127.0.0.1');
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
        lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
      }
      onwards.write(`${lines.join('\r\n')}\r\n\r\n`);
      onwards.pipe(socket).pipe(onwards);
      onwards.on('error', () => socket.destroy());
      socket.on('error', () => onwards.destroy());
    });
  }
  const origin = await listening(proxy);
  onTestFinished(() => stopped(proxy));
  return origin;
}

test('a public URL that leads here is found to, by HTTP and by WebSocket', async () => {
  const { probe, publicUrl } = await proxied();
  const parts = { publicUrl, isLocalEnough: true, probe, runtime };
  expect(await publicUrlCheck(parts).run()).toMatchObject({ state: 'ok' });
  expect(await publicSocketCheck(parts).run()).toMatchObject({ state: 'ok' });
});

test('another server of the same kind is not taken for this one', async () => {
  const { publicUrl } = await proxied();
  const probe = new Probe(runtime);
  const parts = { publicUrl, isLocalEnough: true, probe, runtime };
  expect(await publicUrlCheck(parts).run()).toMatchObject({
    state: 'problem',
    message: expect.stringContaining('Something else answers'),
  });
  expect(await publicSocketCheck(parts).run()).toMatchObject({ state: 'problem' });
});

test('a proxy that does not pass WebSockets on is found out', async () => {
  const { probe, publicUrl } = await proxied({ upgrades: 'dropped' });
  const parts = { publicUrl, isLocalEnough: true, probe, runtime };
  expect(await publicUrlCheck(parts).run()).toMatchObject({ state: 'ok' });
  expect(await publicSocketCheck(parts).run()).toMatchObject({
    state: 'problem',
    fix: expect.stringContaining('Upgrade'),
  });
});

test.each([
  [null, 'No public URL is known'],
  ['http://localhost:8081', 'exists on this machine or network only'],
  ['https://192.168.1.7', 'exists on this machine or network only'],
  ['http://telephone.example.com', 'is not encrypted'],
])('in front of a real carrier the public URL %s is a problem', async (publicUrl, words) => {
  const parts = { publicUrl, isLocalEnough: false, probe: new Probe(runtime), runtime };
  const finding = await publicUrlCheck(parts).run();
  expect(finding).toMatchObject({ state: 'problem', message: expect.stringContaining(words) });
  expect(finding.fix).toContain('PUBLIC_URL');
});

test('a public URL where nothing listens is told so', async () => {
  const parts = {
    publicUrl: `http://127.0.0.1:${await freePort()}`,
    isLocalEnough: true,
    probe: new Probe(runtime),
    runtime,
  };
  expect((await publicUrlCheck(parts).run()).message).toContain('nothing listens there');
  expect((await publicSocketCheck(parts).run()).message).toContain('nothing listens there');
});

/** Twilio's doors behind a proxy, as the check that signs like Twilio finds them. */
async function signedThrough(spoil: Spoil) {
  const server = await doorServer();
  onTestFinished(() => server.stop());
  const publicUrl = await proxyTo(Number(new URL(server.origin).port), spoil);
  const carrier = createTwilio(twilioConfig({ publicUrl }), runtime);
  server.open(
    carrier.doors({
      reported() {},
      detected() {},
      transferAnswered: () => undefined,
      transferTaken: async () => false,
      transferEnded: () => undefined,
      streamFailed() {},
      recorded() {},
      answered: async () => undefined,
      attached: () => undefined,
    }),
  );
  return signedRequestCheck(publicUrl, authToken, runtime).run();
}

test('signed webhooks and media sockets are found to get through', async () => {
  expect(await signedThrough({})).toMatchObject({ state: 'ok' });
});

test('a proxy that changes the address breaks signatures, and is found out', async () => {
  expect(await signedThrough({ path: (path) => `${path}&via=proxy` })).toMatchObject({
    state: 'problem',
    message: expect.stringContaining('refused'),
  });
});

test('a proxy that drops the upgrade of media sockets is found out', async () => {
  expect(await signedThrough({ upgrades: 'dropped' })).toMatchObject({
    state: 'problem',
    message: expect.stringContaining('media socket'),
  });
});
