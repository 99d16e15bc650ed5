import path from 'node:path';
import { callsTool, says, scripted } from '@mcp-telephone/simulator';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { chromiumPath, launchChromium } from '../../../webapp/test/chromium.ts';
import { callCardBundle, callCardOutput } from '../../src/mcp/call-card/bundle.mjs';
import type { HostWindow } from '../call-card-host/host-window.ts';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

if (chromiumPath === undefined) {
  console.log('call card: skipped, no Chromium found (set CHROMIUM_PATH to one)');
}

const packageFolder = path.resolve(import.meta.dirname, '../..');
const { stage, story } = setStage({ callCard: buildCallCard });

async function buildCallCard(): Promise<string> {
  const bundle = await rolldown(callCardBundle(packageFolder));
  const { output } = await bundle.generate(callCardOutput);
  await bundle.close();
  return String(output.find((part) => part.type === 'asset')?.source);
}

async function buildHostPage(): Promise<string> {
  const input = path.join(packageFolder, 'test/call-card-host/host-page.ts');
  const bundle = await rolldown({ input, platform: 'browser' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const script = output[0].code.replaceAll('</script', '<\\/script');
  return `<!doctype html><meta charset="utf-8"><title>Host</title><body><script type="module">${script}</script></body>`;
}

const askingAgent = () =>
  scripted(
    [says('Hello, have you a table at half past seven?')],
    [
      says('One moment please, I will ask.'),
      callsTool('ask_owner', { question: 'Is half past eight fine, too?', patience_seconds: 90 }),
    ],
    [says('Half past eight it is, thank you.')],
    [says('I have to go now. Goodbye.')],
  );

describe.skipIf(chromiumPath === undefined)('the call card in a host page', () => {
  let browser: Browser;
  let hostPage: string;

  beforeAll(async () => {
    [browser, hostPage] = await Promise.all([launchChromium(chromiumPath ?? ''), buildHostPage()]);
  });
  afterAll(() => browser.close());

  /** A host page on the server's own origin; a complaint of the browser, such as about a policy, fails the test. */
  async function openHost(): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 520, height: 760 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    const url = `${stage().url}/host-page`;
    await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: hostPage }));
    await page.goto(url);
    return page;
  }

  const hostIn = (page: Page) =>
    page.evaluateHandle(() => (globalThis as unknown as { host: HostWindow }).host);

  async function showTool(page: Page, name: string, args: Record<string, unknown>): Promise<FrameLocator> {
    const host = await hostIn(page);
    await host.evaluate((shown, [tool, given]) => shown.showTool(tool, given, 'light'), [
      name,
      args,
    ] as const);
    return page.frameLocator('iframe').last();
  }

  async function letAsk(call: StagedCall) {
    await call.connected();
    await call.person.hears({ words: /seven/ });
    await call.reaches('turn-ended');
    await call.person.says('Only at half past eight.');
  }

  story('shows the words, takes the answer to the question, steers, and hangs up', async ({ place }) => {
    const page = await openHost();
    const errand = { goal: 'Book a table for two', idempotencyKey: 'card' };
    const call = await place({ ...errand, agent: askingAgent() });
    const isAsked = letAsk(call);
    const { to } = (await call.reading()).call;
    const card = await showTool(page, 'telephony_call', { ...errand, to });
    await card.getByRole('heading', { name: `Call to ${to}` }).waitFor();
    await isAsked;
    await card.getByText('On the line').waitFor();
    await card.getByRole('log').getByText('have you a table at half past seven').waitFor();

    await card.getByText('Is half past eight fine, too?').waitFor();
    await card.getByRole('textbox', { name: 'Is half past eight fine, too?' }).fill('Yes, that is fine.');
    await card.getByRole('button', { name: 'Answer' }).click();
    expect(await call.reaches('question-answered')).toMatchObject({ answer: 'Yes, that is fine.' });
    await card.getByText('The agent asks you').waitFor({ state: 'hidden' });
    await call.person.hears({ words: /thank you/i });

    await card.getByRole('textbox', { name: 'Words for the call' }).fill('They may smoke.');
    await card.getByRole('button', { name: 'Guide' }).click();
    await card.getByText('The agent knows; the person hears nothing of it.').waitFor();
    await card.getByRole('button', { name: 'Keys' }).click();
    await card.getByRole('group', { name: 'Phone keys' }).getByRole('button', { name: '1' }).click();
    await call.reaches('media-stream-opened', 2);

    await card.getByRole('button', { name: 'Hang up' }).click();
    await card.getByRole('button', { name: 'Hang up now' }).click();
    const { call: record } = await call.ended();
    expect(record.endReason).toMatchObject({ by: 'owner' });
    await card.getByRole('status').getByText('Canceled').waitFor();
    await card.getByRole('button', { name: 'Hang up' }).waitFor({ state: 'hidden' });
    const host = await hostIn(page);
    await expect
      .poll(() => host.evaluate(({ modelContext }) => modelContext.join(' ')))
      .toMatch(/Yes, that is fine.*ended the call.*is over/s);
  });

  story('of one wait among many stays small until it is opened', async ({ place }) => {
    const call = await place({ agent: scripted([says('Hello there.')]) });
    await call.connected();
    await call.reaches('turn-ended');
    const page = await openHost();
    const card = await showTool(page, 'telephony_wait', { callId: call.callId, timeoutSec: 0 });
    await card.getByText('On the line').waitFor();
    expect(await card.getByRole('log').isVisible()).toBe(false);
    await card.getByRole('button', { name: 'Show the call' }).click();
    await card.getByRole('log').getByText('Hello there.').waitFor();
  });
});
