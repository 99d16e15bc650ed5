import { expect, test } from 'vitest';
import { PlaybackBuffer } from './playback-buffer.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

test('what is added is played in order and filled up with silence', () => {
  const buffer = new PlaybackBuffer();
  buffer.add(bytes(1, 2, 3));
  buffer.add(bytes(4, 5));
  expect(buffer.next(4)).toEqual({ audio: bytes(1, 2, 3, 4), playedBytes: 4, reached: [] });
  expect(buffer.next(4)).toEqual({ audio: bytes(5, 255, 255, 255), playedBytes: 1, reached: [] });
  expect(buffer.next(2)).toEqual({ audio: bytes(255, 255), playedBytes: 0, reached: [] });
});

test('a mark is reached with the last byte before it', () => {
  const buffer = new PlaybackBuffer();
  buffer.mark('start');
  buffer.add(bytes(1, 2));
  buffer.mark('two');
  buffer.add(bytes(3));
  buffer.mark('three');
  expect(buffer.next(1).reached).toEqual(['start']);
  expect(buffer.next(1).reached).toEqual(['two']);
  expect(buffer.next(1).reached).toEqual(['three']);
  expect(buffer.next(1).reached).toEqual([]);
});

test('clear drops the rest and gives back all marks that waited', () => {
  const buffer = new PlaybackBuffer();
  buffer.add(bytes(1, 2, 3, 4));
  buffer.mark('a');
  buffer.mark('b');
  buffer.next(1);
  expect(buffer.waiting).toBe(3);
  expect(buffer.clear()).toEqual(['a', 'b']);
  expect(buffer.waiting).toBe(0);
  buffer.add(bytes(9));
  buffer.mark('c');
  expect(buffer.next(1)).toEqual({ audio: bytes(9), playedBytes: 1, reached: ['c'] });
});
