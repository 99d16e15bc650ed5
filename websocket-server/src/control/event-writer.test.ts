import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import { requested } from '../../test/http-fakes.ts';
import type { CallEvent, CallHappening } from '../call/call-event.ts';
import { foldCall } from '../call/fold-call.ts';
import { silentLog } from '../lib/log.ts';
import { EventWriter } from './event-writer.ts';

const clockStart = 1_767_225_600_000;

/** A writer whose store takes everything at once. */
function stage() {
  const clock = new ManualClock(clockStart);
  const written: { readonly types: readonly string[]; readonly atMs: number }[] = [];
  const store = {
    append: async (events: readonly CallEvent[]) => {
      written.push({ types: events.map(({ type }) => type), atMs: clock.elapsed() });
      return events.map((event, position) => ({ event, position }));
    },
    call: async () => undefined,
    eventsOf: async () => [],
  };
  const feed = { isWatched: () => false, stored: () => {}, gone: () => {}, overtaken: () => [] };
  const writer = new EventWriter(store, clock, silentLog, feed);
  const call = foldCall(undefined, requested('call-1'));
  let sequence = 1;
  return {
    written,
    add: (happening: CallHappening) =>
      writer.add({ ...happening, callId: 'call-1', sequence: ++sequence, at: clock.now() }, call),
    passes: async (ms: number) => {
      clock.advance(ms);
      await new Promise(setImmediate);
    },
  };
}

const ended = { type: 'turn-ended', turnId: 't1', text: 'Hello.', isInterrupted: false } as const;
const timed = { type: 'reply-timed', turnId: 't1', modelMs: 1, sentMs: 2, heardMs: 3 } as const;

test('settled words are written at once, along with what waited for company', async () => {
  const { add, passes, written } = stage();
  add(timed);
  await passes(100);
  add(ended);
  await passes(0);
  expect(written).toEqual([{ types: ['reply-timed', 'turn-ended'], atMs: 100 }]);
});

test('settled words that follow each other closely share writes, and none waits longer than a second', async () => {
  const { add, passes, written } = stage();
  for (let turn = 0; turn < 10; turn++) {
    add(ended);
    for (const ms of [0, 200, 200]) await passes(ms);
  }
  const waits = written.map(({ atMs }, index) => atMs - (written[index - 1]?.atMs ?? atMs));
  expect(written.map(({ types }) => types.length)).toEqual([1, 2, 2, 3, 2]);
  expect(Math.max(...waits)).toBe(1000);
});

test('what changes less of a call waits for company, up to a second', async () => {
  const { add, passes, written } = stage();
  add(timed);
  await passes(999);
  expect(written).toEqual([]);
  await passes(1);
  expect(written).toHaveLength(1);
});
