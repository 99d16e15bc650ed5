import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { axeFaults, openPage } from './browsing.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { startDemoServer } from './demo-server.ts';
import type { DemoServer } from './demo-server.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
if (chromiumPath === undefined) {
  console.log('a hand in a live call: skipped, no Chromium found (set CHROMIUM_PATH to one)');
}

/** Numbers of the simulated phone network. */
const friendly = '+14155550101';
const onHold = '+14155550110';
const owner = '+14155550123';

/** The built server in demo mode, whose operator has a phone and lets calls be recorded. */
describe.skipIf(chromiumPath === undefined)('a hand in a live call', () => {
  let server: DemoServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startDemoServer({
      RECORD_CALLS: 'on',
      OWNER_PHONE_NUMBER: owner,
      CALLS_PER_NUMBER_AT_ONCE: '3',
    });
    browser = await launchChromium(chromiumPath ?? '', [
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const goal = 'Book a table for two on Friday at 7:30 pm';
  const open = (told: TestContext, path: string) =>
    openPage(browser, `${server.origin}${path}`, { permissions: ['microphone'] }, told);
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const lines = (page: Page) => page.getByRole('list', { name: 'Transcript' }).getByRole('listitem');

  /** A call on its page, in which the agent has begun to talk. */
  async function talking(told: TestContext, number: string): Promise<Page> {
    const page = await open(told, `/calls/${await server.place(number, goal)}`);
    await lines(page).getByText('AI assistant').waitFor();
    return page;
  }

  test.concurrent(
    'a call that is asked to be recorded is heard in its page, from a turn, a quote and the timeline on',
    async (told) => {
      const page = await open(told, '/');
      await page.getByRole('textbox', { name: 'Number' }).fill(friendly);
      await page.getByLabel('Goal').fill(goal);
      await page.getByText('When, and recording').click();
      await page.getByLabel('Record the call').check();
      await press(page, 'Call');
      await page.getByText('This call is being recorded.').waitFor();
      await lines(page)
        .getByText(/this call is recorded/u)
        .waitFor();
      await page.getByRole('heading', { name: 'Outcome' }).waitFor();

      const player = page.getByRole('group', { name: 'Recording' });
      await player.getByRole('button', { name: 'Play' }).and(page.locator(':enabled')).waitFor();
      const place = async () => Number(await player.getByRole('slider').inputValue()) / 10;
      await page.getByRole('button', { name: /^Play from here: Person, Very good/u }).click();
      await player.getByRole('button', { name: 'Pause' }).waitFor();
      const atTurn = await place();
      expect(atTurn).toBeGreaterThan(3);
      await player.getByRole('button', { name: 'Pause' }).click();
      await player.getByRole('slider').fill('0');
      await page
        .getByTitle('Show where it was said, and play it')
        .filter({ hasText: 'confirmation number' })
        .click();
      await told.expect.poll(place).toBeGreaterThanOrEqual(atTurn);
      await player.getByRole('button', { name: 'Pause' }).click();
      expect(await page.locator('canvas').count()).toBeGreaterThanOrEqual(1);
      expect(await axeFaults(page)).toEqual([]);
    },
  );

  test.concurrent(
    'a call is handed over to its owner’s phone, and the page says so before, during and after',
    async (told) => {
      const page = await talking(told, friendly);
      await press(page, 'Hand over to me');
      await page.getByText('The person is told; then your phone rings.').waitFor();
      await lines(page).getByText('I am connecting you').waitFor();
      await lines(page).getByText(`${owner} is being rung, to take the call.`).waitFor();
      await lines(page).getByText('The call was handed over: the agent has left it.').waitFor();
      await page.getByText('The other phone has the call. The agent has left it.').waitFor();
      expect(await page.getByRole('button', { name: 'Hold' }).isDisabled()).toBe(true);
      await page.getByRole('status').getByText('Handed over').waitFor();
      expect(await page.getByRole('button', { name: /Hang/u }).count()).toBe(0);
    },
  );

  test.concurrent('an agent that was on hold answers what it was asked meanwhile', async (told) => {
    const page = await talking(told, friendly);
    await lines(page).getByText('What name shall I put it under?').waitFor();
    await press(page, 'Hold');
    await lines(page).getByText('Are you still there?').waitFor();
    await press(page, 'Resume');
    await page.getByRole('heading', { name: 'Outcome' }).waitFor();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Confirmed', { exact: true }).waitFor();
  });

  // By itself: what is pressed there has to be pressed before the person loses patience.
  test('whoever listens in is led there from the call, whispers, takes over and gives back', async (told) => {
    const page = await talking(told, onHold);
    await page.getByRole('link', { name: 'Listen in' }).click();
    await page.getByText('You hear both. Nobody hears you.').waitFor();
    await page.getByLabel('Whisper to the agent').fill('Ask for the terrace');
    await page.keyboard.press('Enter');
    await page.getByText('Ask for the terrace').first().waitFor();
    await press(page, 'Take over');
    await page.getByText('You are on the line: the person hears you, the agent is silent.').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await press(page, 'Give back to the agent');
    await page.getByText('You hear both. Nobody hears you.').waitFor();
    await page.getByRole('link', { name: 'Open the call’s page' }).click();
    await press(page, 'Hang up');
    await page.getByText('The call was canceled by its owner.', { exact: true }).waitFor();
  });
});
