import { expect, test } from 'vitest';
import { ManualClock } from '../../test/fakes/manual-clock.ts';
import type { TurnGrowing } from '../call/call-event.ts';
import { GatheredHints } from './gathered-hints.ts';

function growing(callId: string, text: string): TurnGrowing {
  return { type: 'turn-growing', callId, turnId: 'turn-1', speaker: 'agent', text };
}

function gathered() {
  const clock = new ManualClock(0);
  const told: string[] = [];
  const hints = new GatheredHints(clock, ({ callId, text }) => told.push(`${callId}: ${text}`));
  return { clock, told, hints };
}

test('of words that grow quickly the latest are told, for each call', () => {
  const { clock, told, hints } = gathered();
  hints.add(growing('one', 'We'));
  hints.add(growing('other', 'No'));
  hints.add(growing('one', 'We have Tuesday'));
  clock.advance(100);
  expect(told).toEqual(['one: We have Tuesday', 'other: No']);
});

test('nothing is told of a turn once its words are settled', () => {
  const { clock, told, hints } = gathered();
  hints.add(growing('one', 'We have'));
  hints.settled({ callId: 'one', turnId: 'turn-1' });
  clock.advance(100);
  expect(told).toEqual([]);
});
