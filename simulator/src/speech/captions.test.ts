import { expect, test } from 'vitest';
import { CaptionReader, captionLength, writeCaption } from './captions.ts';
import type { Caption } from './captions.ts';
import { decodeMulaw } from './mulaw.ts';

/** A generator of numbers that look random and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const noise = (bytes: number, seed: number): Uint8Array => {
  const next = numbers(seed);
  return Uint8Array.from({ length: bytes }, () => next(256));
};

const captions: readonly Caption[] = [
  { kind: 'word', text: 'a' },
  { kind: 'word', text: '7:30pm.' },
  { kind: 'end-of-utterance', text: 'Café – 你好' },
  { kind: 'sound', text: 'beep' },
  { kind: 'watermark', text: 'call 17' },
  { kind: 'word', text: '' },
];

test.each([
  ['silence', new Uint8Array(20_000).fill(0xff)],
  ['zeros', new Uint8Array(20_000)],
  ['noise', noise(20_000, 7)],
])('captions in %s are read back in order, wherever they are', (_, audio) => {
  const next = numbers(3);
  let at = 0;
  for (const caption of captions) at = writeCaption(audio, at + next(500), caption);
  expect(new CaptionReader().read(audio)).toEqual(captions);
});

test('captions are read whatever the sizes of the pieces, each with its last byte', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const next = numbers(seed);
    const audio = noise(12_000, seed + 100);
    const ends: number[] = [];
    for (const caption of captions) ends.push(writeCaption(audio, (ends.at(-1) ?? 0) + next(300), caption));
    const reader = new CaptionReader();
    const found: Caption[] = [];
    for (let at = 0, size = 0; at < audio.length; at += size) {
      size = 1 + next(400);
      found.push(...reader.read(audio.subarray(at, at + size)));
      const heardBy = Math.min(at + size, audio.length);
      expect(found).toHaveLength(ends.filter((end) => end <= heardBy).length);
    }
    expect(found).toEqual(captions);
  }
});

test('a caption that is cut is not heard, and the one behind the cut is', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const next = numbers(seed);
    const audio = noise(4000, seed);
    const first: Caption = { kind: 'word', text: 'lost-in-the-cut' };
    const second: Caption = { kind: 'word', text: 'kept' };
    const length = captionLength(first);
    const end = writeCaption(audio, 100, first);
    writeCaption(audio, end + next(200), second);
    const cutAt = 100 + 1 + next(length - 41);
    const cut = new Uint8Array([...audio.subarray(0, cutAt), ...audio.subarray(cutAt + 1 + next(40))]);
    expect(new CaptionReader().read(cut)).toEqual([second]);
  }
});

test('one wrong bit spoils a caption', () => {
  const caption: Caption = { kind: 'word', text: 'hello' };
  for (let bit = 0; bit < captionLength(caption); bit++) {
    const audio = new Uint8Array(1000).fill(0xff);
    writeCaption(audio, 0, caption);
    audio[bit] = (audio[bit] ?? 0) ^ 1;
    expect(new CaptionReader().read(audio)).toEqual([]);
  }
});

test('half a minute of noise says nothing', () => {
  for (let seed = 1; seed <= 10; seed++) expect(new CaptionReader().read(noise(240_000, seed))).toEqual([]);
});

test('a sync right before a caption does not hide it', () => {
  const audio = new Uint8Array(2000).fill(0xff);
  const caption: Caption = { kind: 'word', text: 'here' };
  writeCaption(audio, 0, { kind: 'end-of-utterance', text: 'overwritten from its second byte on' });
  writeCaption(audio, 17, caption);
  expect(new CaptionReader().read(audio)).toEqual([caption]);
});

test('two voices mixed are not understood', () => {
  const one = noise(2000, 1);
  const other = noise(2000, 2);
  writeCaption(one, 200, { kind: 'word', text: 'one' });
  writeCaption(other, 300, { kind: 'word', text: 'other' });
  const mixed = one.map((byte, i) => (i % 2 === 0 ? byte : (other[i] ?? 0)));
  expect(new CaptionReader().read(mixed)).toEqual([]);
});

test('long text is cut between characters', () => {
  const audio = new Uint8Array(4000).fill(0xff);
  writeCaption(audio, 0, { kind: 'watermark', text: 'é'.repeat(200) });
  expect(new CaptionReader().read(audio)).toEqual([{ kind: 'watermark', text: 'é'.repeat(125) }]);
});

test('a caption that does not fit is refused', () => {
  expect(() => writeCaption(new Uint8Array(100), 90, { kind: 'word', text: 'a' })).toThrow(RangeError);
});

test('captions are too quiet to be heard', () => {
  const audio = new Uint8Array(2000).fill(0xff);
  writeCaption(audio, 0, { kind: 'watermark', text: 'inaudible' });
  expect(Math.max(...decodeMulaw(audio).map(Math.abs))).toBeLessThanOrEqual(8);
});
