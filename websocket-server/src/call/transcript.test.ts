import { expect, test } from 'vitest';
import type { CallEvent, CallHappening, TurnGrowing } from './call-event.ts';
import { emptyTranscript, foldTranscript } from './transcript.ts';
import type { Transcript } from './transcript.ts';

let sequence = 0;
function read(...happenings: (CallHappening | TurnGrowing)[]): Transcript {
  return happenings.reduce<Transcript>((turns, happening) => {
    if (happening.type === 'turn-growing') return foldTranscript(turns, happening);
    const event: CallEvent = { ...happening, callId: 'c', sequence: ++sequence, at: sequence };
    return foldTranscript(turns, event);
  }, emptyTranscript);
}

const started = (turnId: string, speaker: 'person' | 'agent', afterTurnId: string | null): CallHappening => ({
  type: 'turn-started',
  turnId,
  speaker,
  afterTurnId,
});
const ended = (turnId: string, text: string, isInterrupted = false): CallHappening => ({
  type: 'turn-ended',
  turnId,
  text,
  isInterrupted,
});
const said = (turns: Transcript) => turns.map((turn) => (turn.speaker === 'tool' ? turn.name : turn.text));

test('turns stand in spoken order, whenever their words arrive', () => {
  const turns = read(
    started('p1', 'person', null),
    started('a1', 'agent', 'p1'),
    ended('a1', 'Hello, I am calling about a table.'),
    ended('p1', 'Hello?'),
  );
  expect(said(turns)).toEqual(['Hello?', 'Hello, I am calling about a table.']);
});

test('a turn that is told late goes to its place', () => {
  const turns = read(
    started('a1', 'agent', null),
    started('a2', 'agent', 'a1'),
    started('p1', 'person', 'a1'),
  );
  expect(turns.map((turn) => turn.turnId)).toEqual(['a1', 'p1', 'a2']);
});

test('a turn without words vanishes', () => {
  expect(read(started('a1', 'agent', null), ended('a1', ''))).toEqual([]);
});

test('live words grow and are replaced by the settled ones', () => {
  const growing: TurnGrowing = {
    type: 'turn-growing',
    callId: 'c',
    turnId: 'a1',
    speaker: 'agent',
    text: 'We',
  };
  expect(said(read(started('a1', 'agent', null), growing))).toEqual(['We']);
  const settled = read(started('a1', 'agent', null), growing, ended('a1', 'We have', true), growing);
  expect(settled[0]).toMatchObject({ text: 'We have', isInterrupted: true, isSettled: true });
});

test('tools stand where they were used, in the order they were used, with their answers', () => {
  const called = (toolCallId: string): CallHappening => ({
    type: 'tool-called',
    toolCallId,
    name: 'press_digits',
    arguments: '{}',
    afterTurnId: 'p1',
  });
  const turns = read(
    started('p1', 'person', null),
    called('t1'),
    { type: 'tool-answered', toolCallId: 't1', output: 'Pressed.' },
    called('t2'),
    started('p2', 'person', 'p1'),
  );
  expect(turns.map((turn) => turn.turnId)).toEqual(['p1', 't1', 't2', 'p2']);
  expect(turns[1]).toMatchObject({ output: 'Pressed.' });
});
