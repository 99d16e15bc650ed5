import { expect, test } from 'vitest';
import { wordTimes } from './word-times.ts';

test('words share a stretch by their length, a digit counting as a word', () => {
  expect(wordTimes('to 47 pm', [{ startMs: 100, endMs: 1600 }])).toEqual([
    { text: 'to', startMs: 100, endMs: 400 },
    { text: '47', startMs: 400, endMs: 1300 },
    { text: 'pm', startMs: 1300, endMs: 1600 },
  ]);
});

test('phrases keep to their own stretches when the pauses are those of the punctuation', () => {
  const stretches = [
    { startMs: 0, endMs: 400 },
    { startMs: 600, endMs: 1000 },
  ];
  expect(wordTimes('Hello, you there', stretches).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 400],
    [600, 760],
    [760, 1000],
  ]);
});

test('with other pauses than the punctuation’s, words run over all stretches in order', () => {
  const stretches = [
    { startMs: 0, endMs: 300 },
    { startMs: 500, endMs: 800 },
  ];
  expect(wordTimes('abc abc', stretches)).toEqual([
    { text: 'abc', startMs: 0, endMs: 300 },
    { text: 'abc', startMs: 300, endMs: 800 },
  ]);
});

test('marks alone are no words', () => {
  expect(wordTimes('one – two …', [{ startMs: 0, endMs: 100 }]).map(({ text }) => text)).toEqual([
    'one',
    'two',
  ]);
});
