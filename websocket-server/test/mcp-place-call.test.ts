import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endReason } from '../src/call/end-reason.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import { openMcpUser } from './fakes/mcp-user.ts';
import type { McpUser } from './fakes/mcp-user.ts';
import { answerOf, post, rpc } from './fakes/mcp-wire.ts';

const errand = { to: '+14155550102', goal: 'Book a table for two' };

let house: McpHouse;
let user: McpUser;
beforeEach(async () => {
  house = await openMcpHouse();
  user = await openMcpUser(house.url);
});
afterEach(async () => {
  await user.client.close();
  await house.close();
});

describe('placing a call', () => {
  test('hands everything over and answers at once', async () => {
    const result = await user.resultOf('telephony_call', {
      ...errand,
      from: '+14155550199',
      context: { name: 'Smith' },
      instructions: 'Be brief.',
      timeoutSec: 120,
      idempotencyKey: 'dinner',
      resultSchema: { type: 'object', properties: { time: { type: 'string' } } },
      voicemail: { action: 'leave_message' },
      voice: 'cedar',
      language: 'de-AT',
      callee: 'person',
      scheduleAt: '2026-03-02T09:30:00+01:00',
    });
    expect(house.control.requests).toEqual([
      {
        ...errand,
        from: '+14155550199',
        context: { name: 'Smith' },
        instructions: 'Be brief.',
        maxDurationSeconds: 120,
        idempotencyKey: 'dinner',
        resultSchema: { type: 'object', properties: { time: { type: 'string' } } },
        voicemail: { action: 'leave_message', message: null },
        voice: 'cedar',
        language: 'de-AT',
        callee: 'person',
        scheduleAt: '2026-03-02T09:30:00+01:00',
      },
    ]);
    expect(result).toEqual({
      callId: 'call_1',
      state: 'dialing',
      url: 'http://localhost:8081/calls/call_1',
      result: null,
      error: null,
      endReason: null,
      question: null,
      nextAction:
        'The number is being dialed: call telephony_wait with callId "call_1", and again until the call has ended.',
    });
  });

  test('names other tools in the style that the client used', async () => {
    const result = await user.resultOf('telephony.call', errand);
    expect(result['nextAction']).toContain('telephony.wait');
  });

  test('takes null for an argument left out', async () => {
    await user.resultOf('telephony_call', { ...errand, from: null, context: null, waitSec: null });
    expect(house.control.requests[0]?.from).toBeUndefined();
  });

  test('dials nothing in a dry run, and says so', async () => {
    const result = await user.resultOf('telephony_call', { ...errand, dryRun: true });
    expect(result).toMatchObject({ callId: null, state: null });
    expect(house.control.requests).toEqual([]);
    expect(await user.refusalOf('telephony_call', { ...errand, to: '+1911000000', dryRun: true })).toBe(
      'Emergency numbers are never dialed.',
    );
  });

  test('a dry run of a call that policy refuses tells every reason and what can be changed', async () => {
    const reasons = [
      { rule: 'country', message: 'Not that country.', howToChange: 'Set ALLOWED_COUNTRIES.' },
      { rule: 'do-not-call', message: 'They asked not to be called.', howToChange: 'Ask them.' },
    ];
    house.control.verdict = { allowed: false, reasons, warnings: ['It is late there.'] };
    const result = await user.resultOf('telephony_call', { ...errand, dryRun: true });
    expect(result).toMatchObject({ callId: null, allowed: false, reasons, warnings: ['It is late there.'] });
    expect(house.control.requests).toEqual([]);
  });

  test('waits for the end if it is asked to, and then brings the result', async () => {
    const asked = user.resultOf('telephony_call', { ...errand, waitSec: 50 });
    await house.control.waiters(1);
    house.control.happens('call_1', { type: 'call-ringing' });
    house.control.ends('call_1', 'failed', endReason('carrier', 'busy'));
    expect(await asked).toMatchObject({ callId: 'call_1', state: 'failed', error: 'The line was busy.' });
  });

  test('waits no longer than asked', async () => {
    const result = await user.resultOf('telephony_call', { ...errand, waitSec: 0.01 });
    expect(result).toMatchObject({ callId: 'call_1', state: 'dialing' });
  });

  test('returns the first call for a repeated idempotency key', async () => {
    const first = await user.resultOf('telephony_call', { ...errand, idempotencyKey: 'dinner' });
    expect(await user.resultOf('telephony_call', { ...errand, idempotencyKey: 'dinner' })).toEqual(first);
  });
});

describe('an argument that cannot be used is answered with what to change', () => {
  test.each([
    [{ goal: 'x' }, '"to" is missing: it must be a string.'],
    [{ to: 14155550102, goal: 'x' }, '"to" must be a string.'],
    [{ to: '555', goal: 'x' }, '"to" must be a phone number in E.164, like "+14155550102".'],
    [{ ...errand, goal: '  ' }, '"goal" must not be empty.'],
    [{ ...errand, context: 'dinner' }, '"context" must be a JSON object.'],
    [{ ...errand, timeoutSec: 0 }, '"timeoutSec" must be at least 1.'],
    [{ ...errand, timeoutSec: 1.5 }, '"timeoutSec" must be a whole number.'],
    [{ ...errand, waitSec: 51 }, '"waitSec" must be at most 50.'],
    [{ ...errand, waitSec: '10' }, '"waitSec" must be a number.'],
    [{ ...errand, dryRun: 'yes' }, '"dryRun" must be true or false.'],
    [
      { ...errand, voicemail: { action: 'sing' } },
      '"voicemail.action" must be one of "hang_up", "leave_message".',
    ],
    [
      { ...errand, voicemail: { action: 'hang_up', message: 'Hi' } },
      '"voicemail.message" goes with the action "leave_message": change the action or leave it out.',
    ],
    [{ ...errand, voicemail: { action: 'hang_up', tone: 1 } }, '"voicemail" has no "tone": leave it out.'],
    [{ ...errand, authority: { facts: {} } }, '"authority.facts" must be a list.'],
  ])('%j', async (args, sentence) => {
    expect(await user.refusalOf('telephony_call', args)).toBe(sentence);
    expect(house.control.requests).toEqual([]);
  });

  test('an unknown argument is named, and so are the known ones', async () => {
    const refusal = await user.refusalOf('telephony_call', { ...errand, when: 'tomorrow' });
    expect(refusal).toContain(
      'telephony_call takes no argument "when": leave it out. It takes "to", "goal", "from"',
    );
  });

  test.each([100, 10_000])('what is nested %i levels deep is to be made flatter', async (levels) => {
    const context = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const request = JSON.stringify(
      rpc('tools/call', { name: 'telephony.call', arguments: { ...errand, context: 'deep' } }),
    );
    const { result } = await answerOf(await post(house.url, request.replace('"deep"', context)));
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: 'The arguments are nested more than 64 levels deep: make them flatter.' }],
    });
    expect(house.control.requests).toEqual([]);
  });

  test('two problems get two sentences', async () => {
    expect(await user.refusalOf('telephony_call', {})).toBe(
      '"to" is missing: it must be a string. "goal" is missing: it must be a string.',
    );
  });

  test.each(['telephony_status', 'telephony_wait', 'telephony_cancel', 'telephony_transcript'])(
    '%s says so when no call has that id',
    async (tool) => {
      expect(await user.refusalOf(tool, { callId: 'call_99' })).toContain('No call has the id "call_99".');
    },
  );
});

test('a fault inside stays inside', async () => {
  house.control.fault = new Error('connection to 10.0.0.7 lost at /srv/app/db.ts:12');
  const refusal = await user.refusalOf('telephony_call', errand);
  expect(refusal).toContain('Something went wrong');
  expect(refusal).not.toMatch(/10\.0\.0\.7|db\.ts/);
});
