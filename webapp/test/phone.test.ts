import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { axeFaults, openPage } from './browsing.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { startDemoServer } from './demo-server.ts';
import type { CallReading, DemoServer } from './demo-server.ts';
import { wavOf } from './wav.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
if (chromiumPath === undefined) {
  console.log('the phone in the page: skipped, no Chromium found (set CHROMIUM_PATH to one)');
}

/** A whole server in demo mode, and a browser whose microphone is a file. */
describe.skipIf(chromiumPath === undefined)('the phone in the page', () => {
  let server: DemoServer;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    server = await startDemoServer();
    ({ origin } = server);
    const microphone = path.join(server.folder, 'microphone.wav');
    await writeFile(microphone, wavOf(hum(), { hz: 48_000, channels: 1 }));
    browser = await launchChromium(chromiumPath ?? '', [
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
      '--autoplay-policy=no-user-gesture-required',
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function openPhone(options: { readonly hasMicrophone?: boolean } = {}): Promise<Page> {
    const permissions = options.hasMicrophone === false ? [] : ['microphone'];
    const page = await openPage(browser, `${origin}/phone`, { permissions });
    await page.getByText('Plugged in').waitFor();
    return page;
  }

  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
  const words = (page: Page) => page.getByRole('list', { name: 'Transcript' });

  async function answerCall(page: Page): Promise<void> {
    await press(page, 'Ring me');
    await page.getByText('is calling you').waitFor();
    await page.getByText('“Book a table for two on Friday').waitFor();
    await press(page, 'Answer');
    await page.getByRole('timer').waitFor();
  }

  async function hangUp(page: Page): Promise<CallReading> {
    await press(page, 'Hang up');
    await page.getByText('You hung up').waitFor();
    return latestCall((call) => call.endReason !== null);
  }

  async function latestCall(isAsWanted: (call: Call) => boolean): Promise<CallReading> {
    for (;;) {
      const { calls } = (await (await fetch(`${origin}/api/calls?limit=1`)).json()) as {
        readonly calls: readonly Call[];
      };
      const [call] = calls;
      if (call !== undefined && isAsWanted(call)) return server.read(call.callId);
      await new Promise(setImmediate);
    }
  }

  test('a call rings in the page, and what is tapped and typed there is understood by the agent', async () => {
    const page = await openPhone();
    expect(await axeFaults(page)).toEqual([]);
    await answerCall(page);
    await press(page, 'Hello, this is Parkside, Sam speaking. How can I help you?');
    await words(page).getByText('How can I help you?').waitFor();
    await words(page)
      .getByText(/table for two/u)
      .waitFor();
    await page.getByLabel('Say something').fill('Yes, that is possible. What name shall I put it under?');
    await page.keyboard.press('Enter');
    await words(page).getByText('What name shall I put it under?').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const { call, transcript } = await hangUp(page);
    expect(call).toMatchObject({ state: 'completed', endReason: { by: 'person', why: 'hung_up' } });
    const said = transcript.flatMap((turn) => (turn.speaker === 'person' ? [turn.text] : []));
    expect(said).toEqual([
      'Hello, this is Parkside, Sam speaking. How can I help you?',
      'Yes, that is possible. What name shall I put it under?',
    ]);
    await press(page, 'Done');
    await page.getByText('Waiting for a call').waitFor();
  });

  test('a declined call ends as declined', async () => {
    const page = await openPhone();
    await press(page, 'Ring me');
    await press(page, 'Decline');
    await page.getByText('You declined').waitFor();
    const { call } = await latestCall(({ endReason }) => endReason !== null);
    expect(call).toMatchObject({ state: 'failed', endReason: { by: 'person', why: 'declined' } });
  });

  test('the microphone is heard by the model once it is open, and pressed keys reach the agent', async () => {
    const page = await openPhone();
    await answerCall(page);
    await press(page, 'Talk');
    await page.getByText('The agent hears your microphone.').waitFor();
    // The simulated model hears sound that is no caption, and says so.
    await words(page).getByText('(speech without captions)').first().waitFor();
    await press(page, 'Mute');
    await page.getByText('Muted.').waitFor();
    await press(page, 'Keypad');
    await press(page, '7');
    await words(page).locator('kbd', { hasText: '7' }).waitFor();
    await hangUp(page);
  });

  test('who refuses the microphone is told so, and can still type', async () => {
    const page = await openPhone({ hasMicrophone: false });
    await answerCall(page);
    await press(page, 'Talk');
    await page.getByText('The browser refused the microphone').waitFor();
    await page.getByLabel('Say something').fill('Hello? Who is there?');
    await press(page, 'Say it');
    await words(page).getByText('Who is there?').waitFor();
    await hangUp(page);
  });

  test('a live call is listened to, taken over with the microphone, and given back', async () => {
    const page = await openPhone();
    await server.place('+14155550110', 'Ask how long they are open');
    await press(page, /^Listen/u);
    await page.getByText('You hear both. Nobody hears you.').waitFor();
    await page.getByLabel('Whisper to the agent').fill('They close at noon on Sundays.');
    await press(page, 'Whisper');
    await page.getByText('The agent knows').waitFor();
    await press(page, 'Take over');
    await page.getByText('the person hears you, the agent is silent').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await press(page, 'Give back to the agent');
    await page.getByText('You hear both. Nobody hears you.').waitFor();
    const { call } = await latestCall(({ state }) => state === 'connected');
    await fetch(`${origin}/api/calls/${call.callId}/cancel`, { method: 'POST' });
    await page.getByText('The call is over.').waitFor();
  });

  test('a phone whose server went away says so, is plugged in again, and rings', async () => {
    const own = await startDemoServer();
    onTestFinished(() => own.close());
    const page = await openPage(browser, `${own.origin}/phone`, { permissions: ['microphone'] });
    await page.getByText('Plugged in').waitFor();
    await answerCall(page);
    await own.kill();
    await page.getByText('The connection was lost', { exact: true }).waitFor();
    await page.getByText('Reconnecting…', { exact: true }).waitFor();
    await own.restart();
    await page.getByText('Plugged in').waitFor();
    await press(page, 'Done');
    await answerCall(page);
    await press(page, 'Hang up');
    await page.getByText('You hung up').waitFor();
  });

  test('the page rings the agent, which answers, and what it says is heard in the page', async () => {
    const page = await openPhone();
    await press(page, 'Call the agent');
    await page.getByRole('timer').waitFor();
    await words(page).getByText('Agent').first().waitFor();
    const meter = page.getByText('Agent', { exact: true }).locator('xpath=../span[2]/span').first();
    await expect
      .poll(() => meter.evaluate((bar) => bar.getBoundingClientRect().width), { timeout: 20_000 })
      .toBeGreaterThan(20);
    const { call } = await hangUp(page);
    expect(call).toMatchObject({ direction: 'inbound', from: '+14155550100', state: 'completed' });
  });
});

/** A loud hum, one second on and one second off: a voice to whoever listens for loudness alone. */
function hum(): Int16Array {
  const rate = 48_000;
  return Int16Array.from({ length: rate * 2 }, (_, i) =>
    i < rate ? 12_000 * Math.sin((2 * Math.PI * 220 * i) / rate) * (0.6 + 0.4 * Math.sin(i / 1500)) : 0,
  );
}
