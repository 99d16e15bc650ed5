import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import { loudnessLevels } from '../call/loudness.ts';
import type { Loudness } from '../call/loudness.ts';
import { chunkOfBase64 } from '../lib/chunk.ts';
import { LoudnessMeter } from './loudness-meter.ts';

const silence = 0xff;
const loudest = 0x80;
/** µ-law of −6 dB, some four levels below. */
const half = 0x8f;

/** @param mulaw one sample, again and again */
function sound(mulaw: number, ms: number) {
  return chunkOfBase64(Buffer.from(Buffer.alloc(ms * 8, mulaw).toString('base64')));
}

function stage() {
  const clock = new ManualClock(1_767_225_600_000);
  const heard: Loudness[] = [];
  const noted: Loudness[] = [];
  const meter = new LoudnessMeter(clock, {
    heard: (loudness) => heard.push(loudness),
    noted: (loudness) => noted.push(loudness),
  });
  /** The person's line brings a chunk every 20 ms. */
  function hears(mulaw: number, ms: number): void {
    for (let passed = 0; passed < ms; passed += 20) {
      meter.person(sound(mulaw, 20));
      clock.advance(20);
    }
  }
  return { clock, meter, heard, noted, hears };
}

describe('how loud a call is', () => {
  test.each([
    ['silence', silence, 0],
    ['negative silence', 0x7f, 0],
    ['the loudest sample', loudest, 31],
    ['the loudest negative sample', 0x00, 31],
    ['half of it', half, 28],
  ])('%s is told by its level', (_, mulaw, level) => {
    const { meter, noted, hears } = stage();
    hears(loudest, 100);
    hears(mulaw, 100);
    meter.finish();
    expect(noted.map(({ person }) => loudnessLevels(person)[1])).toEqual([level]);
  });

  test('each step is told once, in time, while it goes on', () => {
    const { heard, hears, clock } = stage();
    const start = clock.now();
    hears(half, 2000);
    expect(heard.map(({ fromAt }) => fromAt - start)).toEqual([0, 400, 800, 1200]);
    expect(heard.map(({ person, agent }) => [person, agent])).toEqual(heard.map(() => ['cccc', 'AAAA']));
  });

  test('what the agent is sent at once stands where it is heard, and what is cut off stands nowhere', () => {
    const { clock, meter, noted, hears } = stage();
    meter.person(sound(silence, 20));
    meter.agent(sound(loudest, 500));
    meter.agent(sound(half, 1500));
    hears(silence, 1000);
    meter.cleared();
    hears(silence, 400);
    meter.agent(sound(loudest, 200));
    clock.advance(200);
    meter.finish();
    expect(noted.map(({ agent }) => agent)).toEqual(['fffffcccccAAAAff']);
  });

  test('times that are no whole numbers come to an end', () => {
    const { clock, meter, noted } = stage();
    clock.advance(0.1 + 0.2);
    meter.person(sound(silence, 20));
    for (let chunk = 0; chunk < 2000; chunk++) {
      clock.advance(19.7 + (chunk % 7) / 9);
      meter.agent(sound(half, 100));
      if (chunk % 3 === 0) meter.cleared();
    }
    meter.finish();
    expect(noted.length).toBeGreaterThan(1);
  });

  test('20 seconds are kept at once, and nothing of a silence', () => {
    const { noted, hears, clock, meter } = stage();
    const start = clock.now();
    hears(half, 25_000);
    hears(silence, 60_000);
    meter.finish();
    expect(noted.map(({ fromAt }) => fromAt - start)).toEqual([0, 20_000]);
    expect(noted.map(({ person }) => person.replace(/A+$/, '').length)).toEqual([200, 50]);
  });

  test('a line that is put aside for a while leaves a gap, and what follows has its own time', () => {
    const { noted, hears, clock, meter } = stage();
    const start = clock.now();
    hears(half, 400);
    clock.advance(600_000);
    hears(half, 400);
    meter.finish();
    expect(noted.map(({ fromAt, person }) => [fromAt - start, person])).toEqual([
      [0, 'cccc'],
      [600_400, 'cccc'],
    ]);
  });
});
