import { expect, test } from 'vitest';
import type { CallHappening } from '../../websocket-server/src/call/call-event.ts';
import { endReason } from '../../websocket-server/src/call/end-reason.ts';
import { emptyStory, foldStory } from '../live/call-story.ts';
import { requested } from '../test/happenings.ts';
import { callAsJson, callAsText } from './call-export.ts';
import { callTimeline } from './timeline/call-timeline.ts';

const happenings: readonly (readonly [ms: number, happening: CallHappening])[] = [
  [0, requested({ to: '+14155550101', goal: 'Book a table' })],
  [1000, { type: 'call-answered' }],
  [4000, { type: 'turn-started', turnId: 'p', speaker: 'person', afterTurnId: null, lastedMs: 2500 }],
  [4200, { type: 'turn-started', turnId: 'a', speaker: 'agent', afterTurnId: 'p' }],
  [4300, { type: 'turn-ended', turnId: 'p', text: 'Hello?', isInterrupted: false }],
  [4400, { type: 'reply-timed', turnId: 'a', modelMs: 100, sentMs: 200, heardMs: 400 }],
  [6200, { type: 'barge-in', turnId: 'a', heardMs: 2000 }],
  [6200, { type: 'turn-ended', turnId: 'a', text: 'I would like', isInterrupted: true }],
  [7000, { type: 'tool-called', toolCallId: 'e', name: 'end_call', arguments: '{}', afterTurnId: 'a' }],
  [
    9000,
    { type: 'call-ended', state: 'completed', endReason: endReason('agent', 'said_goodbye'), endedAt: 9000 },
  ],
];
const story = happenings
  .map(([ms, happening], index) => Object.assign({ callId: 'c', sequence: index + 1, at: ms }, happening))
  .reduce(foldStory, emptyStory);

test('a timeline tells who spoke when, seen from the answer', () => {
  const timeline = callTimeline(story, 60_000);
  expect(timeline?.bars).toMatchObject([
    { turnId: 'p', fromMs: 500, toMs: 3000 },
    { turnId: 'a', fromMs: 3200, toMs: 5200, isInterrupted: true, replyMs: 400 },
  ]);
  expect(timeline?.marks.map(({ kind, atMs }) => [kind, atMs])).toEqual([
    ['barge-in', 5200],
    ['tool', 6000],
  ]);
  expect(timeline).toMatchObject({ drawnMs: 20_000, talkMs: { agent: 2000, person: 2500 }, replyMs: [400] });
});

test('there is no timeline before the answer', () => {
  expect(callTimeline({ ...story, call: story.call && { ...story.call, answeredAt: null } }, 0)).toBe(
    undefined,
  );
});

test('a call is exported as text in the order spoken, and as JSON that is read back', () => {
  if (story.call === undefined) throw new TypeError('the story has a call');
  expect(callAsText(story.call, story.transcript, 'UTC')).toBe(
    [
      'Call to: +14155550101',
      'Goal: Book a table',
      'Date: 1970-01-01 00:00:00',
      'State: Done',
      'Length: 0:08',
      'Ended: The agent finished the errand and hung up after its goodbye.',
      '',
      '00:00:04  Person: Hello?',
      '00:00:04  Agent: I would like — (interrupted)',
      '00:00:07  (end_call {} → …)',
      '',
    ].join('\n'),
  );
  expect(JSON.parse(callAsJson(story.call, story.transcript))).toEqual({
    call: story.call,
    transcript: story.transcript,
  });
});
