import { describe, expect, test } from 'vitest';
import { DeltaReader, isBase64 } from './delta-reader.ts';

const base64 = Buffer.alloc(1600, 0x7f).toString('base64');
const delta = {
  type: 'response.output_audio.delta',
  event_id: 'event_1',
  response_id: 'resp_1',
  item_id: 'item_1',
  output_index: 0,
  content_index: 0,
  delta: base64,
};

function readText(text: string) {
  const reader = new DeltaReader();
  const chunk = reader.audio(Buffer.from(text));
  return (
    chunk && {
      itemId: reader.itemId,
      responseId: reader.responseId,
      base64: Buffer.from(chunk.base64).toString(),
      ms: chunk.ms,
    }
  );
}

const audio = { itemId: 'item_1', responseId: 'resp_1', base64, ms: 200 };

test.each([
  ['as OpenAI writes it', JSON.stringify(delta)],
  ['as Python writes it', JSON.stringify(delta, null, 1).replaceAll('\n', ' ')],
  ['indented', JSON.stringify(delta, null, 2)],
  ['in reverse order', JSON.stringify(Object.fromEntries(Object.entries(delta).toReversed()))],
  ['with fields nobody expected', JSON.stringify({ a: { delta: '"' }, b: ['\\'], ...delta, z: null })],
])('audio is found %s', (_, text) => {
  expect(readText(text)).toEqual(audio);
});

test('audio of any length is one chunk, padded or not', () => {
  expect(readText(JSON.stringify({ ...delta, delta: '/w==' }))?.ms).toBe(1 / 8);
  expect(readText(JSON.stringify({ ...delta, delta: 'AAECAw==' }))?.ms).toBe(4 / 8);
});

describe('left to the parser is', () => {
  test.each([
    ['another type', { ...delta, type: 'response.output_audio_transcript.delta' }],
    ['a type that begins alike', { ...delta, type: 'response.output_audio.delta.x' }],
    ['audio without an item', { ...delta, item_id: undefined }],
    ['audio without a response', { ...delta, response_id: null }],
    ['audio that is a number', { ...delta, delta: 5 }],
    ['audio that is not base64', { ...delta, delta: '!?' }],
    ['audio with a line break', { ...delta, delta: 'AAAA\nAAAA' }],
    ['no audio', { ...delta, delta: '' }],
  ])('%s', (_, message) => {
    expect(readText(JSON.stringify(message))).toBeUndefined();
  });
});

test('the ids are those of the chunk read last', () => {
  const reader = new DeltaReader();
  for (const itemId of ['item_1', 'item_1', 'item_22', 'item_1']) {
    reader.audio(Buffer.from(JSON.stringify({ ...delta, item_id: itemId, response_id: `of-${itemId}` })));
    expect([reader.itemId, reader.responseId]).toEqual([itemId, `of-${itemId}`]);
  }
});

const wordsDelta = { ...delta, type: 'response.output_audio_transcript.delta', delta: ' café, 7 – 9 ' };

test.each([
  ['words', wordsDelta, wordsDelta.delta],
  ['no words', { ...wordsDelta, delta: '' }, ''],
  ['words with a quote, which are left to the parser', { ...wordsDelta, delta: 'a "b"' }, undefined],
  ['words with a line break, likewise', { ...wordsDelta, delta: 'a\nb' }, undefined],
  ['words without an item', { ...wordsDelta, item_id: undefined }, undefined],
  ['words that are a number', { ...wordsDelta, delta: 5 }, undefined],
  ['audio', delta, undefined],
])('of %s, the words read are those', (_, message, words) => {
  const reader = new DeltaReader();
  expect(reader.words(Buffer.from(JSON.stringify(message)))).toBe(words);
  if (words !== undefined) expect([reader.itemId, reader.responseId]).toEqual(['item_1', 'resp_1']);
});

test('isBase64 lets nothing pass that could break out of a JSON string, wherever it stands', () => {
  for (let byte = 0; byte < 256; byte += 1) {
    // The last two are those of the URL-safe alphabet, which decoders take too.
    const isAllowed = /[A-Za-z0-9+/_-]/.test(String.fromCharCode(byte));
    for (const length of [4, 8, 100, 70_000]) {
      for (const at of [0, 1, length - 3, length - 2]) {
        const bytes = Buffer.alloc(length, 'A');
        bytes[at] = byte;
        expect(isBase64(bytes)).toBe(isAllowed);
      }
    }
  }
});

test.each([
  ['AAAA', true],
  ['AAA=', true],
  ['AA==', true],
  ['AAA', true],
  ['AA', true],
  ['A===', false],
  ['AA==AAAA', false],
  ['====', false],
  ['==', false],
  ['', false],
])('isBase64 of %j is %j', (text, is) => {
  expect(isBase64(Buffer.from(text))).toBe(is);
});
