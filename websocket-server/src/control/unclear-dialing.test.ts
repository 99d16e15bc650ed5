import { expect, test } from 'vitest';
import { dialedAfterAll } from './unclear-dialing.ts';

const at = (hour: number) => Date.UTC(2026, 5, 2, hour);
const line = { to: '+14155550142', from: '+14155550100' };

/** What the carrier has dialed between these two numbers, oldest first, and which of it is of which of our calls. */
function network(
  dialed: readonly { readonly id: string; readonly at: number; readonly isOthers?: boolean }[],
) {
  return {
    carrier: {
      findCalls: async ({ since }: { since: number }) =>
        dialed.filter((call) => call.at >= since).map(({ id }) => id),
    },
    isOthers: async (id: string) => dialed.some((call) => call.id === id && call.isOthers === true),
  };
}

test('a call that was scheduled is found though the same number was called between its request and its dialing', async () => {
  const found = dialedAfterAll(
    { ...line, requestedAt: at(9), dialedAt: at(15) },
    network([
      { id: 'CA-noon', at: at(12) },
      { id: 'CA-three', at: at(15) + 100 },
    ]),
  );
  expect(await found).toBe('CA-three');
});

test('a call is found behind another of ours to the same number', async () => {
  const call = { ...line, requestedAt: at(9), dialedAt: at(9) };
  const other = { id: 'CA-other', at: at(9) - 1000, isOthers: true };
  expect(await dialedAfterAll(call, network([other, { id: 'CA-own', at: at(9) }]))).toBe('CA-own');
  expect(await dialedAfterAll(call, network([other]))).toBeUndefined();
});
