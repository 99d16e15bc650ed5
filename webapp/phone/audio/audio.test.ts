import { describe, expect, test } from 'vitest';
import { JitterBuffer } from './jitter-buffer.ts';
import { decodeMulaw, encodeMulaw, loudnessOf } from './mulaw.ts';
import { Resampler } from './resampler.ts';

function tone(hz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: rate * seconds },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate),
  );
}

function inPieces(resampler: Resampler, samples: Float32Array, size: number): Float32Array {
  const made: number[] = [];
  for (let at = 0; at < samples.length; at += size)
    made.push(...resampler.process(samples.subarray(at, at + size)));
  return Float32Array.from(made);
}

describe('µ-law', () => {
  test('each byte survives decoding and encoding, but for the second zero', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const again = encodeMulaw(decodeMulaw(all));
    expect([...again].filter((byte, i) => byte !== i)).toEqual([0xff]);
  });

  test('what is too loud is clipped, not wrapped', () => {
    expect([...encodeMulaw(Float32Array.of(3, -3, 0))]).toEqual([0x80, 0x00, 0xff]);
  });
});

describe('the resampler', () => {
  test.each([
    [48_000, 8000, 128],
    [44_100, 8000, 128],
    [16_000, 8000, 37],
    [8000, 48_000, 160],
    [8000, 44_100, 160],
    [8000, 8000, 160],
  ])('brings a voice from %i Hz to %i Hz at its level, in pieces of %i', (from, to, size) => {
    const made = inPieces(new Resampler(from, to), tone(1000, from, 0.5), size);
    expect(made.length).toBeGreaterThan(to * 0.49);
    expect(made.length).toBeLessThanOrEqual(to * 0.5);
    const middle = made.subarray(to / 10, to / 5);
    expect(loudnessOf(middle)).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  test('the sizes of the pieces make no difference', () => {
    const voice = tone(440, 48_000, 0.1);
    const whole = new Resampler(48_000, 8000).process(voice);
    const pieces = inPieces(new Resampler(48_000, 8000), voice, 128);
    expect(pieces.length).toBe(whole.length);
    for (const [i, sample] of whole.entries()) expect(pieces[i]).toBeCloseTo(sample, 5);
  });

  test('what 8 kHz cannot hold is left out and does not fold back', () => {
    const made = inPieces(new Resampler(48_000, 8000), tone(6000, 48_000, 0.5), 128);
    expect(loudnessOf(made.subarray(400, 3600))).toBeLessThan(0.001);
  });
});

describe('the jitter buffer', () => {
  const read = (buffer: JitterBuffer, length: number): number[] => {
    const output = new Float32Array(length);
    buffer.read(output);
    return [...output];
  };

  test('begins once enough is there, plays in order, and waits again when it ran dry', () => {
    const buffer = new JitterBuffer({ prefill: 4, most: 100 });
    buffer.add(Float32Array.of(1, 2));
    expect(read(buffer, 2)).toEqual([0, 0]);
    buffer.add(Float32Array.of(3, 4, 5));
    expect(read(buffer, 3)).toEqual([1, 2, 3]);
    expect(read(buffer, 3)).toEqual([4, 5, 0]);
    buffer.add(Float32Array.of(6, 7));
    expect(read(buffer, 2)).toEqual([0, 0]);
  });

  test('a short word is not kept waiting for ever', () => {
    const buffer = new JitterBuffer({ prefill: 4, most: 100 });
    buffer.add(Float32Array.of(1, 2));
    expect([...read(buffer, 4), ...read(buffer, 2)]).toEqual([0, 0, 0, 0, 1, 2]);
  });

  test('of too much the newest is kept', () => {
    const buffer = new JitterBuffer({ prefill: 1, most: 4 });
    buffer.add(Float32Array.of(1, 2, 3));
    buffer.add(Float32Array.of(4, 5, 6));
    expect(buffer.waiting).toBe(4);
    expect(read(buffer, 4)).toEqual([3, 4, 5, 6]);
  });

  test('a clear leaves nothing to be played', () => {
    const buffer = new JitterBuffer({ prefill: 1, most: 100 });
    buffer.add(Float32Array.of(1, 2, 3));
    expect(read(buffer, 1)).toEqual([1]);
    buffer.clear();
    expect(buffer.waiting).toBe(0);
    expect(read(buffer, 2)).toEqual([0, 0]);
    buffer.add(Float32Array.of(9));
    expect(read(buffer, 1)).toEqual([9]);
  });
});
