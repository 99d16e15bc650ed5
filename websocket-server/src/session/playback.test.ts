import { describe, expect, test } from 'vitest';
import { cut, isQuiet, markReached, quietPlayback, sent, unheardMs } from './playback.ts';
import type { Playback } from './playback.ts';

/** Sends chunks of 200 ms of an item, all at the moment `now`. */
function play(playback: Playback, itemId: string, chunks: number, now = 0): Playback {
  return Array.from({ length: chunks }).reduce<Playback>(
    (before) => sent(before, itemId, 200, now).playback,
    playback,
  );
}

describe('a cut', () => {
  test('is at the last echoed mark when it has just come back', () => {
    const heard = markReached(play(quietPlayback, 'a', 10), '5', 1000);
    expect(cut(heard, 1000).items).toEqual([{ itemId: 'a', heardMs: 1000, sentMs: 2000 }]);
  });

  test('counts the time since that mark, but never past the next one', () => {
    const heard = markReached(play(quietPlayback, 'a', 10), '5', 1000);
    expect(cut(heard, 1120).items[0]?.heardMs).toBe(1120);
    expect(cut(heard, 9000).items[0]?.heardMs).toBe(1200);
  });

  test('never goes past what was sent, in whole ms', () => {
    const { playback } = sent(quietPlayback, 'a', 123.456, 0);
    expect(cut(playback, 5000).items).toEqual([{ itemId: 'a', heardMs: 123, sentMs: 123.456 }]);
  });

  test('finds an item that waits behind another not begun', () => {
    const both = play(play(quietPlayback, 'a', 2), 'b', 2);
    expect(cut(both, 150).items).toEqual([
      { itemId: 'a', heardMs: 150, sentMs: 400 },
      { itemId: 'b', heardMs: 0, sentMs: 400 },
    ]);
  });

  test('leaves an item alone that was heard to its end', () => {
    const both = markReached(play(play(quietPlayback, 'a', 2), 'b', 2), '2', 400);
    expect(cut(both, 500).items.map((item) => item.itemId)).toEqual(['b']);
  });

  test('makes the marks that the carrier then sends back count for nothing', () => {
    const after = cut(play(quietPlayback, 'a', 10), 300).playback;
    expect(markReached(after, '10', 310)).toBe(after);
    expect(isQuiet(after)).toBe(true);
  });

  test('twice quickly cuts nothing the second time', () => {
    const after = cut(play(quietPlayback, 'a', 10), 300).playback;
    expect(cut(after, 320).items).toEqual([]);
  });
});

test('a mark stands for everything sent before it', () => {
  const heard = markReached(play(quietPlayback, 'a', 3), '3', 600);
  expect(isQuiet(heard)).toBe(true);
  expect(unheardMs(heard)).toBe(0);
});

test('a mark name is used once only, also after a cut', () => {
  const before = play(quietPlayback, 'a', 2);
  const after = sent(cut(before, 0).playback, 'b', 200, 0);
  expect(after.markName).toBe('3');
});
