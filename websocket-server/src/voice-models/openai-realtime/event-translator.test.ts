import { expect, test } from 'vitest';
import { EventTranslator } from './event-translator.ts';
import type { ServerEvent } from './server-events.ts';

function error(code: string, cause?: string): ServerEvent {
  return { type: 'error', code, message: 'as the vendor puts it', cause };
}

function ended(status: 'completed' | 'cancelled' | 'failed', failure?: string): ServerEvent {
  return { type: 'response-ended', responseId: 'resp_1', isAside: false, status, failure };
}

test('an item takes its place once, however often the wire announces it', () => {
  const translator = new EventTranslator();
  const committed = { type: 'item-added', itemId: 'i1', afterItemId: null, speaker: 'person' } as const;
  expect(translator.translate(committed)).toEqual([committed]);
  expect(translator.translate({ ...committed, afterItemId: 'i0' })).toEqual([]);
  expect(translator.translate({ ...committed, itemId: 'i2' })).toHaveLength(1);
});

test('a tool is called once, however often the wire announces it', () => {
  const translator = new EventTranslator();
  const call = {
    type: 'tool-called',
    toolCallId: 'c1',
    responseId: 'r',
    name: 'n',
    arguments: '{}',
  } as const;
  expect(translator.translate(call)).toEqual([call]);
  expect(translator.translate(call)).toEqual([]);
});

test.each([
  'response_cancel_not_active',
  'item_retrieve_invalid_item_id',
  'item_delete_invalid_item_id',
  'item_truncate_invalid_item_id',
])('%s is told to nobody', (code) => {
  expect(new EventTranslator().translate(error(code, 'cancel:1'))).toEqual([]);
});

test('a request refused because another response is active is told by its id, and is no problem', () => {
  const told = new EventTranslator().translate(
    error('conversation_already_has_active_response', 'response:r7'),
  );
  expect(told).toEqual([{ type: 'response-refused', requestId: 'r7' }]);
});

test('a refusal that does not say of what is that of the latest request', () => {
  const translator = new EventTranslator();
  translator.requested('r1');
  translator.requested('r2');
  expect(translator.translate(error('conversation_already_has_active_response'))).toEqual([
    { type: 'response-refused', requestId: 'r2' },
  ]);
});

test('a request refused for any other reason is told too, since no response will come of it', () => {
  expect(new EventTranslator().translate(error('invalid_value', 'response:r7'))).toEqual([
    { type: 'response-refused', requestId: 'r7' },
    {
      type: 'problem',
      code: 'message-refused',
      message: 'OpenAI refused a message: as the vendor puts it',
      isFatal: false,
    },
  ]);
});

test.each([
  ['session_expired', 'session-expired', true],
  ['insufficient_quota', 'quota-used-up', true],
  ['billing_hard_limit_reached', 'quota-used-up', true],
  ['invalid_api_key', 'account-refused', true],
  ['account_deactivated', 'account-refused', true],
  ['rate_limit_exceeded', 'rate-limited', false],
  ['server_error', 'model-fault', false],
  ['invalid_value', 'message-refused', false],
  ['something_new', 'message-refused', false],
])('%s is the problem %s, fatal: %s', (vendorCode, code, isFatal) => {
  expect(new EventTranslator().translate(error(vendorCode))).toEqual([
    { type: 'problem', code, message: expect.stringMatching(/^[A-Z].*/) as string, isFatal },
  ]);
});

test('a response that fails for want of money ends, and is a fatal problem', () => {
  const told = new EventTranslator().translate(ended('failed', 'insufficient_quota'));
  expect(told).toMatchObject([{ type: 'response-ended' }, { type: 'problem', isFatal: true }]);
  expect(new EventTranslator().translate(ended('failed', 'server_error'))).toEqual([
    ended('failed', 'server_error'),
  ]);
});

test('audio is silenced once its response was cancelled, and not when it completed', () => {
  const translator = new EventTranslator();
  expect(translator.isSilenced('resp_1')).toBe(false);
  translator.translate(ended('completed'));
  expect(translator.isSilenced('resp_1')).toBe(false);
  translator.translate(ended('cancelled'));
  expect(translator.isSilenced('resp_1')).toBe(true);
  expect(translator.translate({ type: 'audio-ended', itemId: 'i', responseId: 'resp_1' })).toEqual([]);
});

test('a response on the side is neither heard nor read, but it starts, calls its tool and ends', () => {
  const translator = new EventTranslator();
  const started = { type: 'response-started', responseId: 'resp_1', isAside: true } as const;
  const call = {
    type: 'tool-called',
    toolCallId: 'c',
    responseId: 'resp_1',
    name: 'n',
    arguments: '{}',
  } as const;
  const words = { type: 'agent-words-growing', itemId: 'i', delta: 'x' } as const;
  expect(translator.translate(started)).toEqual([started]);
  expect(translator.isSilenced('resp_1')).toBe(true);
  expect(translator.translate({ type: 'agent-words', responseId: 'resp_1', event: words })).toEqual([]);
  expect(translator.translate({ type: 'agent-words', responseId: 'resp_2', event: words })).toEqual([words]);
  expect(translator.translate(call)).toEqual([call]);
});
