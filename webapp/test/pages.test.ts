import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { CallHappening } from '../../websocket-server/src/call/call-event.ts';
import { endReason } from '../../websocket-server/src/call/end-reason.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { FakeServer } from './fake-server.ts';
import { requested } from './happenings.ts';

if (chromiumPath === undefined) {
  console.log('web app pages: skipped, no Chromium found (set CHROMIUM_PATH to one)');
}

const number = '+14155550101';
const booking = requested({ to: number, goal: 'Book a table for two' });

/** The events up to the agent's greeting. */
const answered: readonly CallHappening[] = [
  booking,
  { type: 'dialing-started', carrier: 'twilio' },
  { type: 'call-dialed', carrierCallId: 'CA1' },
  { type: 'call-ringing' },
  { type: 'call-answered' },
];

function speak(turnId: string, speaker: 'agent' | 'person', afterTurnId: string | null): CallHappening {
  return { type: 'turn-started', turnId, speaker, afterTurnId };
}

function settle(turnId: string, text: string, isInterrupted = false): CallHappening {
  return { type: 'turn-ended', turnId, text, isInterrupted };
}

describe.skipIf(chromiumPath === undefined)('the web app in Chromium', () => {
  let browser: Browser;
  let server: FakeServer;
  let origin: string;

  beforeAll(async () => {
    browser = await launchChromium(chromiumPath ?? '');
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = new FakeServer();
    origin = await server.listen();
  });
  afterEach(() => server.close());

  /** Opens a page; complaints of the browser, such as a script against the content policy, fail the test. */
  async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({ colorScheme: 'light', ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      const isAboutPeer = /WebSocket|Failed to load resource/.test(message.text());
      if (message.type() === 'error' && !isAboutPeer) complaints.push(message.text());
    });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(`${origin}${path}`);
    return page;
  }

  function happen(callId: string, happenings: readonly CallHappening[]): void {
    for (const happening of happenings) server.tell(callId, happening);
  }

  const turnsOf = (page: Page) => page.getByRole('list', { name: 'Transcript' }).getByRole('listitem');

  test('a call shows up in an open list, moves on as it happens, and ends among the earlier ones', async () => {
    const page = await open('/');
    await page.getByText('No calls yet').waitFor();

    server.tell('call-1', booking);
    const now = page.getByRole('region', { name: 'Now' });
    await now.getByText('Book a table for two').waitFor();
    await now.getByText('Queued').waitFor();
    happen('call-1', answered.slice(1));
    await now.getByText('On the line').waitFor();
    await now.getByText('0:01').waitFor();

    happen('call-1', [
      {
        type: 'outcome-reported',
        outcome: { status: 'confirmed', summary: 'Booked for Friday.', entities: {} },
      },
      {
        type: 'call-ended',
        state: 'completed',
        endReason: endReason('agent', 'said_goodbye'),
        endedAt: Date.now(),
      },
    ]);
    const earlier = page.getByRole('region', { name: 'Earlier' });
    await earlier.getByText('Done', { exact: true }).waitFor();
    await earlier.getByText('Confirmed').waitFor();
    await earlier.getByText('Booked for Friday.').waitFor();
    expect(await now.count()).toBe(0);
  });

  test('a transcript grows word by word, and its settled words stand for the growing ones', async () => {
    happen('call-1', answered);
    const page = await open('/calls/call-1');
    await page.getByText('Nothing has been said yet.').waitFor();

    server.tell('call-1', speak('t1', 'agent', null));
    server.hint({ callId: 'call-1', turnId: 't1', speaker: 'agent', text: 'Hello, I would' });
    await turnsOf(page).getByText('Hello, I would').waitFor();
    await turnsOf(page).getByText('still speaking').waitFor({ state: 'attached' });
    server.hint({ callId: 'call-1', turnId: 't1', speaker: 'agent', text: 'Hello, I would like a table' });
    await turnsOf(page).getByText('Hello, I would like a table').waitFor();
    server.tell('call-1', settle('t1', 'Hello, I would like a table for two.'));
    await turnsOf(page).getByText('for two.').waitFor();
    await turnsOf(page).getByText('still speaking').waitFor({ state: 'detached' });
    expect(await turnsOf(page).count()).toBe(1);
    expect(await page.locator('[aria-live]', { hasText: 'Agent: Hello' }).innerText()).toContain('for two.');
  });

  test('what the person cut off is marked, and digits and tools stand where they happened', async () => {
    happen('call-1', [
      ...answered,
      speak('t1', 'agent', null),
      { type: 'barge-in', turnId: 't1', heardMs: 1500 },
      settle('t1', 'We have Tuesday, or', true),
      speak('t2', 'person', 't1'),
      settle('t2', 'Tuesday is fine'),
      { type: 'digits-pressed', by: 'agent', digits: '12#' },
      {
        type: 'tool-called',
        toolCallId: 'c1',
        name: 'report_outcome',
        arguments: '{"day":"Tuesday"}',
        afterTurnId: 't2',
      },
      { type: 'tool-answered', toolCallId: 'c1', output: 'noted' },
    ]);
    const page = await open('/calls/call-1');
    await turnsOf(page).getByText('Interrupted after 1.5 s').waitFor();
    await turnsOf(page).getByText('12#').waitFor();
    await page.getByText('Agent used report outcome').click();
    await turnsOf(page).getByText('"day": "Tuesday"').waitFor();
    await turnsOf(page).getByText('noted').waitFor();
    const first = await turnsOf(page).nth(0).innerText();
    const second = await turnsOf(page).nth(1).innerText();
    expect([first.includes('Agent'), second.includes('Person')]).toEqual([true, true]);
    expect(second).not.toContain('Interrupted');
  });

  test('a lost connection is said, and what happened meanwhile comes once and completely', async () => {
    happen('call-1', [...answered, speak('t1', 'agent', null), settle('t1', 'First')]);
    const page = await open('/calls/call-1');
    await turnsOf(page).getByText('First').waitFor();

    server.isDeaf = true;
    server.dropSockets();
    await page.getByText('Connection lost, reconnecting').waitFor();
    happen('call-1', [speak('t2', 'person', 't1'), settle('t2', 'Second')]);
    server.isDeaf = false;
    await turnsOf(page).getByText('Second').waitFor();
    await page.getByText('Connection lost, reconnecting').waitFor({ state: 'detached' });
    happen('call-1', [speak('t3', 'agent', 't2'), settle('t3', 'Third')]);
    await turnsOf(page).getByText('Third').waitFor();

    const words = await turnsOf(page).allInnerTexts();
    expect(words.map((text) => /First|Second|Third/.exec(text)?.[0])).toEqual(['First', 'Second', 'Third']);
    expect(server.opened.map(({ after }) => after)).toEqual(['0', '7']);
  });

  test('a list that was cut off catches up with calls it has not seen', async () => {
    happen('call-1', answered);
    const page = await open('/');
    await page.getByText('On the line').waitFor();
    server.isDeaf = true;
    server.dropSockets();
    await page.getByText('Connection lost').waitFor();
    server.tell('call-1', {
      type: 'call-ended',
      state: 'failed',
      endReason: endReason('carrier', 'busy'),
      endedAt: Date.now(),
    });
    server.tell('call-2', requested({ to: '+14155550102', goal: 'Ask for the opening hours' }));
    server.isDeaf = false;
    await page.getByText('Ask for the opening hours').waitFor();
    await page.getByText('The line was busy.').waitFor();
    expect(await page.getByText('Ask for the opening hours').count()).toBe(1);
  });

  test('a server out of reach is told, and the list comes as soon as it is back', async () => {
    happen('call-1', answered);
    server.isDeaf = true;
    const page = await open('/');
    await page.getByRole('alert').getByText('The server does not answer.').waitFor();
    server.isDeaf = false;
    await page.getByText('On the line').waitFor();
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' });
    expect(await page.getByText('Book a table for two').count()).toBe(1);
  });

  test('the form places a call with its details and leads to its page, and back leads to the list', async () => {
    const page = await open('/');
    await page.getByLabel('Number', { exact: true }).fill(number);
    await page.getByLabel('Goal').fill('Book a table');
    await page.getByText('Details, voicemail, result and limits').click();
    await page.getByLabel('Details').fill('name: Rivera\nparty size: 2');
    await page.getByLabel('Instructions').fill('Be brief');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel call' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/calls/placed-1');
    expect(server.placed).toEqual([
      {
        to: number,
        goal: 'Book a table',
        context: { name: 'Rivera', 'party size': '2' },
        instructions: 'Be brief',
      },
    ]);

    await page.evaluate(() => document.body.setAttribute('data-kept', ''));
    await page.goBack();
    await page.getByRole('region', { name: 'Now' }).getByText('Book a table').click();
    await page.getByRole('button', { name: 'Cancel call' }).waitFor();
    await page.getByRole('link', { name: 'All calls' }).click();
    await page.getByRole('region', { name: 'Now' }).waitFor();
    expect(await page.locator('body[data-kept]').count()).toBe(1);
  });

  test('a secret goes along with its call, masked as it is typed, and stays nowhere in the page', async () => {
    const page = await open('/');
    await page.getByLabel('Number', { exact: true }).fill(number);
    await page.getByLabel('Goal').fill('Ask for the balance');
    await page.getByText('When, and recording').click();
    expect(await page.getByLabel('Record the call').isDisabled()).toBe(true);
    await page.getByText('Calls are not recorded here').waitFor();
    await page.getByText('What the agent may do').click();
    await page.getByRole('button', { name: 'Add a secret' }).click();
    await page.keyboard.type('pin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('8642#');
    expect(await page.getByLabel('Keys of the secret').getAttribute('type')).toBe('password');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel call' }).waitFor();
    expect(server.placed).toEqual([
      {
        to: number,
        goal: 'Ask for the balance',
        authority: { secrets: [{ name: 'pin', digits: '8642#' }] },
      },
    ]);
    await page.getByRole('link', { name: 'All calls' }).click();
    await page.getByRole('button', { name: 'Call', exact: true }).waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([
        window.location.href,
        { ...localStorage },
        { ...sessionStorage },
        window.history.state,
        document.body.outerHTML,
        [...document.querySelectorAll('input')].map(({ value }) => value),
      ]),
    );
    expect(kept).not.toContain('8642');
  });

  test('on a phone the calls come before the form, which unfolds and folds up', async () => {
    happen('call-1', [requested({ to: number, goal: 'Book a table' })]);
    const page = await open('/', { viewport: { width: 375, height: 700 } });
    await page.getByRole('region', { name: 'Now' }).getByText('Book a table').waitFor();
    expect(await page.getByLabel('Goal').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Place a call' }).click();
    await page.getByLabel('Number', { exact: true }).and(page.locator(':focus')).waitFor();
    await page.getByRole('button', { name: 'Fold the form up' }).click();
    await page.getByRole('button', { name: 'Place a call' }).and(page.locator(':focus')).waitFor();
    expect(await page.getByLabel('Goal').isVisible()).toBe(false);
  });

  test('what the server refuses is told in the form, which keeps what was typed', async () => {
    server.refusal = { status: 403, code: 'not-permitted', message: 'Emergency numbers are never called.' };
    const page = await open('/');
    await page.getByLabel('Number', { exact: true }).fill('+1911');
    await page.getByLabel('Goal').fill('Try it');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByRole('alert').getByText('Emergency numbers are never called.').waitFor();
    expect(await page.getByLabel('Number', { exact: true }).inputValue()).toBe('+1911');
    expect(await page.getByRole('button', { name: 'Call', exact: true }).isEnabled()).toBe(true);
  });

  test('details that are not "name: value" are told before anything is asked for', async () => {
    const page = await open('/');
    await page.getByLabel('Number', { exact: true }).fill(number);
    await page.getByLabel('Goal').fill('Book');
    await page.getByText('Details, voicemail, result and limits').click();
    await page.getByLabel('Details').fill('for two');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByRole('alert').getByText('for two').waitFor();
    expect(server.placed).toEqual([]);
  });

  test('hanging up asks the server once, and the button goes when the call has ended', async () => {
    happen('call-1', answered);
    const page = await open('/calls/call-1');
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByRole('button', { name: 'Hanging up…' }).waitFor();
    await expect.poll(() => server.canceled).toEqual(['call-1']);
    server.tell('call-1', {
      type: 'call-ended',
      state: 'canceled',
      endReason: endReason('owner', 'canceled'),
      endedAt: Date.now(),
    });
    await page.getByText('The call was canceled by its owner.').waitFor();
    await page.getByRole('button', { name: /hang/i }).waitFor({ state: 'detached' });
    expect(await page.getByRole('region', { name: 'Take a hand' }).count()).toBe(0);
  });

  test('the quote behind a value leads to the turn that carries it', async () => {
    happen('call-1', [
      ...answered,
      speak('t1', 'person', null),
      settle('t1', 'Friday at half past seven, then.'),
      {
        type: 'outcome-reported',
        outcome: {
          status: 'confirmed',
          summary: 'Booked.',
          entities: { party_time: { value: '19:30', status: 'stated', quote: 'half past seven', turn: 0 } },
        },
      },
    ]);
    const page = await open('/calls/call-1');
    await page.getByText('party time').waitFor();
    await page.getByRole('button', { name: 'half past seven' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('turn-t1');
  });

  test('a call nobody knows and a number to try in the demo are both told', async () => {
    server.isDemo = true;
    const page = await open('/calls/nobody');
    await page.getByText('There is no such call').waitFor();
    await page.getByRole('link', { name: 'All calls' }).click();
    await page.getByText('Demo: numbers to try').click();
    await page.getByRole('button', { name: 'Fully booked' }).click();
    expect(await page.getByLabel('Number', { exact: true }).inputValue()).toBe('+14155550102');
  });

  test('calls beyond the first page come when asked for, each once', async () => {
    for (let index = 0; index < 60; index += 1) server.tell(`call-${index}`, booking, 1_000 + index);
    const page = await open('/');
    const rows = page.getByRole('region', { name: 'Now' }).getByRole('listitem');
    await page.getByRole('button', { name: 'Show earlier calls' }).waitFor();
    expect(await rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show earlier calls' }).click();
    await page.getByRole('button', { name: 'Show earlier calls' }).waitFor({ state: 'detached' });
    expect(await rows.count()).toBe(60);
  });

  test('a search goes on past calls that hold nothing, until it has found what there is', async () => {
    server.tell('call-0', requested({ to: number, goal: 'Water the plants' }), 1_000);
    for (let index = 1; index < 200; index += 1) server.tell(`call-${index}`, booking, 1_000 + index);
    const page = await open('/');
    await page.getByRole('button', { name: 'Show earlier calls' }).waitFor();
    await page.getByLabel('Search calls').fill('plants');
    await page.getByText('Water the plants').waitFor();
    await page.getByText('Looking…').waitFor({ state: 'detached' });
    expect(await page.getByRole('region', { name: 'Now' }).getByRole('listitem').count()).toBe(1);
    await page.getByLabel('Search calls').fill('weeds');
    await page.getByText('No such calls').waitFor();
  });

  test('no page is wider than a phone', async () => {
    const goal = 'Book a table and askaboutaverylongwordthatnobodyeverwrotebutthatmightcomeanyway';
    happen('call-1', [
      requested({ to: number, goal }),
      ...answered.slice(1),
      speak('t1', 'agent', null),
      settle('t1', `Hello ${'x'.repeat(120)}`),
    ]);
    for (const path of ['/', '/calls/call-1']) {
      const page = await open(path, { viewport: { width: 360, height: 700 } });
      await page.getByText(goal).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(360);
    }
  });

  test('words without a gap leave the page as wide as the window, and those from right to left stand so', async () => {
    const goal = 'שולחן לשניים #2';
    happen('call-1', [
      requested({ to: number, goal }),
      ...answered.slice(1),
      speak('t1', 'person', null),
      settle('t1', 'שלום #98'),
      {
        type: 'outcome-reported',
        outcome: {
          status: 'failed',
          summary: 'x'.repeat(120),
          entities: { word: { value: 'y'.repeat(120), status: 'stated', quote: 'z'.repeat(120), turn: 0 } },
        },
      },
      {
        type: 'call-ended',
        state: 'completed',
        endReason: endReason('person', 'hung_up'),
        endedAt: Date.now(),
      },
    ]);
    const page = await open('/calls/call-1', { viewport: { width: 1280, height: 800 } });
    await page.getByText('x'.repeat(120)).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
    const directionOf = (text: string) =>
      page.getByText(text, { exact: true }).evaluate((shown) => getComputedStyle(shown).direction);
    expect([await directionOf('שלום #98'), await directionOf(goal)]).toEqual(['rtl', 'rtl']);
  });

  test('the number of a call that can be called off is read whole on a phone', async () => {
    happen('call-1', [requested({ to: '+4930123456789', goal: 'Ring later' })]);
    const page = await open('/calls/call-1', { viewport: { width: 375, height: 700 } });
    await page.getByRole('button', { name: 'Cancel call' }).waitFor();
    const heading = page.getByRole('heading', { level: 1 });
    expect(await heading.evaluate((shown) => shown.scrollWidth - shown.clientWidth)).toBe(0);
  });
});
