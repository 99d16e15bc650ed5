import { expect, test } from 'vitest';
import { decodeMulaw, encodeMulaw, loudnessOf, silenceLasting } from './mulaw.ts';

test.each([
  [0, 0xff],
  [32_767, 0x80],
  [-32_768, 0x00],
  [1000, 0xce],
  [-1000, 0x4e],
])('the sample %i is the byte %i', (sample, byte) => {
  expect(encodeMulaw(Int16Array.of(sample))[0]).toBe(byte);
});

test('every byte survives decoding and encoding, but for the second zero', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect([...encodeMulaw(decodeMulaw(bytes))]).toEqual(
    [...bytes].map((byte) => (byte === 0x7f ? 0xff : byte)),
  );
});

test('silence comes in whole chunks and has no loudness', () => {
  expect(silenceLasting(30)).toHaveLength(320);
  expect(loudnessOf(silenceLasting(30))).toBe(0);
  expect(loudnessOf(Uint8Array.of(0x80, 0x00))).toBe(32_124);
});
