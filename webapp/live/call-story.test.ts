import { expect, test } from 'vitest';
import type { CallEvent, CallHappening } from '../../websocket-server/src/call/call-event.ts';
import { emptyStory, foldStory, growStory, isOnHold, leavesGap } from './call-story.ts';

const happenings: readonly CallHappening[] = [
  {
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
  },
  { type: 'digits-pressed', by: 'person', digits: '1' },
  { type: 'turn-started', turnId: 't1', speaker: 'agent', afterTurnId: null },
  { type: 'barge-in', turnId: 't1', heardMs: 700 },
  { type: 'tool-called', toolCallId: 'c1', name: 'end_call', arguments: '{}', afterTurnId: 't1' },
];
const events = happenings.map((happening, index): CallEvent =>
  Object.assign({ callId: 'a', sequence: index + 1, at: 1000 + index }, happening),
);

test('history told twice makes the same story', () => {
  const once = events.reduce(foldStory, emptyStory);
  expect(events.reduce(foldStory, once)).toBe(once);
  expect(once.transcript).toHaveLength(2);
  expect(once.asides).toEqual([{ kind: 'digits', sequence: 2, by: 'person', digits: '1', at: 1001 }]);
  expect(once.bargeIns).toEqual([{ turnId: 't1', at: 1003, heardMs: 700 }]);
});

test('a missed event is noticed, a repeated one is not taken for one', () => {
  const story = events.slice(0, 2).reduce(foldStory, emptyStory);
  expect(events.map((event) => leavesGap(story, event))).toEqual([false, false, false, true, true]);
});

test('words that come before their turn has its place are shown once it has', () => {
  const hint = { type: 'turn-growing', callId: 'a', turnId: 't1', speaker: 'agent', text: 'Hel' } as const;
  const before = growStory(events.slice(0, 2).reduce(foldStory, emptyStory), hint);
  expect(before.transcript).toEqual([]);
  const story = events.reduce(foldStory, growStory(before, { ...hint, text: 'Hello' }));
  expect(story.transcript[0]).toMatchObject({ turnId: 't1', text: 'Hello', isSettled: false });
  expect(story.earlyWords.size).toBe(0);
});

test('a turn grows until it has ended', () => {
  const story = events.reduce(foldStory, emptyStory);
  const hint = { type: 'turn-growing', callId: 'a', speaker: 'agent', text: 'Hello' } as const;
  expect(growStory(story, { ...hint, turnId: 't1' }).transcript[0]).toMatchObject({
    text: 'Hello',
    isSettled: false,
  });
});

test.each([
  [[], false],
  [['hold'], true],
  [['hold', 'guide'], true],
  [['hold', 'resume'], false],
  [['hold', 'say'], false],
  [['hold', 'take_over', 'give_back'], false],
])('after %j the agent is on hold: %s', (actions, expected) => {
  const asides = actions.map(
    (action, index) => ({ kind: 'steered', sequence: index, at: index, action, value: null }) as const,
  );
  expect(isOnHold({ ...emptyStory, asides })).toBe(expected);
});
