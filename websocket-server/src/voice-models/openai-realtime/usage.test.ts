import { describe, expect, test } from 'vitest';
import { usageIn } from './usage.ts';

const names = { model: 'gpt-realtime-2.1', transcriptionModel: 'gpt-transcribe' };

describe('usage', () => {
  test('of a response is told by kind, with the cached part of what was read', () => {
    const usage = {
      total_tokens: 253,
      input_tokens: 132,
      output_tokens: 121,
      input_token_details: {
        text_tokens: 119,
        audio_tokens: 13,
        image_tokens: 0,
        cached_tokens: 64,
        cached_tokens_details: { text_tokens: 64, audio_tokens: 0, image_tokens: 0 },
      },
      output_token_details: { text_tokens: 30, audio_tokens: 91 },
    };
    expect(usageIn({ type: 'response.done', response: { usage } }, names)).toEqual({
      of: 'conversation',
      model: 'gpt-realtime-2.1',
      input: { text: 119, audio: 13, image: 0 },
      cached: { text: 64, audio: 0, image: 0 },
      output: { text: 30, audio: 91, image: 0 },
      seconds: null,
      isDetailed: true,
    });
  });

  test.each<[string, object, object]>([
    ['by its length', { type: 'duration', seconds: 3.5 }, { seconds: 3.5, isDetailed: true }],
    [
      'in tokens, all of those written being text',
      {
        type: 'tokens',
        input_tokens: 14,
        output_tokens: 5,
        input_token_details: { text_tokens: 0, audio_tokens: 14 },
      },
      { input: { text: 0, audio: 14, image: 0 }, output: { text: 5, audio: 0, image: 0 }, isDetailed: true },
    ],
  ])('of a transcription is told %s', (_, usage, expected) => {
    const type = 'conversation.item.input_audio_transcription.completed';
    const told = usageIn({ type, item_id: 'item-1', transcript: 'Hello', usage }, names);
    expect(told).toMatchObject({ of: 'transcription', model: 'gpt-transcribe', ...expected });
  });

  test.each<[string, object]>([
    ['without a breakdown', { input_tokens: 10, output_tokens: 2 }],
    [
      'with a cached part that nobody breaks down',
      { input_tokens: 9, output_tokens: 0, input_token_details: { text_tokens: 9, cached_tokens: 4 } },
    ],
  ])('%s is told as incomplete', (_, usage) => {
    const told = usageIn({ type: 'response.done', response: { usage } }, names);
    expect(told?.isDetailed).toBe(false);
  });

  test.each<[string, object]>([
    ['a failed response', { type: 'response.done', response: { usage: null } }],
    ['any other message', { type: 'response.created', usage: { input_tokens: 3 } }],
    ['nonsense', { type: 'response.done', response: { usage: { input_tokens: 'many' } } }],
  ])('is not told of %s', (_, message) => {
    expect(usageIn({ ...message }, names)).toBeUndefined();
  });
});
