import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { TestContext } from 'vitest';

/**
 * Opens a page in a browser profile of its own, for the length of a test, which fails if the browser has
 * anything to complain about: a fault in a script, or one against the content policy.
 *
 * @param told the test, where others run beside it: only its own context then knows when it is finished
 */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
  told: Pick<TestContext, 'onTestFinished'> = { onTestFinished },
): Promise<Page> {
  const context = await browser.newContext({ colorScheme: 'light', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(150_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // What the server refuses, and that it is away, are told by the page.
    const isOfNetwork = /status of 4\d\d|WebSocket|net::ERR_/u.test(message.text());
    if (message.type() === 'error' && !isOfNetwork) complaints.push(message.text());
  });
  told.onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(address);
  return page;
}

/** What axe finds wrong with the page as it stands, each fault with its element. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: loaded } = globalThis as unknown as { readonly axe: { run(): Promise<axe.AxeResults> } };
    return (await loaded.run()).violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html}`),
    );
  });
}
