import { expect, test } from 'vitest';
import { serverEvent } from './server-events.ts';

const call = { id: 'item_5', type: 'function_call', call_id: 'call_1', name: 'end_call', arguments: '{}' };
const toldCall = {
  type: 'tool-called',
  toolCallId: 'call_1',
  responseId: 'resp_1',
  name: 'end_call',
  arguments: '{}',
};

test.each([
  [
    { type: 'input_audio_buffer.speech_started', audio_start_ms: 1, item_id: 'i1' },
    { type: 'speech-started', itemId: 'i1' },
  ],
  [
    { type: 'input_audio_buffer.speech_stopped', audio_end_ms: 9, item_id: 'i1' },
    { type: 'speech-stopped', itemId: 'i1' },
  ],
  [
    { type: 'input_audio_buffer.committed', previous_item_id: null, item_id: 'i1' },
    { type: 'item-added', itemId: 'i1', afterItemId: null, speaker: 'person' },
  ],
  [
    {
      type: 'conversation.item.added',
      previous_item_id: 'i1',
      item: { id: 'i2', type: 'message', role: 'assistant', content: [] },
    },
    { type: 'item-added', itemId: 'i2', afterItemId: 'i1', speaker: 'agent' },
  ],
  [
    {
      type: 'conversation.item.added',
      previous_item_id: 'i2',
      item: { id: 'i3', type: 'message', role: 'user', content: [{ type: 'input_audio', transcript: null }] },
    },
    { type: 'item-added', itemId: 'i3', afterItemId: 'i2', speaker: 'person' },
  ],
  [
    {
      type: 'conversation.item.created',
      item: { id: 'i4', type: 'message', role: 'user', content: [{ type: 'input_text', text: '1' }] },
    },
    { type: 'item-added', itemId: 'i4', afterItemId: null, speaker: 'other' },
  ],
  [
    { type: 'conversation.item.added', previous_item_id: 'i4', item: call },
    { type: 'item-added', itemId: 'item_5', afterItemId: 'i4', speaker: 'other' },
  ],
  [
    {
      type: 'conversation.item.input_audio_transcription.delta',
      item_id: 'i1',
      content_index: 0,
      delta: 'Hel',
    },
    { type: 'person-words-growing', itemId: 'i1', delta: 'Hel' },
  ],
  [
    { type: 'conversation.item.input_audio_transcription.completed', item_id: 'i1', transcript: 'Hello?' },
    { type: 'person-words-settled', itemId: 'i1', text: 'Hello?' },
  ],
  [
    { type: 'conversation.item.input_audio_transcription.failed', item_id: 'i1', error: { code: 'x' } },
    { type: 'person-words-settled', itemId: 'i1', text: undefined },
  ],
  [
    { type: 'response.output_audio_transcript.delta', response_id: 'resp_1', item_id: 'i2', delta: 'Go' },
    {
      type: 'agent-words',
      responseId: 'resp_1',
      event: { type: 'agent-words-growing', itemId: 'i2', delta: 'Go' },
    },
  ],
  [
    {
      type: 'response.output_audio_transcript.done',
      response_id: 'resp_1',
      item_id: 'i2',
      transcript: 'Good.',
    },
    {
      type: 'agent-words',
      responseId: 'resp_1',
      event: { type: 'agent-words-settled', itemId: 'i2', text: 'Good.' },
    },
  ],
  [
    { type: 'response.output_audio.done', response_id: 'resp_1', item_id: 'i2' },
    { type: 'audio-ended', itemId: 'i2', responseId: 'resp_1' },
  ],
  [{ type: 'response.output_item.done', response_id: 'resp_1', item: call }, toldCall],
  [
    { type: 'response.audio.delta', response_id: 'resp_1', item_id: 'i2', delta: 'AAAA' },
    { type: 'audio', itemId: 'i2', responseId: 'resp_1', base64: 'AAAA' },
  ],
  [
    { type: 'response.audio_transcript.done', response_id: 'resp_1', item_id: 'i2', transcript: 'Good.' },
    {
      type: 'agent-words',
      responseId: 'resp_1',
      event: { type: 'agent-words-settled', itemId: 'i2', text: 'Good.' },
    },
  ],
  [
    { type: 'response.output_item.done', response_id: 'resp_1', item: { ...call, status: 'incomplete' } },
    undefined,
  ],
  [
    { type: 'response.output_item.done', response_id: 'resp_1', item: { id: 'i2', type: 'message' } },
    undefined,
  ],
  [
    {
      type: 'response.function_call_arguments.done',
      response_id: 'resp_1',
      call_id: 'call_1',
      name: 'end_call',
      arguments: '{}',
    },
    toldCall,
  ],
  [
    {
      type: 'response.function_call_arguments.done',
      response_id: 'resp_1',
      call_id: 'call_1',
      name: 'end_call',
      arguments: '{"why',
    },
    undefined,
  ],
  [
    {
      type: 'response.function_call_arguments.done',
      response_id: 'resp_1',
      call_id: 'call_1',
      arguments: '{}',
    },
    undefined,
  ],
  [
    { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', metadata: null } },
    { type: 'response-started', responseId: 'resp_1', isAside: false },
  ],
  [
    { type: 'response.created', response: { id: 'resp_1', metadata: { request_id: 'r1' } } },
    { type: 'response-started', responseId: 'resp_1', isAside: true },
  ],
  [
    { type: 'response.done', response: { id: 'resp_1', status: 'completed', output: [] } },
    { type: 'response-ended', responseId: 'resp_1', isAside: false, status: 'completed', failure: undefined },
  ],
  [
    {
      type: 'response.done',
      response: { id: 'resp_1', status: 'cancelled', status_details: { reason: 'turn_detected' } },
    },
    { type: 'response-ended', responseId: 'resp_1', isAside: false, status: 'cancelled', failure: undefined },
  ],
  [
    {
      type: 'response.done',
      response: { id: 'resp_1', status: 'failed', status_details: { error: { code: 'server_error' } } },
    },
    {
      type: 'response-ended',
      responseId: 'resp_1',
      isAside: false,
      status: 'failed',
      failure: 'server_error',
    },
  ],
  [
    {
      type: 'response.done',
      response: { id: 'resp_1', status: 'incomplete', status_details: { reason: 'max_output_tokens' } },
    },
    {
      type: 'response-ended',
      responseId: 'resp_1',
      isAside: false,
      status: 'incomplete',
      failure: 'max_output_tokens',
    },
  ],
  [
    { type: 'response.done', response: { id: 'resp_1', status: 'something new' } },
    { type: 'response-ended', responseId: 'resp_1', isAside: false, status: 'completed', failure: undefined },
  ],
  [
    {
      type: 'error',
      error: { type: 'invalid_request_error', code: null, message: 'No.', event_id: 'cut:1' },
    },
    { type: 'error', code: 'invalid_request_error', message: 'No.', cause: 'cut:1' },
  ],
  [{ type: 'error' }, { type: 'error', code: 'unknown', message: 'no reason given', cause: undefined }],
  [{ type: 'rate_limits.updated', rate_limits: [] }, undefined],
  [{ type: 'something.new' }, undefined],
  [{ type: 'constructor' }, undefined],
  [{ type: 7 }, undefined],
  [{}, undefined],
])('%j', (message, event) => {
  expect(serverEvent(message)).toEqual(event);
});

const types = [
  'session.created',
  'session.updated',
  'input_audio_buffer.speech_started',
  'input_audio_buffer.speech_stopped',
  'input_audio_buffer.committed',
  'conversation.item.added',
  'conversation.item.created',
  'conversation.item.input_audio_transcription.delta',
  'conversation.item.input_audio_transcription.completed',
  'conversation.item.input_audio_transcription.failed',
  'response.created',
  'response.done',
  'response.output_item.done',
  'response.function_call_arguments.done',
  'response.output_audio.delta',
  'response.output_audio.done',
  'response.output_audio_transcript.delta',
  'response.output_audio_transcript.done',
  'response.audio.delta',
  'response.audio.done',
  'response.audio_transcript.delta',
  'response.audio_transcript.done',
  'error',
];

test.each(types)('%s never throws, whatever its fields hold', (type) => {
  const fields = ['session', 'item', 'response', 'error', 'item_id', 'response_id', 'delta', 'transcript'];
  for (const odd of [
    undefined,
    null,
    0,
    true,
    '',
    'text',
    [],
    [null],
    {},
    { id: 5, content: [1], metadata: 'x' },
    { id: 'r', output: [5, { content: [null] }, { id: 'i', content: [{ transcript: 5 }] }] },
  ]) {
    const message = Object.fromEntries(fields.map((field) => [field, odd]));
    expect(() => serverEvent({ ...message, type })).not.toThrow();
  }
});

test('no part of a key leaves with an error', () => {
  const event = serverEvent({
    type: 'error',
    error: {
      code: 'invalid_api_key',
      message: 'Incorrect API key provided: sk-proj-abc*****xyz. See the page.',
    },
  });
  expect(event).toMatchObject({ message: 'Incorrect API key provided: [key] See the page.' });
});
