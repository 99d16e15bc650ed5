import { describe, expect, test } from 'vitest';
import type { CallEvent, CallHappening } from '../../websocket-server/src/call/call-event.ts';
import { foldCall } from '../../websocket-server/src/call/fold-call.ts';
import { addPage, addReading, emptyList, foldList, inOrder } from './call-list.ts';

const arrived: CallHappening = {
  type: 'call-arrived',
  to: '+14155550199',
  from: '+14155550101',
  errand: {
    goal: 'Take a message',
    context: {},
    instructions: null,
    voicemail: { action: 'hang_up' },
    voice: null,
    language: null,
    resultSchema: null,
  },
  maxDurationSeconds: 180,
  carrier: 'twilio',
  carrierCallId: 'CA1',
};

function event(callId: string, sequence: number, happening: CallHappening, at = 1000): CallEvent {
  return { ...happening, callId, sequence, at };
}

function callOf(...events: CallEvent[]) {
  const [first, ...rest] = events;
  if (first === undefined) throw new TypeError('a call has a first event');
  return rest.reduce(foldCall, foldCall(undefined, first));
}

const first = event('a', 1, arrived);
const second = event('a', 2, { type: 'call-answered' });
const fourth = event('a', 4, { type: 'barge-in', turnId: 't', heardMs: 1 });
const page = { calls: [callOf(first, second)], nextCursor: 'older' };
const list = addPage(emptyList, page, true);

describe('the list of calls', () => {
  test('an event that a page has already counted changes nothing', () => {
    expect(foldList(list, first, true)).toBe(list);
    expect(foldList(list, second, true)).toBe(list);
  });

  test('a call is read again when an event of it was missed, and only once', () => {
    const stale = foldList(list, fourth, true);
    expect(stale.stale).toEqual(['a']);
    expect(foldList(stale, event('a', 5, { type: 'call-ringing' }), true)).toBe(stale);
    const call = callOf(first, second, event('a', 3, { type: 'barge-in', turnId: 't', heardMs: 1 }), fourth);
    const fresh = addReading(stale, call);
    expect([fresh.stale, fresh.calls.get('a')?.sequence]).toEqual([[], 4]);
  });

  test('a page read late does not set back what events have told since', () => {
    const ahead = foldList(list, event('a', 3, { type: 'barge-in', turnId: 't', heardMs: 1 }), true);
    expect(addPage(ahead, page, true).calls.get('a')?.sequence).toBe(3);
  });

  test('history of calls older than the pages read leaves no hole in the list', () => {
    expect(foldList(list, event('old', 1, arrived, 10), false)).toBe(list);
    expect(foldList(list, event('new', 1, arrived, 2000), false).calls.size).toBe(2);
  });

  test('news of a call that no page has shown has it read', () => {
    expect(foldList(list, event('old', 7, { type: 'call-answered' }), true).stale).toEqual(['old']);
    expect(foldList(list, event('old', 7, { type: 'call-answered' }), false)).toBe(list);
  });

  test('a first page that does not reach down to the calls known starts the list anew', () => {
    const distant = { calls: [callOf(event('z', 1, arrived, 9000))], nextCursor: 'further' };
    const anew = addPage(list, distant, true);
    expect([[...anew.calls.keys()], anew.nextCursor]).toEqual([['z'], 'further']);
  });

  test('the newest call comes first', () => {
    const two = foldList(list, event('b', 1, arrived, 2000), true);
    expect(inOrder(two).map(({ callId }) => callId)).toEqual(['b', 'a']);
  });
});
