import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TestContext } from 'vitest';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { axeFaults, openPage } from './browsing.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { startDemoServer } from './demo-server.ts';
import type { DemoServer } from './demo-server.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });
if (chromiumPath === undefined) {
  console.log('journeys through the web app: skipped, no Chromium found (set CHROMIUM_PATH to one)');
}

/** Numbers of the simulated phone network. */
const friendly = '+14155550101';
const onHold = '+14155550110';
const asking = '+14155550112';
const token = 'a-token-of-this-test-and-nobody-else';

/** A whole server in demo mode, as it is built, used in a browser by somebody who has read nothing. */
describe.skipIf(chromiumPath === undefined)('journeys through the web app', () => {
  let server: DemoServer;
  let browser: Browser;

  beforeAll(async () => {
    vi.setConfig({ maxConcurrency: 3 });
    server = await startDemoServer();
    browser = await launchChromium(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = (told: TestContext, path: string, at = server) =>
    openPage(browser, `${at.origin}${path}`, {}, told);
  /** A server of this test alone. */
  async function ownServer(
    { onTestFinished }: TestContext,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<DemoServer> {
    const own = await startDemoServer(settings);
    onTestFinished(() => own.close());
    return own;
  }

  const lines = (page: Page) => page.getByRole('list', { name: 'Transcript' }).getByRole('listitem');
  const turnIds = (page: Page) =>
    lines(page).evaluateAll((items) => items.flatMap(({ id }) => (id.startsWith('turn-') ? [id] : [])));

  /** Places a call by hand, and is on its page. */
  async function placeCall(page: Page, number: string): Promise<string> {
    await page.getByText('Demo: numbers to try').click();
    await page.getByRole('button', { name: number }).click();
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.waitForURL(/\/calls\/call_/u);
    return new URL(page.url()).pathname.slice('/calls/'.length);
  }

  /** Each turn of the transcript stands on the page once, in its order, with its words. */
  async function expectWholeTranscript(page: Page, transcript: Transcript): Promise<void> {
    expect(await turnIds(page)).toEqual(transcript.map(({ turnId }) => `turn-${turnId}`));
    for (const turn of transcript) {
      if (turn.speaker === 'tool') continue;
      expect(await page.locator(`[id="turn-${turn.turnId}"]`).textContent()).toContain(turn.text);
    }
  }

  /** What axe finds in light, in dark and on a phone, on which nothing may be wider than the screen. */
  async function faultsIn(page: Page, name: string): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const [look, colorScheme, width] of [
      ['on a phone', 'light', 375],
      ['in dark', 'dark', 1280],
      ['in light', 'light', 1280],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) faults.push(`${name} ${look} is ${wide} px wide`);
      for (const fault of await axeFaults(page)) faults.push(`${name} ${look}: ${fault}`);
    }
    return faults;
  }

  async function isFocused(locator: Locator): Promise<boolean> {
    return locator.evaluate((element) => element === document.activeElement);
  }

  /** Presses Tab until it is there, as somebody does who has no mouse. */
  async function tabTo(page: Page, locator: Locator): Promise<void> {
    await locator.waitFor();
    for (let presses = 0; presses < 80; presses += 1) {
      if (await isFocused(locator)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no Tab leads to ${String(locator)}`);
  }

  test.concurrent(
    'a new user places a call beside another, answers the agent’s question, loads the page again, and reads the result with its quotes',
    async (told) => {
      const other = await open(told, '/');
      const page = await open(told, '/');
      const otherId = await placeCall(other, friendly);
      const callId = await placeCall(page, asking);
      await lines(page).nth(1).waitFor();
      await page.getByLabel('Your answer').waitFor();
      await page.getByRole('status').getByText('Waiting for you').waitFor();
      const before = await turnIds(page);
      expect(before.length).toBeGreaterThan(2);

      await page.reload();
      const answer = page.getByLabel('Your answer');
      await answer.waitFor();
      await told.expect.poll(async () => (await turnIds(page)).slice(0, before.length)).toEqual(before);
      await answer.fill('Outside, please.');
      expect(await faultsIn(page, 'a call with a question')).toEqual([]);
      await answer.press('Enter');

      await page.getByRole('heading', { name: 'Outcome' }).waitFor();
      await page.getByRole('status').getByText('Done', { exact: true }).waitFor();
      const { call, transcript } = await server.read(callId);
      expect(call).toMatchObject({ state: 'completed', outcome: { status: 'confirmed' } });
      await page
        .getByRole('region', { name: 'Outcome' })
        .getByText(call.outcome?.summary ?? 'no outcome')
        .waitFor();
      await expectWholeTranscript(page, transcript);
      expect(await faultsIn(page, 'a call that has ended')).toEqual([]);

      const quote = page.getByTitle(/^Show where it was said/u).first();
      await quote.click();
      await told.expect.poll(() => page.evaluate(() => document.activeElement?.id ?? '')).toMatch(/^turn-/u);

      await other.getByRole('status').getByText('Done', { exact: true }).waitFor();
      await other.getByRole('heading', { level: 1, name: friendly }).waitFor();
      await expectWholeTranscript(other, (await server.read(otherId)).transcript);
      await page.getByRole('link', { name: 'All calls' }).click();
      const earlier = page.getByRole('region', { name: 'Earlier' });
      for (const number of [asking, friendly]) await earlier.getByText(number).waitFor();
    },
  );

  test.concurrent('a call can be placed, guided and ended without a mouse', async (told) => {
    const page = await open(told, '/');
    await tabTo(page, page.getByText('Demo: numbers to try'));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: onHold }));
    await page.keyboard.press('Enter');
    await page.getByText('This call may be placed.').waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Call', exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/calls\/call_/u);

    await page.getByRole('status').getByText('On the line').waitFor();
    await tabTo(page, page.getByLabel('Words for the agent'));
    await page.keyboard.type('Ask for the terrace');
    await page.keyboard.press('Enter');
    await lines(page).getByText('Ask for the terrace').waitFor();
    await page.keyboard.press('Control+Home');
    await page.getByRole('heading', { level: 1 }).focus();
    await tabTo(page, page.getByRole('button', { name: 'Hang up' }));
    await page.keyboard.press('Enter');
    await page.getByText('The call was canceled by its owner.', { exact: true }).waitFor();
  });

  test.concurrent(
    'no page has a fault that axe finds, in light, in dark or on a phone, and none is wider than the phone',
    async (told) => {
      const page = await open(told, '/');
      const faults: string[] = [];
      for (const [path, landmark] of [
        ['/', 'What the agent may do'],
        ['/calls/nobody', 'There is no such call'],
        ['/nowhere', 'There is no such page'],
        ['/phone', 'Plugged in'],
        ['/setup', 'Ready for demo calls'],
        ['/settings', 'Instructions'],
      ] as const) {
        await page.goto(`${server.origin}${path}`);
        await page.getByText(landmark).first().waitFor();
        faults.push(...(await faultsIn(page, path)));
      }
      expect(faults).toEqual([]);
    },
  );

  test.concurrent(
    'a guarded server asks for its token, refuses another, and forgets whoever logs out',
    async (told) => {
      const guarded = await ownServer(told, { MCP_AUTH_TOKEN: token });
      const page = await open(told, '/', guarded);
      await page.getByLabel('Token').fill('somebody else’s');
      expect(await axeFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByText('This token is not one of the server’s').waitFor();
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('heading', { name: 'Place a call' }).waitFor();

      await page.reload();
      await page.getByRole('heading', { name: 'Place a call' }).waitFor();
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByLabel('Token').waitFor();
      await page.reload();
      await page.getByLabel('Token').waitFor();
      expect((await page.request.get(`${guarded.origin}/api/calls`)).status()).toBe(401);
    },
  );

  test.concurrent(
    'a server that dies in mid-call is told, and when it is back the page has the call as it was settled',
    async (told) => {
      const own = await ownServer(told);
      const page = await open(told, '/', own);
      const callId = await placeCall(page, onHold);
      await lines(page).first().waitFor();
      const before = await turnIds(page);

      await own.kill();
      await page.getByText('Connection lost, reconnecting').waitFor();
      expect(await turnIds(page)).toEqual(before);
      await own.restart();
      await page.getByText('Connection lost, reconnecting').waitFor({ state: 'detached' });
      await page.getByText('The server was restarted during the call.', { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: 'Hang up' }).count()).toBe(0);
      const { call, transcript } = await own.read(callId);
      expect(call.endReason).toMatchObject({ by: 'fault', why: 'server_restarted' });
      await expectWholeTranscript(page, transcript);
    },
  );
});
