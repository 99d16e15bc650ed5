import { expect, test } from 'vitest';
import { EventTranslator } from './event-translator.ts';
import { serverEvent, type ServerEvent } from './server-events.ts';

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
  expect(translator.translate({ type: 'agent-words', responseId: 'resp_2', event: words })).toContainEqual(
    words,
  );
  expect(translator.translate(call)).toEqual([call]);
});

/** Reads messages as a session does. */
function told(messages: readonly Record<string, unknown>[]) {
  const translator = new EventTranslator();
  return messages.flatMap((message) => {
    const event = serverEvent(message);
    return event === undefined ? [] : translator.translate(event);
  });
}

test('words of items that were never announced have their place, the person before the answer', () => {
  const transcript = { item_id: 'a1', response_id: 'r1', transcript: 'At seven.' };
  const events = told([
    { type: 'input_audio_buffer.speech_stopped', item_id: 'u1' },
    { type: 'response.created', response: { id: 'r1' } },
    { type: 'response.output_audio_transcript.done', ...transcript },
    { type: 'response.done', response: { id: 'r1', status: 'completed' } },
    { type: 'conversation.item.input_audio_transcription.completed', item_id: 'u1', transcript: 'When?' },
  ]);
  expect(events).toMatchObject([
    { type: 'speech-stopped' },
    { type: 'item-added', itemId: 'u1', afterItemId: null, speaker: 'person' },
    { type: 'response-started' },
    { type: 'item-added', itemId: 'a1', afterItemId: null, speaker: 'agent' },
    { type: 'agent-words-settled', text: 'At seven.' },
    { type: 'audio-ended', itemId: 'a1', responseId: 'r1' },
    { type: 'response-ended' },
    { type: 'person-words-settled', itemId: 'u1', text: 'When?' },
  ]);
});

test('a tool and words that only the end of the response tells are told, and no others twice', () => {
  const call = { id: 'i1', type: 'function_call', call_id: 'c1', name: 'end_call', arguments: '{}' };
  const spoken = { id: 'i2', type: 'message', content: [{ type: 'output_audio', transcript: 'Goodbye.' }] };
  const done = {
    type: 'response.done',
    response: { id: 'r1', status: 'completed', output: [spoken, call] },
  };
  expect(told([done])).toMatchObject([
    { type: 'item-added', itemId: 'i2' },
    { type: 'agent-words-settled', itemId: 'i2', text: 'Goodbye.' },
    { type: 'tool-called', toolCallId: 'c1', responseId: 'r1', name: 'end_call', arguments: '{}' },
    { type: 'audio-ended', itemId: 'i2' },
    { type: 'response-ended', responseId: 'r1', status: 'completed' },
  ]);
  const before = [
    { type: 'response.output_audio_transcript.done', item_id: 'i2', response_id: 'r1', transcript: 'Bye.' },
    { type: 'response.output_audio.done', item_id: 'i2', response_id: 'r1' },
    { type: 'response.output_item.done', response_id: 'r1', item: call },
  ];
  expect(told([...before, done]).map(({ type }) => type)).toEqual([
    'item-added',
    'agent-words-settled',
    'audio-ended',
    'tool-called',
    'response-ended',
  ]);
});

test('a tool that a cancelled response was about is not used', () => {
  const call = { id: 'i1', type: 'function_call', call_id: 'c1', name: 'end_call', arguments: '{}' };
  const response = { id: 'r1', status: 'cancelled', output: [call] };
  expect(told([{ type: 'response.done', response }])).toMatchObject([{ type: 'response-ended' }]);
});
