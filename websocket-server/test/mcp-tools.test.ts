import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endReason } from '../src/call/end-reason.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import { openMcpUser } from './fakes/mcp-user.ts';
import type { McpUser } from './fakes/mcp-user.ts';

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

/** A short call that books a table. */
async function bookedCall(): Promise<string> {
  const { callId } = await house.control.place(errand);
  house.control.happens(callId, { type: 'call-answered' });
  house.control.says(callId, 'person', 'Bella Vista, hello?');
  house.control.says(callId, 'agent', 'I would like a table for', true);
  house.control.happens(callId, {
    type: 'tool-called',
    toolCallId: 'tool-1',
    name: 'press_digits',
    arguments: '{"digits":"1"}',
    afterTurnId: 'turn-2',
  });
  house.control.happens(callId, { type: 'tool-answered', toolCallId: 'tool-1', output: 'ok' });
  house.control.happens(callId, {
    type: 'outcome-reported',
    outcome: {
      status: 'confirmed',
      summary: 'A table for two is booked.',
      entities: { time: { value: '19:30', status: 'stated', quote: 'half past seven', turn: 0 } },
    },
  });
  house.control.ends(callId, 'completed', endReason('agent', 'said_goodbye'));
  return callId;
}

describe('the list of tools', () => {
  test('tells a title, a description, both schemas and the annotations of each tool', async () => {
    const { tools } = await user.client.listTools();
    for (const tool of tools) {
      expect(tool).toMatchObject({ inputSchema: { type: 'object' }, outputSchema: { type: 'object' } });
      expect(tool.title).toMatch(/^[A-Z]/);
      expect(tool.description).toMatch(/\.$/);
    }
    const readOnly = tools.filter((tool) => tool.annotations?.readOnlyHint).map((tool) => tool.name);
    expect(readOnly).toEqual([
      'telephony_status',
      'telephony_wait',
      'telephony_transcript',
      'telephony_list',
    ]);
    expect(tools.find((tool) => tool.name === 'telephony_cancel')?.annotations).toMatchObject({
      destructiveHint: true,
      idempotentHint: true,
    });
  });

  test('asks for two arguments to place a call, and closes the door to unknown ones', async () => {
    const { tools } = await user.client.listTools();
    const { inputSchema } = tools[0] ?? {};
    expect(inputSchema?.required).toEqual(['to', 'goal']);
    expect(inputSchema?.['additionalProperties']).toBe(false);
    expect(Object.keys(inputSchema?.properties ?? {})).toEqual([
      'to',
      'goal',
      'from',
      'context',
      'instructions',
      'timeoutSec',
      'idempotencyKey',
      'resultSchema',
      'voicemail',
      'record',
      'voice',
      'language',
      'callee',
      'maxCostUsd',
      'authority',
      'scheduleAt',
      'waitSec',
      'dryRun',
    ]);
  });

  test('is the same, letter for letter, every time', async () => {
    const first = JSON.stringify((await user.client.listTools()).tools);
    const other = new Client(
      { name: 'other', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    await other.connect(new StreamableHTTPClientTransport(house.url));
    expect(JSON.stringify((await other.listTools()).tools)).toBe(first);
    await other.close();
  });

  test('describes every result that the tools give', async () => {
    const { tools } = await user.client.listTools();
    const callId = await bookedCall();
    const ajv = new Ajv2020({ strict: false });
    const uses: Record<string, readonly Record<string, unknown>[]> = {
      telephony_call: [errand, { ...errand, dryRun: true }],
      telephony_status: [{ callId }, { callId: 'call_2' }],
      telephony_wait: [{ callId }],
      telephony_transcript: [{ callId }],
      telephony_list: [{}],
      telephony_answer: [{ callId, questionId: 'q', answer: 'Yes' }],
      telephony_control: [{ callId, action: 'hold' }],
      telephony_cancel: [{ callId }],
    };
    for (const tool of tools) {
      const accepts = ajv.compile(tool.outputSchema as object);
      for (const args of uses[tool.name] ?? []) {
        expect(
          accepts(await user.resultOf(tool.name, args)),
          `${tool.name} ${ajv.errorsText(accepts.errors)}`,
        ).toBe(true);
      }
    }
  });
});

describe('the status', () => {
  test('of a running call tells how long it has been running', async () => {
    const { callId } = await house.control.place(errand);
    house.control.happens(callId, { type: 'call-answered' });
    house.clock.advance(14_000);
    expect(await user.resultOf('telephony_status', { callId })).toEqual({
      callId,
      state: 'connected',
      duration: 12,
      to: errand.to,
      from: '+14155550199',
      direction: 'outbound',
      scheduledAt: null,
      answeredBy: null,
      result: null,
      error: null,
      endReason: null,
      question: null,
      cost: {
        currency: 'USD',
        usd: null,
        modelUsd: 0,
        carrierUsd: null,
        isEstimate: true,
        unknown: 'The carrier’s rate for this call is not known.',
      },
      latency: null,
      noLongerKept: null,
      warning: null,
      url: `http://localhost:8081/calls/${callId}`,
      nextAction: `The call is running: call telephony_wait with callId "${callId}", and again until the call has ended.`,
    });
  });

  test('of a call that is over tells its result and why it ended', async () => {
    const callId = await bookedCall();
    expect(await user.resultOf('telephony_status', { callId })).toMatchObject({
      state: 'completed',
      error: null,
      endReason: { by: 'agent', why: 'said_goodbye' },
      result: {
        status: 'confirmed',
        summary: 'A table for two is booked.',
        entities: { time: { value: '19:30', status: 'stated', quote: 'half past seven', turn: 0 } },
      },
    });
  });

  test('of a call that never ran tells the error', async () => {
    const { callId } = await house.control.place(errand);
    house.control.ends(callId, 'failed', endReason('carrier', 'no_answer'));
    expect(await user.resultOf('telephony_status', { callId })).toMatchObject({
      state: 'failed',
      duration: 0,
      error: 'Nobody answered.',
    });
  });
});

describe('following a call', () => {
  test('cursor by cursor tells every turn once, in order, and then the end', async () => {
    const { callId } = await house.control.place(errand);
    const heard: unknown[] = [];
    const follow = async (after?: unknown) => {
      const news = await user.resultOf('telephony_wait', {
        callId,
        ...(after === undefined ? { timeoutSec: 0 } : { after }),
      });
      heard.push(...(news['turns'] as { content: string }[]).map((turn) => turn.content));
      return news;
    };
    const dialing = await follow();
    expect(dialing).toMatchObject({ state: 'dialing', turns: [] });
    expect(dialing['nextAction']).toContain(`and after "${String(dialing['cursor'])}"`);

    house.control.happens(callId, { type: 'call-answered' });
    house.control.says(callId, 'person', 'Hello?');
    const hello = await follow(dialing['cursor']);
    expect(hello).toMatchObject({ state: 'connected', turns: [{ role: 'user', content: 'Hello?' }] });

    const asked = follow(hello['cursor']);
    await house.control.waiters(1);
    house.control.ends(callId, 'completed', endReason('person', 'hung_up'));
    expect(await asked).toMatchObject({ state: 'completed', turns: [], endReason: { why: 'hung_up' } });
    expect(heard).toEqual(['Hello?']);
  });

  test('a tool of the agent is told once it has answered', async () => {
    const { callId } = await house.control.place(errand);
    house.control.happens(callId, {
      type: 'tool-called',
      toolCallId: 'tool-1',
      name: 'press_digits',
      arguments: '{"digits":"1"}',
      afterTurnId: null,
    });
    const before = await user.resultOf('telephony_wait', { callId, timeoutSec: 0 });
    expect(before['turns']).toEqual([]);
    house.control.happens(callId, { type: 'tool-answered', toolCallId: 'tool-1', output: 'ok' });
    const after = await user.resultOf('telephony_wait', { callId, after: before['cursor'] });
    expect(after['turns']).toMatchObject([{ role: 'tool', content: 'press_digits {"digits":"1"} -> ok' }]);
  });

  test('without a cursor waits for what comes next, and tells all turns so far', async () => {
    const { callId } = await house.control.place(errand);
    house.control.happens(callId, { type: 'call-answered' });
    house.control.says(callId, 'person', 'Hello?');
    const waited = user.resultOf('telephony_wait', { callId, timeoutSec: 50 });
    await house.control.waiters(1);
    house.control.says(callId, 'agent', 'Good morning.');
    expect(await waited).toMatchObject({ turns: [{ content: 'Hello?' }, { content: 'Good morning.' }] });
  });

  test('without news it answers when the time is up', async () => {
    const { callId } = await house.control.place(errand);
    const news = await user.resultOf('telephony_wait', { callId, after: 'c2', timeoutSec: 0.01 });
    expect(news).toMatchObject({ state: 'dialing', turns: [], cursor: 'c2' });
  });

  test.each(['7', 'c', 'c-1', 'latest', 'c900'])('the cursor "%s" is none of this call', async (after) => {
    const { callId } = await house.control.place(errand);
    const sentence = /^"after" must be the "cursor" of an earlier answer/;
    expect(await user.refusalOf('telephony_wait', { callId, after })).toMatch(sentence);
    expect(await user.refusalOf('telephony_transcript', { callId, after })).toMatch(sentence);
  });
});

test('the transcript tells who said what and when, in spoken order', async () => {
  const callId = await bookedCall();
  const whole = await user.resultOf('telephony_transcript', { callId });
  expect(whole).toMatchObject({ callId, state: 'completed', result: { status: 'confirmed' } });
  expect(whole['transcript']).toEqual([
    { role: 'user', content: 'Bella Vista, hello?', timestamp: '2026-01-05T12:00:03.000Z' },
    {
      role: 'assistant',
      content: 'I would like a table for',
      timestamp: '2026-01-05T12:00:05.000Z',
      interrupted: true,
    },
    { role: 'tool', content: 'press_digits {"digits":"1"} -> ok', timestamp: '2026-01-05T12:00:07.000Z' },
  ]);
  const rest = await user.resultOf('telephony_transcript', { callId, after: 'c5' });
  expect(rest['transcript']).toHaveLength(2);
  const none = await user.resultOf('telephony_transcript', { callId, after: whole['cursor'] });
  expect(none['transcript']).toEqual([]);
});

describe('canceling', () => {
  test('twice is as good as once', async () => {
    const { callId } = await house.control.place(errand);
    expect(await user.resultOf('telephony_cancel', { callId })).toMatchObject({ success: true });
    expect(await user.resultOf('telephony_cancel', { callId })).toMatchObject({ success: true });
    expect(await user.resultOf('telephony_status', { callId })).toMatchObject({
      state: 'canceled',
      error: null,
    });
  });

  test('comes too late for a call that ended by itself', async () => {
    const callId = await bookedCall();
    expect(await user.resultOf('telephony_cancel', { callId })).toEqual({
      success: false,
      message: 'The call had already ended: The agent finished the errand and hung up after its goodbye.',
    });
  });
});

describe('the list of calls', () => {
  test('goes back page by page, newest first', async () => {
    for (const goal of ['first', 'second', 'third']) await house.control.place({ ...errand, goal });
    const page = await user.resultOf('telephony_list', { limit: 2 });
    expect(page).toMatchObject({ calls: [{ goal: 'third' }, { goal: 'second' }] });
    const next = await user.resultOf('telephony_list', { limit: 2, before: page['nextCursor'] });
    expect(next).toMatchObject({
      calls: [{ callId: 'call_1', goal: 'first', requestedAt: '2026-01-05T12:00:00.000Z' }],
      nextCursor: null,
    });
  });

  test('may be of one state only', async () => {
    await bookedCall();
    await house.control.place(errand);
    const page = await user.resultOf('telephony_list', { state: 'completed' });
    expect(page).toMatchObject({ calls: [{ callId: 'call_1', result: { status: 'confirmed' } }] });
    expect(page['calls']).toHaveLength(1);
    expect(await user.refusalOf('telephony_list', { state: 'open' })).toContain('must be one of "queued"');
  });
});

describe('a question of the agent', () => {
  test('is shown with what to do, answered once, and gone', async () => {
    const { callId } = await user.resultOf('telephony_call', errand);
    house.control.happens(String(callId), {
      type: 'question-asked',
      questionId: 'q1',
      question: 'Is half past eight fine?',
      expiresAt: Date.UTC(2026, 0, 5, 12, 1),
    });
    const status = await user.resultOf('telephony_status', { callId });
    expect(status).toMatchObject({
      question: {
        questionId: 'q1',
        question: 'Is half past eight fine?',
        expiresAt: '2026-01-05T12:01:00.000Z',
      },
      nextAction: expect.stringContaining('telephony_answer'),
    });
    const answer = { callId, questionId: 'q1', answer: 'Yes' };
    expect(await user.resultOf('telephony_answer', answer)).toMatchObject({ accepted: true });
    expect(await user.resultOf('telephony_answer', answer)).toMatchObject({ accepted: false });
    expect(await user.resultOf('telephony_status', { callId })).toMatchObject({ question: null });
  });

  test('steering reaches the call in the house’s words, and nonsense is told apart', async () => {
    const { callId } = await user.resultOf('telephony_call', errand);
    await user.resultOf('telephony_control', { callId, action: 'press', value: '1w2' });
    expect(house.control.steerings).toEqual([{ callId, request: { action: 'press', digits: '1w2' } }]);
    expect(await user.refusalOf('telephony_control', { callId, action: 'sing' })).toMatch(/action/);
  });
});
