import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { endReason } from '../src/call/end-reason.ts';
import { askedUsers, openModernUser, openOldUser } from './fakes/asked-user.ts';
import type { AskedUser, FormFilling } from './fakes/asked-user.ts';
import { fakeStart } from './fakes/fake-call-control.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import { openMcpUser } from './fakes/mcp-user.ts';
import { answerOf, modern, modernMeta, post } from './fakes/mcp-wire.ts';

const errand = { to: '+14155550102', goal: 'Book a table for two' };
const callId = 'call_1';
const asked = {
  type: 'question-asked',
  questionId: 'question_1',
  question: 'Is half past eight fine?',
  expiresAt: fakeStart + 60_000,
} as const;
const yes = { action: 'accept', content: { answer: 'Yes.' } } as const;

let house: McpHouse;
const users: AskedUser[] = [];
beforeEach(async () => {
  house = await openMcpHouse();
});
afterEach(async () => {
  await Promise.all(users.splice(0).map((user) => user.close()));
  await house.close();
});

function ends() {
  house.control.ends(callId, 'completed', endReason('agent', 'said_goodbye'));
}

describe.each(askedUsers)('while %s waits', (_who, open) => {
  const joins = async (fill: FormFilling) => {
    const user = await open(house.url, fill);
    users.push(user);
    return user;
  };

  test('a call that asks is placed once, and its question put once', async () => {
    const fill = vi.fn<FormFilling>(() => yes);
    const user = await joins(fill);
    const waited = user.call('telephony_call', { ...errand, waitSec: 50 });
    await house.control.waiters(1);
    house.control.happens(callId, asked);
    await expect.poll(async () => (await house.control.read(callId)).call.question).toBeNull();
    await house.control.waiters(1);
    ends();
    expect(await waited).toMatchObject({
      callId,
      state: 'completed',
      ownerAnswer: { answer: 'Yes.', accepted: true },
    });
    expect(house.control.requests).toHaveLength(1);
    expect(fill).toHaveBeenCalledOnce();
    expect(fill.mock.calls[0]?.[0]).toContain(asked.question);
  });

  test.each(['decline', 'cancel'] as const)('a question met by %s is not put again', async (action) => {
    const fill = vi.fn<FormFilling>(() => ({ action }));
    const user = await joins(fill);
    await house.control.place(errand);
    house.control.happens(callId, asked);
    const told = {
      question: { questionId: asked.questionId },
      nextAction: expect.stringContaining('telephony_answer'),
    };
    expect(await user.call('telephony_wait', { callId })).toMatchObject(told);
    expect(await user.call('telephony_wait', { callId })).toMatchObject(told);
    expect(fill).toHaveBeenCalledOnce();
    house.control.happens(callId, { type: 'question-answered', questionId: asked.questionId, answer: null });
    house.control.happens(callId, { ...asked, questionId: 'question_2' });
    await user.call('telephony_wait', { callId });
    expect(fill).toHaveBeenCalledTimes(2);
  });

  test('two waits at a time put the question once, and both go on with the answer', async () => {
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => (answer = resolve));
    const fill = vi.fn<FormFilling>(async () => {
      await isAnswered;
      return yes;
    });
    const user = await joins(fill);
    await house.control.place(errand);
    const { cursor: after } = await user.call('telephony_wait', { callId, timeoutSec: 0 });
    const waits = [1, 2].map(() => user.call('telephony_wait', { callId, after, timeoutSec: 50 }));
    await house.control.waiters(2);
    house.control.happens(callId, asked);
    await expect.poll(() => fill.mock.calls.length).toBe(1);
    answer();
    await expect.poll(async () => (await house.control.read(callId)).call.question).toBeNull();
    await house.control.waiters(1);
    ends();
    const told = await Promise.all(waits);
    expect(fill).toHaveBeenCalledOnce();
    expect(told.filter(({ ownerAnswer }) => ownerAnswer !== undefined)).toHaveLength(1);
  });

  test('who only looks is not asked', async () => {
    const fill = vi.fn<FormFilling>(() => yes);
    const user = await joins(fill);
    await house.control.place(errand);
    house.control.happens(callId, asked);
    expect(await user.call('telephony_wait', { callId, timeoutSec: 0 })).toMatchObject({
      question: { questionId: asked.questionId },
    });
    expect(fill).not.toHaveBeenCalled();
  });
});

test('an answer that comes too late is told so', async () => {
  const user = await openModernUser(house.url, () => {
    house.control.happens(callId, { type: 'question-answered', questionId: asked.questionId, answer: null });
    return yes;
  });
  users.push(user);
  await house.control.place(errand);
  house.control.happens(callId, asked);
  const waited = user.call('telephony_wait', { callId });
  await house.control.waiters(1);
  house.control.happens(callId, { type: 'call-ringing' });
  expect(await waited).toMatchObject({
    question: null,
    ownerAnswer: { answer: 'Yes.', accepted: false },
  });
});

test('a 2025 client takes the form away when the question was answered elsewhere', async () => {
  let taken = () => {};
  const isTaken = new Promise<void>((resolve) => (taken = resolve));
  let shown = () => {};
  const isShown = new Promise<void>((resolve) => (shown = resolve));
  vi.stubGlobal('WebSocket', WebSocket);
  const fill: FormFilling = async (_message, signal) => {
    shown();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    taken();
    return { action: 'cancel' };
  };
  const user = await openOldUser(house.url, fill, new WebSocketClientTransport(house.webSocketUrl));
  users.push(user);
  await house.control.place(errand);
  house.control.happens(callId, asked);
  const waited = user.call('telephony_wait', { callId });
  await isShown;
  await house.control.answer(callId, asked.questionId, 'Yes.');
  await isTaken;
  expect(await waited).toMatchObject({ question: null });
  vi.unstubAllGlobals();
});

test('a form that nobody fills in is taken back before the client gives the request up', async () => {
  let shown = () => {};
  const isShown = new Promise<void>((resolve) => (shown = resolve));
  const user = await openOldUser(house.url, (_message, signal) => {
    shown();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ action: 'cancel' })));
  });
  users.push(user);
  await house.control.place(errand);
  house.control.happens(callId, asked);
  const waited = user.call('telephony_wait', { callId, timeoutSec: 5 });
  await isShown;
  house.clock.advance(50_000);
  expect(await waited).toMatchObject({ question: { questionId: asked.questionId } });
});

test('a client that cannot show a form is told the question, and answers by the tool', async () => {
  const user = await openMcpUser(house.url);
  await house.control.place(errand);
  house.control.happens(callId, asked);
  const told = await user.resultOf('telephony_wait', { callId });
  expect(told).toMatchObject({ question: { question: asked.question } });
  await user.client.close();
});

test('a client that may only read is never shown a form, which it could not answer', async () => {
  const headers = { 'test-scopes': 'calls:read' };
  const fill = vi.fn<FormFilling>(() => yes);
  const transport = new OldHttpTransport(house.url, { requestInit: { headers } });
  users.push(await openOldUser(house.url, fill, transport));
  await house.control.place(errand);
  house.control.happens(callId, asked);
  const told = await users[0]?.call('telephony_wait', { callId });
  expect(told).toMatchObject({ question: { questionId: asked.questionId } });
  expect(fill).not.toHaveBeenCalled();

  const wish = { name: 'telephony_wait', arguments: { callId } };
  const { body, headers: wire } = modern('tools/call', wish);
  const capabilities = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } };
  const message = { ...body, params: { ...wish, _meta: { ...modernMeta, ...capabilities } } };
  const { result } = await answerOf(await post(house.url, message, { ...wire, ...headers }));
  expect(result).toMatchObject({ resultType: 'complete', structuredContent: { callId } });
});

describe('a state that a client brings back', () => {
  const params = { name: 'telephony_call', arguments: { ...errand, waitSec: 50 } };
  const meta = {
    ...modernMeta,
    'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  };
  const send = async (extra: Record<string, unknown>) => {
    const { body, headers } = modern('tools/call', { ...params, ...extra });
    const message = { ...body, params: { ...params, ...extra, _meta: meta } };
    return answerOf(await post(house.url, message, { ...headers, accept: 'application/json' }));
  };

  /** @returns what the client is to bring back */
  async function stateOf(): Promise<string> {
    const answer = send({});
    await house.control.waiters(1);
    house.control.happens(callId, asked);
    const { result } = await answer;
    expect(result).toMatchObject({ resultType: 'input_required' });
    return String(result?.['requestState']);
  }

  test('is refused when it was tampered with, and nothing is dialed', async () => {
    const state = await stateOf();
    const { error } = await send({ requestState: `${state.slice(0, -2)}xx` });
    expect(error?.code).toBe(-32602);
    expect(house.control.requests).toHaveLength(1);
  });

  test('is refused with other arguments, and nothing is dialed', async () => {
    const requestState = await stateOf();
    const { result } = await send({ requestState, arguments: { ...params.arguments, to: '+14155550103' } });
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result)).toContain('requestState');
    expect(house.control.requests).toHaveLength(1);
  });

  test('without a reply is answered with the question again, and nothing is dialed', async () => {
    const requestState = await stateOf();
    expect((await send({ requestState })).result).toMatchObject({ resultType: 'input_required' });
    expect(house.control.requests).toHaveLength(1);
  });
});
