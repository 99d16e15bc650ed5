import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import { silentLog } from '../lib/log.ts';
import type { AuditEntry, AuditStore } from '../storage/audit-store.ts';
import { AuditLog, callIdIn } from './audit-log.ts';
import type { Actor } from './audit-log.ts';

const ada: Actor = { access: { by: 'token', name: 'ada' }, door: 'api', address: '192.0.2.1' };
const stranger: Actor = { access: null, door: 'api', address: '192.0.2.9' };

class FakeStore implements AuditStore {
  entries: AuditEntry[] = [];
  failure: Error | undefined;

  async add(entries: readonly AuditEntry[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.entries.push(...entries);
  }

  async page() {
    return { entries: this.entries.toReversed(), nextCursor: null };
  }

  async deleteBefore(at: number): Promise<number> {
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.at >= at);
    return before - this.entries.length;
  }
}

function opened(keptDays = 365) {
  const clock = new ManualClock(Date.UTC(2030, 0, 1));
  const store = new FakeStore();
  return { clock, store, log: new AuditLog(store, keptDays, { clock, log: silentLog }) };
}

test('what was noted is in the next page that is read', async () => {
  const { log, clock } = opened();
  log.note(ada, { action: 'call-placed', outcome: 'done', callId: 'call_1' });
  log.note(ada, { action: 'call-placed', outcome: 'refused', detail: 'not-permitted: emergency' });
  expect((await log.page({ limit: 10 })).entries).toEqual([
    {
      at: clock.now(),
      action: 'call-placed',
      outcome: 'refused',
      detail: 'not-permitted: emergency',
      by: 'token',
      name: 'ada',
      door: 'api',
      address: '192.0.2.1',
      callId: null,
    },
    expect.objectContaining({ action: 'call-placed', outcome: 'done', callId: 'call_1' }),
  ]);
});

test('a store that fails costs nobody an act, and has all entries in order once it is back', async () => {
  const { log, store, clock } = opened();
  store.failure = new Error('gone');
  log.note(ada, { action: 'call-placed', outcome: 'done', callId: 'call_1' });
  clock.advance(250);
  log.note(ada, { action: 'call-canceled', outcome: 'done', callId: 'call_1' });
  await log.page({ limit: 10 });
  expect(store.entries).toEqual([]);
  store.failure = undefined;
  clock.advance(5000);
  await log.stop();
  expect(store.entries.map(({ action }) => action)).toEqual(['call-placed', 'call-canceled']);
});

test('who reads a call again and again is noted once a minute, who places calls each time', async () => {
  const { log, store, clock } = opened();
  const read = { action: 'transcript-read', outcome: 'done', callId: 'call_1' } as const;
  for (let times = 0; times < 3; times += 1) {
    log.note(ada, read);
    log.note(ada, { action: 'call-placed', outcome: 'done' });
  }
  log.note(ada, { ...read, callId: 'call_2' });
  clock.advance(60_000);
  log.note(ada, read);
  await log.stop();
  const read1 = store.entries.filter((entry) => entry.callId === 'call_1');
  expect(read1).toHaveLength(2);
  expect(store.entries.filter(({ action }) => action === 'call-placed')).toHaveLength(3);
  expect(store.entries).toHaveLength(6);
});

test('a stranger who knocks a thousand times, with other stories each, is one entry a minute', async () => {
  const { log, store } = opened();
  for (let times = 0; times < 1000; times += 1) {
    log.note(stranger, {
      action: 'door-refused',
      outcome: 'refused',
      detail: `${times}`,
      callId: `${times}`,
    });
  }
  await log.stop();
  expect(store.entries).toHaveLength(1);
});

test('what is older than the setting goes', async () => {
  const { log, store, clock } = opened(30);
  log.note(ada, { action: 'call-placed', outcome: 'done' });
  await log.page({ limit: 1 });
  clock.advance(31 * 86_400_000);
  log.note(ada, { action: 'call-placed', outcome: 'done' });
  await log.page({ limit: 1 });
  log.sweep();
  await log.stop();
  expect(store.entries).toHaveLength(1);
});

test.each(['+14155550100', '4155550100', 'the call with Ada', '', undefined, 7, `call_${'x'.repeat(99)}`])(
  'what is no id of a call is not noted as one: %s',
  (text) => {
    expect(callIdIn(text)).toBeNull();
  },
);
