import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTicker } from './ticker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('late timers are made up for: the rate does not drift', () => {
  let lateMs = 0;
  const ticker = createTicker(() => Date.now() + lateMs);
  let ticks = 0;
  ticker.onTick(() => ticks++);
  vi.advanceTimersByTime(1000);
  expect(ticks).toBe(50);
  lateMs = 110;
  vi.advanceTimersByTime(1000);
  expect(ticks).toBe(105);
});

test('a listener that has stopped is not called, and without listeners no timer runs', () => {
  const ticker = createTicker();
  let ticks = 0;
  const stop = ticker.onTick(() => ticks++);
  vi.advanceTimersByTime(100);
  stop();
  vi.advanceTimersByTime(100);
  expect(ticks).toBe(5);
  expect(vi.getTimerCount()).toBe(0);
});

test('one listener may stop another in the middle of a tick', () => {
  const ticker = createTicker();
  const calls: string[] = [];
  const stops: (() => void)[] = [];
  ticker.onTick(() => {
    calls.push('first');
    for (const stop of stops) stop();
  });
  stops.push(ticker.onTick(() => calls.push('second')));
  vi.advanceTimersByTime(20);
  expect(calls).toEqual(['first']);
  ticker.close();
});
