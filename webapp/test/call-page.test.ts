import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallHappening } from '../../websocket-server/src/call/call-event.ts';
import { endReason } from '../../websocket-server/src/call/end-reason.ts';
import { axeFaults, openPage } from './browsing.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { FakeServer } from './fake-server.ts';
import { requested } from './happenings.ts';
import { talkOf } from './wav.ts';

const second = 1000;
const phone = { width: 375, height: 720 };

describe.skipIf(chromiumPath === undefined)('the page of one call', () => {
  let browser: Browser;
  let server: FakeServer;
  let origin: string;

  beforeAll(async () => {
    browser = await launchChromium(chromiumPath ?? '', ['--autoplay-policy=no-user-gesture-required']);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    server = new FakeServer();
    origin = await server.listen();
  });
  afterEach(() => server.close());

  const open = (options?: BrowserContextOptions) => openPage(browser, `${origin}/calls/call-1`, options);

  /** @param told what happened, each so many s after the answer */
  function happened(answeredAt: number, told: readonly (readonly [number, CallHappening])[]): void {
    server.tell('call-1', requested({ to: '+14155550101', goal: 'Book a table' }), answeredAt - 5 * second);
    server.tell('call-1', { type: 'call-answered' }, answeredAt);
    for (const [at, happening] of told) server.tell('call-1', happening, answeredAt + at * second);
  }

  const barsOf = (page: Page, lane: number) =>
    page
      .getByRole('region', { name: 'Timeline' })
      .locator('svg path[vector-effect]')
      .nth(lane)
      .getAttribute('d')
      .then((drawn) => (drawn ?? '').split('M').length - 1);

  const figures = (page: Page) => page.getByRole('region', { name: 'Timeline' }).locator('dl').textContent();

  test('a call that waits for its time offers to cancel it, and nothing that is for a person on the line', async () => {
    const at = Date.now() + 3600 * second;
    server.tell('call-1', { ...requested({ to: '+14155550101', goal: 'Book a table' }), scheduledAt: at });
    for (const viewport of [phone, undefined]) {
      const page = await open(viewport === undefined ? {} : { viewport });
      await page.getByText('It is checked again then').waitFor();
      expect(await page.getByRole('region', { name: 'Take a hand' }).count()).toBe(0);
      expect(await page.locator('button:disabled, input:disabled').count()).toBe(0);
      expect(await axeFaults(page)).toEqual([]);
      if (viewport === undefined) await page.getByRole('button', { name: 'Cancel call' }).click();
    }
    await expect.poll(() => server.canceled).toEqual(['call-1']);
  });

  test('how loud both are is drawn as it is told, and what is kept stands for it', async () => {
    const answeredAt = Date.now() - 10 * second;
    happened(answeredAt, []);
    const page = await open({ viewport: phone });
    await page.getByText('Nothing has been said yet.').waitFor();
    const piece = (fromS: number, person: string, agent: string) => ({
      fromAt: answeredAt + fromS * second,
      stepMs: 100,
      person: person.repeat(10),
      agent: agent.repeat(10),
    });
    server.sound({ callId: 'call-1', ...piece(1, 'Z', 'A') });
    server.sound({ callId: 'call-1', ...piece(2, 'A', 'f') });
    await expect.poll(() => barsOf(page, 0)).toBeGreaterThan(2);
    await page.getByText('Somebody is speaking: the words follow.').waitFor();
    await expect.poll(() => figures(page)).toMatch(/Agent spoke1 sPerson spoke1 s/u);
    const [person, agent] = [await barsOf(page, 0), await barsOf(page, 1)];
    expect(agent).toBeGreaterThan(2);
    server.tell('call-1', { type: 'loudness-noted', ...piece(1, 'Z', 'A') });
    server.tell('call-1', { type: 'loudness-noted', ...piece(2, 'A', 'f') });
    server.tell('call-1', { type: 'digits-pressed', by: 'agent', digits: '12#' });
    await page.getByRole('list', { name: 'Transcript' }).getByText('12#').waitFor();
    expect([await barsOf(page, 0), await barsOf(page, 1)]).toEqual([person, agent]);
  });

  test('a recording is drawn, played from a turn and from a quote, and the turn that is heard is marked', async () => {
    server.recording = talkOf(10);
    const answeredAt = Date.now() - 60 * second;
    happened(answeredAt, [
      [0, { type: 'recording-started', recordingId: 'RE1' }],
      [1, { type: 'turn-started', turnId: 't1', speaker: 'agent', afterTurnId: null }],
      [2, { type: 'turn-ended', turnId: 't1', text: 'Hello, a table for two?', isInterrupted: false }],
      [3, { type: 'turn-started', turnId: 't2', speaker: 'person', afterTurnId: 't1', lastedMs: 900 }],
      [3, { type: 'turn-ended', turnId: 't2', text: 'At half past seven.', isInterrupted: false }],
      [5, { type: 'turn-started', turnId: 't3', speaker: 'agent', afterTurnId: 't2' }],
      [9, { type: 'turn-ended', turnId: 't3', text: 'Thank you, goodbye.', isInterrupted: false }],
      [
        9,
        {
          type: 'outcome-reported',
          outcome: {
            status: 'confirmed',
            summary: 'Booked.',
            entities: { time: { value: '19:30', status: 'stated', quote: 'half past seven', turn: 1 } },
          },
        },
      ],
      [
        10,
        {
          type: 'call-ended',
          state: 'completed',
          endReason: endReason('agent', 'said_goodbye'),
          endedAt: answeredAt + 10 * second,
        },
      ],
    ]);
    const page = await open();
    const transcript = page.getByRole('list', { name: 'Transcript' });
    const heard = transcript.locator('[aria-current=true]');
    const recording = page.getByRole('group', { name: 'Recording' });
    await page.locator('canvas').nth(1).waitFor({ state: 'attached' });

    await transcript.getByRole('button', { name: /^Play from here: Agent, Thank/ }).click();
    await heard.getByText('Thank you, goodbye.').waitFor();
    await recording.getByRole('button', { name: 'Pause' }).click();
    await heard.waitFor({ state: 'detached' });
    expect(Number(await recording.getByRole('slider').inputValue())).toBeGreaterThanOrEqual(47);

    await page.getByRole('region', { name: 'Outcome' }).getByRole('button').click();
    await heard.getByText('At half past seven.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('turn-t2');
    expect(await axeFaults(page)).toEqual([]);
  });

  test('a recording too long to be drawn has its place shown over the turns', async () => {
    server.recording = talkOf(10);
    const answeredAt = Date.now() - 3600 * second;
    const endedAt = answeredAt + 2400 * second;
    happened(answeredAt, [
      [0, { type: 'recording-started', recordingId: 'RE1' }],
      [1, { type: 'turn-started', turnId: 't1', speaker: 'agent', afterTurnId: null }],
      [2, { type: 'turn-ended', turnId: 't1', text: 'Hello.', isInterrupted: false }],
      [
        2400,
        { type: 'call-ended', state: 'completed', endReason: endReason('agent', 'said_goodbye'), endedAt },
      ],
    ]);
    const page = await open();
    const playhead = page.locator('[data-playhead]');
    const leftOf = () => playhead.evaluate((element) => Number.parseFloat(element.style.left));
    await playhead.waitFor({ state: 'attached' });
    const before = await leftOf();
    const slider = page.getByRole('group', { name: 'Recording' }).getByRole('slider');
    await slider.and(page.locator(':enabled')).fill('80');
    await expect.poll(leftOf).toBeGreaterThan(before);
    expect(await page.locator('canvas').count()).toBe(0);
  });

  test('a tool that its owner answers by hand shows what it is asked, and keys are pressed by keyboard', async () => {
    happened(Date.now() - 5 * second, [
      [1, { type: 'turn-started', turnId: 't1', speaker: 'person', afterTurnId: null }],
      [1, { type: 'turn-ended', turnId: 't1', text: 'Is Friday free?', isInterrupted: false }],
      [
        2,
        {
          type: 'tool-called',
          toolCallId: 'c1',
          name: 'check_calendar',
          arguments: '{"day":"Friday"}',
          afterTurnId: 't1',
        },
      ],
      [
        2,
        {
          type: 'question-asked',
          questionId: 'c1',
          question: 'The agent uses the tool "check_calendar" …',
          expiresAt: Date.now() + 60 * second,
        },
      ],
    ]);
    const page = await open({ viewport: phone, colorScheme: 'dark' });
    const asked: unknown[] = [];
    await page.route('**/api/calls/call-1/*', async (route) => {
      asked.push(route.request().postDataJSON());
      await route.fulfill({ json: { accepted: true, done: true } });
    });
    await page.getByRole('alert').getByText('What does check calendar answer?').waitFor();
    await page.getByLabel('What the tool is asked').getByText('"day": "Friday"').waitFor();
    await page.getByLabel('Your answer').fill('{"free": true');
    await page.getByText('This is no whole JSON').waitFor();
    await page.getByLabel('Your answer').press('End');
    await page.getByLabel('Your answer').pressSequentially('}');
    await page.getByRole('button', { name: 'Answer', exact: true }).click();
    await expect.poll(() => asked).toEqual([{ questionId: 'c1', answer: '{"free": true}' }]);

    await page.getByRole('button', { name: 'Keypad' }).click();
    await page.getByRole('group', { name: 'Keypad' }).getByRole('button', { name: '1', exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.keyboard.press('#');
    await page.getByRole('button', { name: 'Press', exact: true }).click();
    await page.getByText('The keys are being pressed.').waitFor();
    expect(asked.at(-1)).toEqual({ action: 'press', value: '2#' });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width);
    expect(await axeFaults(page)).toEqual([]);
  });
});
