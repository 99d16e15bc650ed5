import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import { Intake } from './intake.ts';

/** A clock whose timers come late. */
class LateClock extends ManualClock {
  lateMs = 0;

  override after(ms: number, run: () => void): () => void {
    return super.after(ms + this.lateMs, run);
  }
}

function rush(calls: number) {
  const clock = new LateClock(0);
  const intake = new Intake(clock);
  const outcomes: string[] = [];
  const come = (lateMs: number) => {
    clock.lateMs = lateMs;
    for (let call = 0; call < calls; call += 1) {
      intake.turn().then(
        () => outcomes.push('in'),
        (error: { code: string }) => outcomes.push(error.code),
      );
    }
  };
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      await Promise.resolve();
    }
    await Promise.resolve();
    return outcomes;
  };
  return { come, pass };
}

test('a few calls at once are set up without waiting', async () => {
  const { come, pass } = rush(5);
  come(0);
  expect(await pass(0)).toHaveLength(5);
});

test('a rush of calls is let in five at a time, and all of it in the end', async () => {
  const { come, pass } = rush(40);
  come(0);
  expect(await pass(200)).toHaveLength(15);
  expect(await pass(600)).toHaveLength(40);
});

test('a process that is late takes one call at a time', async () => {
  const { come, pass } = rush(40);
  come(20);
  expect(await pass(1250)).toHaveLength(15);
});

test('a process that cannot keep up takes few, and tells those who waited in vain', async () => {
  const { come, pass } = rush(15);
  come(60);
  expect(await pass(1600)).toHaveLength(6);
  expect((await pass(7000)).filter((outcome) => outcome === 'in')).toHaveLength(10);
  expect((await pass(500)).filter((outcome) => outcome === 'too-many-at-once')).toHaveLength(5);
});
