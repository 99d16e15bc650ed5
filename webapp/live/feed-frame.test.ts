import { expect, test } from 'vitest';
import { parseFeedFrame } from './feed-frame.ts';

const event = { type: 'call-ringing', callId: 'a', sequence: 3, at: 1000 };
const hint = { type: 'turn-growing', callId: 'a', turnId: 't1', speaker: 'agent', text: 'Hello' };
const loudness = {
  type: 'loudness-heard',
  callId: 'a',
  fromAt: 1000,
  stepMs: 200,
  person: 'AB',
  agent: 'AA',
};

test.each([
  [{ type: 'event', position: 7, event }],
  [{ type: 'hint', hint }],
  [{ type: 'hint', hint: loudness }],
  [{ type: 'caught-up' }],
])('%j is a frame', (frame) => {
  expect(parseFeedFrame(JSON.stringify(frame))).toEqual(frame);
});

test.each([
  ['not JSON'],
  ['null'],
  ['[]'],
  [JSON.stringify({ type: 'weather' })],
  [JSON.stringify({ type: 'event', event })],
  [JSON.stringify({ type: 'event', position: '7', event })],
  [JSON.stringify({ type: 'event', position: 7, event: { ...event, sequence: null } })],
  [JSON.stringify({ type: 'hint', hint: { ...hint, text: 5 } })],
  [JSON.stringify({ type: 'hint', hint: { ...loudness, agent: 'A' } })],
  [new ArrayBuffer(2)],
])('%j is passed over', (data) => {
  expect(parseFeedFrame(data)).toBeUndefined();
});
