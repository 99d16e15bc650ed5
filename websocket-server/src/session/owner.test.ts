import { expect, test } from 'vitest';
import { newConversation } from './conversation-state.ts';
import type { Command, Conversation, ConversationInput } from './conversation-state.ts';
import { converse } from './conversation.ts';
import { isHeeded } from './owner.ts';

const talking: Conversation = { ...newConversation, mode: 'talking' };
const ownerPresses = (digits: string): ConversationInput => ({
  type: 'steered',
  steering: { action: 'press', digits },
});
const pressed = (toolCallId: string | null): ConversationInput => ({
  type: 'keys-pressed',
  toolCallId,
  problem: undefined,
});

const speechStarted: ConversationInput = { type: 'speech-started', itemId: 'p1' };
const begun = (responseId: string): ConversationInput => ({
  type: 'response-started',
  responseId,
  isAside: false,
});
const endedAs = (responseId: string, status: 'completed' | 'cancelled'): ConversationInput => ({
  type: 'response-ended',
  responseId,
  isAside: false,
  status,
  failure: undefined,
});

function commandsAfter(...inputs: readonly ConversationInput[]): readonly Command[] {
  let state = talking;
  const commands: Command[] = [];
  for (const input of inputs) {
    const decided = converse(state, input, 1000);
    state = decided.state;
    commands.push(...decided.commands);
  }
  return commands;
}

test('keys of the owner wait for those of the agent, and both are pressed and told', () => {
  const agentPresses: ConversationInput = {
    type: 'tool-called',
    toolCallId: 't1',
    responseId: 'r1',
    name: 'press_digits',
    arguments: '{"digits":"1"}',
  };
  const commands = commandsAfter(agentPresses, ownerPresses('22'), ownerPresses('3'), pressed('t1'));
  const keys = commands.filter(({ type }) => type === 'press-digits');
  expect(keys).toMatchObject([{ digits: '1' }, { digits: '22', toolCallId: null }]);
  expect(commands).toContainEqual(expect.objectContaining({ type: 'answer-tool', toolCallId: 't1' }));
  const last = commandsAfter(ownerPresses('4'), ownerPresses('5'), pressed(null), pressed(null));
  expect(last.filter(({ type }) => type === 'press-digits')).toMatchObject([
    { digits: '4' },
    { digits: '5' },
  ]);
});

test.each([
  ['say', 'talking', true],
  ['say', 'ending', true],
  ['say', 'away', false],
  ['press', 'over', false],
  ['hold', 'talking', true],
  ['hold', 'taken-over', true],
  ['hold', 'ending', false],
  ['hold', 'voicemail', false],
] as const)('to %s while the agent is in the mode "%s" is heeded: %s', (action, mode, expected) => {
  expect(isHeeded({ ...talking, mode }, { action })).toBe(expected);
});

test.each([
  ['is heard', [], []],
  ['talks into the agent', [begun('r0')], [endedAs('r0', 'cancelled')]],
])('what the owner says while the person %s is said when they have been answered', (_how, before, after) => {
  const says: ConversationInput = {
    type: 'steered',
    steering: { action: 'say', text: 'Ask for the terrace' },
  };
  const stopped: ConversationInput = { type: 'speech-stopped', itemId: 'p1' };
  const untilAnswered = [...before, speechStarted, says, ...after, stopped, begun('r1')];
  const asked = (commands: readonly Command[]) => commands.filter(({ type }) => type === 'request-response');
  expect(asked(commandsAfter(...untilAnswered))).toEqual([]);
  expect(asked(commandsAfter(...untilAnswered, endedAs('r1', 'completed')))).toMatchObject([
    { instructions: expect.stringContaining('terrace') as string },
  ]);
});
