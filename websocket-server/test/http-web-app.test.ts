import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rawExchange, serve } from './http-fakes.ts';
import type { Served } from './http-fakes.ts';

const pages = {
  'index.html': '<title>home</title><script>boot(1)</script>',
  'setup/index.html': '<title>setup</title><script>boot(2)</script>',
  'calls/index.html': '<title>one call</title><script>boot(3)</script>',
  'calls/index.txt': 'payload',
  '_next/static/chunks/main-abc.js': 'main()',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '404.html': '<title>no such page</title>',
  '.secret': 'hidden',
};

async function servedExport(files: Readonly<Record<string, string>> = pages): Promise<Served> {
  const parent = await mkdtemp(join(tmpdir(), 'telephone-web-app-'));
  const folder = join(parent, 'out');
  await writeFile(join(parent, 'outside.txt'), 'outside');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const doors = await serve({}, { webappFolder: folder });
  onTestFinished(async () => {
    await doors.close();
    await rm(parent, { recursive: true });
  });
  return doors;
}

function scriptHash(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

test.each([
  ['/', 'home', 'boot(1)'],
  ['/setup/', 'setup', 'boot(2)'],
  ['/setup', 'setup', 'boot(2)'],
  ['/calls/', 'one call', 'boot(3)'],
  ['/calls/call_9aZ-x', 'one call', 'boot(3)'],
  ['/calls/call_9aZ-x/', 'one call', 'boot(3)'],
  ['/calls/anything?tab=audio', 'one call', 'boot(3)'],
])('%s shows the page "%s", in which only its own scripts run', async (path, title, script) => {
  const { url } = await servedExport();
  const response = await fetch(url + path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain(`script-src 'self' ${scriptHash(script)}`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(await response.text()).toContain(`<title>${title}</title>`);
});

test('files named by their content are kept for good, others are asked for again', async () => {
  const { url, port } = await servedExport();
  const chunk = await fetch(`${url}/_next/static/chunks/main-abc.js`);
  expect(chunk.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const icon = await fetch(`${url}/icon.svg`);
  expect(icon.headers.get('cache-control')).toBe('no-cache');
  expect(icon.headers.get('content-security-policy')).toContain("default-src 'none'");
  const etag = icon.headers.get('etag') ?? '';
  const again = await rawExchange(
    port,
    `GET /icon.svg HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: ${etag}\r\nConnection: close\r\n\r\n`,
  );
  expect(again).toMatch(/^HTTP\/1\.1 304 /);
  expect(await (await fetch(`${url}/calls/index.txt`)).text()).toBe('payload');
});

test('nothing outside the export is served, nor its hidden files', async () => {
  const { url, port } = await servedExport();
  expect((await fetch(`${url}/.secret`)).status).toBe(404);
  for (const path of [
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/setup/../../outside.txt',
  ]) {
    const answer = await rawExchange(
      port,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect([path, answer.slice(9, 12)]).toEqual([path, expect.stringMatching(/40[034]/)]);
    expect(answer).not.toContain('\r\n\r\noutside');
  }
});

test('an address that no page has is a page to a browser and an error in JSON to a program', async () => {
  const { url } = await servedExport();
  const response = await fetch(`${url}/nowhere`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'not-found' } });
  const page = await fetch(`${url}/nowhere`, { headers: { accept: 'text/html,*/*' } });
  expect(page.status).toBe(404);
  expect(await page.text()).toContain('no such page');
});

test('a page for a single call goes before the list of calls', async () => {
  const { url } = await servedExport({ ...pages, 'call/index.html': '<title>detail</title>' });
  expect(await (await fetch(`${url}/calls/call_1`)).text()).toContain('detail');
  expect(await (await fetch(`${url}/calls/`)).text()).toContain('one call');
});

test('without an export, the front page says how to build it', async () => {
  const doors = await serve();
  onTestFinished(() => doors.close());
  const response = await fetch(doors.url);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('npm run build');
});
