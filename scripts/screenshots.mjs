// Takes the pictures in docs/screenshots: the built server in demo mode, its pages in Chromium.
// After `npm run build`: node scripts/screenshots.mjs (CHROMIUM_PATH names a browser of your own)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '..');
const target = path.join(root, 'docs/screenshots');
const desk = { width: 1280, height: 800 };
const hand = { width: 375, height: 812 };

const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((candidate) => candidate !== undefined && existsSync(candidate));
if (executablePath === undefined) throw new Error('no Chromium found: set CHROMIUM_PATH to one');

const folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-pictures-'));
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const server = spawn(process.execPath, [path.join(root, 'websocket-server/dist/main.js'), 'serve'], {
  cwd: folder,
  env: { ...demoEnvironment(), HOME: folder, DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const serverEnded = once(server, 'exit');
let browser;
try {
  await isUp();
  await mkdir(target, { recursive: true });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  await takeAll();
} finally {
  await browser?.close();
  server.kill('SIGKILL');
  await serverEnded;
  await rm(folder, { recursive: true, force: true });
}

async function takeAll() {
  const booked = await place('+14155550101', 'Book a table for two on Friday at 7:30 pm');
  await place('+14155550103', 'Ask whether the blue bicycle is repaired');
  const asked = await place('+14155550112', 'Book a table for two on Friday at 7:30 pm');

  const asking = await open(`/calls/${asked}`, desk);
  await asking.getByLabel('Your answer').waitFor();
  await asking.screenshot({ path: path.join(target, 'question.png') });
  await asking.setViewportSize(hand);
  await asking.getByLabel('Your answer').scrollIntoViewIfNeeded();
  await asking.screenshot({ path: path.join(target, 'question-phone.png') });

  const calls = await open('/', desk);
  await calls.getByText('Waiting for you').first().waitFor();
  await calls.screenshot({ path: path.join(target, 'calls.png') });
  await calls.setViewportSize(hand);
  await calls.getByText('Waiting for you').first().scrollIntoViewIfNeeded();
  await calls.screenshot({ path: path.join(target, 'calls-phone.png') });
  await asking.getByLabel('Your answer').fill('Outside, please.');
  await asking.getByLabel('Your answer').press('Enter');
  await asking.getByRole('heading', { name: 'Outcome' }).waitFor();

  await take('result', `/calls/${booked}`, 'Outcome');
  await take('phone', '/phone', 'Plugged in');
  await take('setup', '/setup', 'Ready for demo calls');
  await take('settings', '/settings', 'Instructions');
}

/** A page on a desk, on a desk in the dark, and on a phone. */
async function take(name, address, landmark) {
  const page = await open(address, desk);
  await page.getByText(landmark).first().waitFor();
  await page.screenshot({ path: path.join(target, `${name}.png`) });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: path.join(target, `${name}-dark.png`) });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(hand);
  await page.screenshot({ path: path.join(target, `${name}-phone.png`) });
}

async function open(address, viewport) {
  const context = await browser.newContext({ viewport, colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${origin}${address}`);
  return page;
}

async function place(to, goal) {
  const placed = await fetch(`${origin}/api/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to, goal }),
  });
  if (placed.status !== 201) throw new Error(`the call to ${to} was refused: ${await placed.text()}`);
  return (await placed.json()).call.callId;
}

/** Nothing of this machine's own settings, so that no real phone can ring. */
function demoEnvironment() {
  return { NODE_ENV: 'production', PATH: process.env.PATH ?? '' };
}

async function isUp() {
  for await (const text of server.stdout) {
    if (String(text).includes('Demo mode')) break;
  }
  server.stdout.resume();
}

async function freePort() {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  await once(probe, 'close');
  return free;
}
