import { expect, test } from 'vitest';
import { FailedTokens } from './failed-tokens.ts';

const minute = 60_000;

/** Failed tokens, and a clock to move by hand. */
function guesses() {
  let now = 0;
  let made = 0;
  const failed = new FailedTokens(() => now);
  return {
    failed,
    guess(count: number, address = '203.0.113.9'): void {
      for (let index = 0; index < count; index += 1) failed.note(address, `wrong-${(made += 1)}`);
    },
    /** @returns seconds that an address has to wait; 0 when it may try at once */
    waits(address = '203.0.113.9'): number {
      try {
        failed.check(address);
        return 0;
      } catch (error) {
        expect(error).toMatchObject({ status: 429, code: 'too-many-wrong-tokens' });
        return Number((error as { headers: Record<string, string> }).headers['retry-after']);
      }
    },
    pass(ms: number): void {
      now += ms;
    },
  };
}

test('ten different mistakes cost nothing, and each further one twice the wait of the one before', () => {
  const { guess, waits, pass } = guesses();
  guess(10);
  expect(waits()).toBe(0);
  const waited: number[] = [];
  for (let index = 0; index < 11; index += 1) {
    pass(waits() * 1000);
    guess(1);
    waited.push(waits());
  }
  expect(waited).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('a token that is sent again and again is one mistake', () => {
  const { failed, waits } = guesses();
  for (let index = 0; index < 1000; index += 1) failed.note('203.0.113.9', 'the same');
  expect(waits()).toBe(0);
});

test('one address does not wait for another', () => {
  const { guess, waits } = guesses();
  guess(12);
  expect([waits(), waits('203.0.113.10')]).toEqual([2, 0]);
});

test('a quarter of an hour without mistakes makes good', () => {
  const { guess, waits, pass } = guesses();
  guess(15);
  pass(15 * minute);
  guess(1);
  expect(waits()).toBe(0);
});

test('however many addresses guess, only the latest ten thousand are kept', () => {
  const { guess, waits } = guesses();
  guess(12, 'first');
  for (let index = 0; index < 10_000; index += 1) guess(1, `address-${index}`);
  expect(waits('first')).toBe(0);
});
