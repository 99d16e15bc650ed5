import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { axeFaults, openPage } from './browsing.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { startDemoServer } from './demo-server.ts';
import type { DemoServer } from './demo-server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
if (chromiumPath === undefined) {
  console.log('set-up and settings pages: skipped, no Chromium found (set CHROMIUM_PATH to one)');
}

/** A whole server in demo mode, as it is built. */
describe.skipIf(chromiumPath === undefined)('the pages for the set-up and the settings', () => {
  let server: DemoServer;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    server = await startDemoServer({ MAX_CONCURRENT_CALLS: '4' });
    ({ origin } = server);
    browser = await launchChromium(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = (path: string, options: BrowserContextOptions = {}): Promise<Page> =>
    openPage(browser, `${origin}${path}`, options);

  async function stored(): Promise<Record<string, unknown>> {
    const { settings } = (await (await fetch(`${origin}/api/settings`)).json()) as {
      settings: Record<string, unknown>;
    };
    return settings;
  }

  test('the checks run by themselves, tell the demo, and the number’s calls are sent here by a button', async () => {
    const page = await open('/setup');
    await page.getByRole('status').getByText('Ready for demo calls').waitFor();
    await page.getByText('To talk to the real voice model set OPENAI_API_KEY').waitFor();
    await page.getByText(`This server answers at ${origin.replace('localhost', '127.0.0.1')}`).waitFor();
    await page.getByText('+15005550006', { exact: true }).waitFor();
    expect(await axeFaults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Send its calls here' }).press('Enter');
    await page.getByText('Calls to +15005550006 come to this server.').waitFor();
    await page.getByRole('status').getByText('Ready for demo calls').waitFor();
    expect(await page.getByRole('button', { name: 'Send its calls here' }).count()).toBe(0);
  });

  test('what is typed is unsaved until it is saved, and is there after loading again', async () => {
    const page = await open('/settings');
    await page.getByText('Everything is saved.').waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('Instructions', { exact: true }).fill('Be brief.');
    await page.getByLabel('Voice').selectOption('cedar');
    await page.getByRole('button', { name: 'Ask me (answered by hand)' }).click();
    await page.getByText('You have unsaved changes.').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const warned = page.waitForEvent('dialog').then(async (dialog) => {
      await dialog.dismiss();
      return dialog.type();
    });
    await page.getByRole('link', { name: 'Calls', exact: true }).click();
    expect(await warned).toBe('beforeunload');
    await page.getByRole('button', { name: 'Save, also for live calls' }).click();
    await page.getByText('Saved. No call is up; calls from now on follow it.').waitFor();
    expect(await stored()).toMatchObject({
      instructions: 'Be brief.',
      voice: 'cedar',
      tools: [{ name: 'check_calendar', answer: { by: 'hand', patienceSeconds: 45 } }],
    });

    await page.reload();
    await page.getByText('Everything is saved.').waitFor();
    expect(await page.getByLabel('Instructions', { exact: true }).inputValue()).toBe('Be brief.');
  });

  test('a number put on the do-not-call list is refused by the form, until it is taken off', async () => {
    const page = await open('/settings');
    await page.getByText('No number is on the list.').waitFor();
    const adding = page.getByRole('form', { name: 'Add a number that is not called' });
    await adding.getByLabel('Number').fill('+1 415 555 0144');
    await adding.getByLabel('Why').fill('Asked by mail');
    await adding.getByRole('button', { name: 'Add to the list' }).click();
    await page.getByText('Added by the operator: Asked by mail').waitFor();
    expect(await axeFaults(page)).toEqual([]);

    const judge = async (): Promise<unknown> => {
      const judged = await page.request.post(`${origin}/api/calls`, {
        data: { to: '+14155550144', goal: 'Ask', dryRun: true },
      });
      return judged.json();
    };
    expect(await judge()).toMatchObject({ allowed: false });
    await page.getByRole('button', { name: 'Let +14155550144 be called again' }).click();
    await page.getByText('No number is on the list.').waitFor();
    expect(await judge()).toMatchObject({ allowed: true });
  });

  test('limits are changed in the page, unless the environment sets them, and try out what they refuse', async () => {
    const page = await open('/settings');
    await page.getByText('Everything is saved.').waitFor();
    const limits = page.getByRole('region', { name: 'Limits' });
    await limits.getByText('MAX_CONCURRENT_CALLS').waitFor();
    expect(await limits.getByLabel('Calls at once').count()).toBe(0);
    await limits.getByLabel('Countries that may be called').selectOption('Only these');
    await page.getByText('You have unsaved changes.').waitFor();
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await limits.getByText('Add a country, or choose otherwise.').waitFor();
    await limits.getByLabel('Add a country').selectOption('AT');
    await limits.getByLabel('Never these numbers').fill('0151 1234567');
    await limits.getByLabel('Hours for private persons').selectOption('Between two times');
    await limits.getByLabel('From').fill('09:30');
    await limits.getByLabel('In an hour').fill('many');
    await save.click();
    await page.getByText('2 fields are to be mended first.').waitFor();
    await limits.getByText('not usable: 01511234567.').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await limits.getByLabel('Never these numbers').fill('+43 151 1234567\n+49*');
    await limits.getByLabel('In an hour').fill('20');
    await save.click();
    await page.getByText('Saved. Calls from now on follow it.').waitFor();

    await page.reload();
    await page.getByText('Everything is saved.').waitFor();
    await limits.getByText('Austria').waitFor();
    expect(await limits.getByLabel('Never these numbers').inputValue()).toBe('+431511234567\n+49*');
    expect(await limits.getByLabel('From').inputValue()).toBe('09:30');
    const trying = page.getByRole('region', { name: 'May it be called?' });
    const attempt = async (number: string) => {
      await trying.getByLabel('Number to try').fill(number);
      await trying.getByRole('button', { name: 'Try it' }).click();
    };
    await attempt('+1 415 555 0101');
    await trying.getByText('Calls to the country of this number are not allowed here.').waitFor();
    await limits.getByRole('button', { name: 'Remove Austria' }).click();
    await limits.getByLabel('Countries that may be called').selectOption({ index: 0 });
    await limits.getByLabel('Hours for private persons').selectOption({ index: 0 });
    await limits.getByLabel('Never these numbers').fill('');
    await limits.getByLabel('In an hour').fill('');
    await save.click();
    await page.getByText('Saved. Calls from now on follow it.').waitFor();
    await attempt('+1 415 555 0101');
    await trying.getByText('This call may be placed.').waitFor();
  });

  test('a voice of the demo can be heard', async () => {
    const page = await open('/settings');
    const hear = page.getByRole('button', { name: /^Hear / });
    await hear.click();
    await page.getByRole('button', { name: 'Playing…' }).waitFor();
    await hear.waitFor();
    const sample = await page.request.get(`${origin}/api/settings/voice-sample?voice=cedar`);
    expect(sample.headers()['content-type']).toBe('audio/wav');
    const sound = await sample.body();
    expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
    expect(sound.length).toBeGreaterThan(8_000);
  });

  test('what cannot be saved is told at its field, which gets the focus', async () => {
    const page = await open('/settings');
    await page.getByText('Everything is saved.').waitFor();
    await page.getByLabel('Language').fill('no language');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Use a language tag such as en, en-GB or de.').waitFor();
    await expect
      .poll(() => page.getByLabel('Language').evaluate((field) => field === document.activeElement))
      .toBe(true);
    await page.getByRole('button', { name: 'Look something up (fixed answer)' }).click();
    await page
      .getByRole('group', { name: 'get_weather' })
      .getByLabel('Arguments (JSON Schema)')
      .fill('{\n"type": }');
    await page.getByText('This is not JSON').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('Everything is saved.').waitFor();
  });

  test('a change over somebody else’s is refused, and theirs can be loaded', async () => {
    const page = await open('/settings');
    await page.getByText('Everything is saved.').waitFor();
    const told = (await (await fetch(`${origin}/api/settings`)).json()) as { version: number };
    await fetch(`${origin}/api/settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version: told.version, settings: { instructions: 'Theirs.' } }),
    });
    await page.getByLabel('Instructions', { exact: true }).fill('Mine.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('status').getByText('The settings were changed elsewhere').waitFor();
    await page.getByRole('button', { name: 'Load them again' }).click();
    await page.getByText('Everything is saved.').waitFor();
    expect(await page.getByLabel('Instructions', { exact: true }).inputValue()).toBe('Theirs.');
  });

  test('both pages fit a phone, and are as readable in the dark', async () => {
    for (const [path, words] of [
      ['/setup', 'Ready for demo calls'],
      ['/settings', 'Everything is saved.'],
    ] as const) {
      const page = await open(path, { viewport: { width: 360, height: 700 }, colorScheme: 'dark' });
      await page.getByText(words).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await axeFaults(page)).toEqual([]);
    }
  });

  test('the header leads from these pages to the calls and back', async () => {
    const page = await open('/setup');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.getByRole('link', { name: 'Calls', exact: true }).click();
    await page.getByText('No calls yet').waitFor();
    await page.getByRole('link', { name: 'Set-up' }).click();
    await page.getByRole('heading', { name: 'Set-up' }).waitFor();
  });
});
