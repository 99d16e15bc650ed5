import { expect, test } from 'vitest';
import { newConversation } from './conversation-state.ts';
import type { Command, Conversation, ConversationInput } from './conversation-state.ts';
import { converse, playChunk } from './conversation.ts';

const talking: Conversation = { ...newConversation, mode: 'talking' };
const takeOver: ConversationInput = { type: 'steered', steering: { action: 'take_over' } };

function told(state: Conversation, ...inputs: readonly ConversationInput[]) {
  let next = state;
  const commands: Command[] = [];
  for (const input of inputs) {
    const decided = converse(next, input, 1000);
    next = decided.state;
    commands.push(...decided.commands);
  }
  return { state: next, commands, types: commands.map(({ type }) => type) };
}

test('taking over cuts the agent off at what was heard, and cancels what it was about', () => {
  const played = playChunk({ ...talking, slot: { ...talking.slot, active: 'r1' } }, 'i1', 'r1', 500, 900);
  const { state, types } = told(played?.state ?? talking, takeOver);
  expect(state.mode).toBe('taken-over');
  expect(types).toEqual(expect.arrayContaining(['clear-carrier', 'truncate-item', 'cancel-response']));
  expect(playChunk(state, 'i1', 'r1', 20, 1000)).toBeUndefined();
});

test.each<[string, readonly ConversationInput[]]>([
  [
    'a turn of the person',
    [
      { type: 'speech-started', itemId: 'p1' },
      { type: 'speech-stopped', itemId: 'p1' },
    ],
  ],
  ['a pressed key', [{ type: 'digit', digit: '1' }]],
  ['a long silence', [{ type: 'timer', name: 'silence' }]],
  ['another voice session', [{ type: 'voice-lost' }, { type: 'voice-resumed' }]],
  ['another media stream', [{ type: 'stream-lost' }, { type: 'stream-resumed' }]],
  ['a hold of the owner', [{ type: 'steered', steering: { action: 'hold' } }]],
  ['a machine found by the carrier', [{ type: 'answerer-detected', found: 'beep' }]],
  [
    'a tool of the agent that was under way',
    [
      {
        type: 'tool-called',
        toolCallId: 't',
        responseId: 'r',
        name: 'end_call',
        arguments: '{"reason":"x"}',
      },
    ],
  ],
])('while it is taken over, %s makes the agent say nothing', (_what, inputs) => {
  const { state, types } = told(talking, takeOver, ...inputs);
  expect(state.mode).toBe('taken-over');
  expect(types).not.toContain('request-response');
  expect(types).not.toContain('hang-up');
  expect(types).not.toContain('apologise');
});

const hold: ConversationInput = { type: 'steered', steering: { action: 'hold' } };

test.each<[string, readonly ConversationInput[]]>([
  ['a response of voice detection', [{ type: 'response-started', responseId: 'r9', isAside: false }]],
  ['a pressed key', [{ type: 'digit', digit: '1' }]],
  ['another voice session', [{ type: 'voice-lost' }, { type: 'voice-resumed' }]],
  ['a long silence', [{ type: 'timer', name: 'silence' }]],
])('while the owner has it on hold, %s is not answered, and nothing is heard', (_what, inputs) => {
  const { state, types } = told(talking, hold, ...inputs);
  expect(state.mode).toBe('held');
  expect(types).not.toContain('request-response');
  expect(playChunk(state, 'i1', 'r9', 20, 1000)).toBeUndefined();
});

test.each(['resume', 'take_over'] as const)('a hold ends by %s', (action) => {
  const { state } = told(talking, hold, { type: 'steered', steering: { action } });
  expect(state.mode).toBe(action === 'resume' ? 'talking' : 'taken-over');
});

test.each(['voicemail', 'ending', 'over'] as const)('in the mode %s there is no hold', (mode) => {
  expect(told({ ...newConversation, mode }, hold).state.mode).toBe(mode);
});

test('a response that voice detection starts meanwhile is cancelled', () => {
  const { types } = told(talking, takeOver, { type: 'response-started', responseId: 'r9', isAside: false });
  expect(types).toContain('cancel-response');
});

test.each(['give_back', 'resume'] as const)('after %s the agent is told, and goes on', (action) => {
  const { state, types } = told(talking, takeOver, { type: 'steered', steering: { action } });
  expect(state.mode).toBe('talking');
  expect(types).toEqual(expect.arrayContaining(['add-text', 'request-response']));
});

test.each(['waiting', 'voicemail', 'ending', 'over'] as const)('in the mode %s nobody takes over', (mode) => {
  expect(told({ ...newConversation, mode }, takeOver).state.mode).toBe(mode);
});
