import { expect, test } from 'vitest';
import { Batches } from './batches.ts';

const refusal = '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}';
const request = (id: number) => ({ message: { jsonrpc: '2.0', id, method: 'ping' } }) as const;

/** A connection that takes nothing more. */
function brokenConnection() {
  const failures: string[] = [];
  const write = () => Promise.reject(new Error('the client does not read what it is sent'));
  return { failures, batches: new Batches(write, (error) => failures.push(error.message)) };
}

test('an answer that a client does not take is a fault of its connection alone', async () => {
  const { failures, batches } = brokenConnection();
  batches.open([{ refusal }]);
  batches.open([{ refusal }, request(1)]);
  batches.noted({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  await expect.poll(() => failures.length).toBe(2);
});
