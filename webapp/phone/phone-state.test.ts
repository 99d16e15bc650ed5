import { expect, test } from 'vitest';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { foldListening, notListening, parseListeningFrame } from './listening-state.ts';
import { foldPhone, newPhone } from './phone-state.ts';
import type { PhoneInput, PhoneLine } from './phone-state.ts';
import { parseSoftphoneFrame } from './softphone-frame.ts';
import { suggestedReplies } from './suggested-replies.ts';

const at = { carrierCallId: 'CA1', other: '+15005550006' };
const ringing: PhoneInput = {
  type: 'ringing',
  carrierCallId: 'CA1',
  from: '+15005550006',
  to: '+14155550100',
};
const answered: readonly PhoneInput[] = [ringing, { type: 'answered-here' }, { type: 'connected' }];

test.each<[string, readonly PhoneInput[], PhoneLine]>([
  ['rings', [ringing], { is: 'ringing', ...at }],
  ['was answered here and waits for the line', answered.slice(0, 2), { is: 'answering', ...at }],
  ['is connected', answered, { is: 'connected', ...at, since: 7, saying: [] }],
  [
    'speaks what is typed, in turn',
    [
      ...answered,
      { type: 'typed', text: 'One' },
      { type: 'typed', text: 'Two' },
      { type: 'said', text: 'One', isWhole: true },
    ],
    { is: 'connected', ...at, since: 7, saying: ['Two'] },
  ],
  [
    'was declined',
    [ringing, { type: 'ended', by: 'you' }],
    { is: 'ended', ...at, why: 'you', wasConnected: false },
  ],
  [
    'was hung up',
    [...answered, { type: 'ended', by: 'other-end' }],
    { is: 'ended', ...at, why: 'other-end', wasConnected: true },
  ],
  [
    'lost its network',
    [...answered, { type: 'link-lost' }],
    { is: 'ended', ...at, why: 'lost', wasConnected: true },
  ],
  [
    'rings anew over an end that nobody has put away',
    [ringing, { type: 'ended', by: 'you' }, ringing],
    { is: 'ringing', ...at },
  ],
  ['is put away', [ringing, { type: 'ended', by: 'you' }, { type: 'put-away' }], { is: 'idle' }],
  [
    'is idle, and news of a line that is not there changes nothing',
    [{ type: 'connected' }, { type: 'ended', by: 'you' }],
    { is: 'idle' },
  ],
])('the phone %s', (_what, inputs, line) => {
  const state = inputs.reduce((before, input) => foldPhone(before, input, 7), newPhone);
  expect(state.line).toEqual(line);
});

test('whoever listens knows who talks, and a call that is over is not lost afterwards', () => {
  const listening = foldListening(notListening, { type: 'listening' });
  const asked = foldListening(listening, { type: 'asked' });
  expect(foldListening(asked, { type: 'taken-over' }).turn).toBe('you');
  expect(foldListening(asked, { type: 'refused', message: 'No.' })).toMatchObject({
    turn: 'agent',
    refusal: 'No.',
  });
  const ended = foldListening(asked, { type: 'ended' });
  expect(foldListening(ended, { type: 'lost' })).toMatchObject({ link: 'ended', turn: 'agent' });
});

test.each(['{', '[]', '{"type":"toString"}', '{"type":"ringing","from":"+1"}', '{"type":"refused"}'])(
  'the frame %s is ignored',
  (data) => {
    expect(parseSoftphoneFrame(data)).toBeUndefined();
    expect(parseListeningFrame(data)).toBeUndefined();
  },
);

test('replies to tap begin with a greeting, then fit what the agent wants', () => {
  const turn = (speaker: 'agent' | 'person', text: string) => ({ speaker, text }) as Transcript[number];
  expect(suggestedReplies([])[0]).toMatch(/^Hello/);
  const wanted = [turn('person', 'Hello?'), turn('agent', 'I would like to book a table for two.')];
  expect(suggestedReplies(wanted)[0]).toBe('Yes, that is possible. What name shall I put it under?');
  expect(suggestedReplies(wanted).length).toBeLessThanOrEqual(5);
});
