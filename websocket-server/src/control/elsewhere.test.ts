import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import { requested } from '../../test/http-fakes.ts';
import { foldCall } from '../call/fold-call.ts';
import { InvalidRequest } from '../lib/errors.ts';
import { silentLog } from '../lib/log.ts';
import type { HolderRequest } from '../storage/holder-requests.ts';
import { Elsewhere } from './elsewhere.ts';

const call = foldCall(undefined, requested('call-1'));
const order = { do: 'answer', questionId: 'q1', answer: 'Yes.' } as const;

/** Two servers, and what lies between them in the database. */
function stage(carryOut: () => Promise<boolean>) {
  const clock = new ManualClock(0);
  let left: HolderRequest | undefined;
  let isTaken = false;
  let reply: string | null = null;
  const requests = {
    leave: async (request: HolderRequest) => void (left = request),
    take: async () => {
      isTaken = left !== undefined;
      return left === undefined ? [] : [left];
    },
    reply: async (_: string, text: string) => void (reply = text),
    replyTo: async () => reply,
    drop: async () => {
      left = undefined;
      return isTaken;
    },
  };
  const server = new Elsewhere({
    instances: { areShared: true, whereHeld: async () => 'https://one.example' },
    requests,
    carryOut,
    runtime: { clock, log: silentLog, newId: (prefix) => `${prefix}-1` },
  });
  return {
    server,
    passes: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 150) {
        await new Promise(setImmediate);
        clock.advance(150);
      }
      await new Promise(setImmediate);
    },
  };
}

test('what the holder makes of an order is told where it was asked, its refusal too', async () => {
  const done = stage(async () => true);
  const asked = done.server.ask(call, order);
  await done.passes(300);
  await done.server.heed();
  await done.passes(300);
  expect(await asked).toBe(true);
  const refused = stage(() => Promise.reject(new InvalidRequest('Not now.')));
  const refusal = expect(refused.server.ask(call, order)).rejects.toMatchObject({
    code: 'invalid-request',
    message: 'Not now.',
  });
  await refused.passes(300);
  await refused.server.heed();
  await refused.passes(300);
  await refusal;
});

test('a holder that does not answer is named, and one that may have done it is told of as that', async () => {
  const silent = stage(async () => true);
  const refusal = expect(silent.server.ask(call, order)).rejects.toMatchObject({
    code: 'call-is-elsewhere',
    message: expect.stringContaining('https://one.example'),
  });
  await silent.passes(7000);
  await refusal;
  const slow = stage(() => new Promise(() => {}));
  const unclear = expect(slow.server.ask(call, order)).rejects.toThrow(/may have been done/u);
  await slow.passes(300);
  await slow.server.heed();
  await slow.passes(7000);
  await unclear;
});
