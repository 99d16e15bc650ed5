import { describe, expect, test } from 'vitest';
import { newConversation } from './conversation-state.ts';
import type { Command, Conversation, ConversationInput } from './conversation-state.ts';
import { converse, playChunk } from './conversation.ts';

/** An agent that has to make itself known, in talk with somebody. */
class Talk {
  state: Conversation = { ...newConversation, mode: 'talking', isDisclosureDue: true };
  commands: Command[] = [];

  happens(...inputs: ConversationInput[]): void {
    for (const input of inputs) {
      const { state, commands } = converse(this.state, input, 0);
      this.state = state;
      this.commands.push(...commands);
    }
  }

  /** The agent says something; heard whole, or cut off after 200 ms of it. */
  agentSays(itemId: string, text: string, isCut = false): void {
    this.happens(
      { type: 'response-started', responseId: `r-${itemId}`, isAside: false },
      { type: 'item-added', itemId, afterItemId: null, speaker: 'agent' },
    );
    const marks: string[] = [];
    for (let piece = 0; piece < 10; piece++) {
      const played = playChunk(this.state, itemId, `r-${itemId}`, 200, 0);
      if (played === undefined) continue;
      this.state = played.state;
      marks.push(played.markName);
    }
    this.happens(
      { type: 'agent-words-settled', itemId, text },
      { type: 'audio-ended', itemId, responseId: `r-${itemId}` },
    );
    for (const name of isCut ? marks.slice(0, 1) : marks) this.happens({ type: 'mark-reached', name });
    if (isCut) this.happens({ type: 'speech-started', itemId: `p-${itemId}` });
  }

  get reminders(): number {
    return this.commands.filter(
      (command) => command.type === 'add-text' && command.text.includes('that you are an AI'),
    ).length;
  }
}

const opening = 'Hello, this is an AI assistant calling for Ada about a table.';

describe('an agent that has to make itself known', () => {
  test('and does so is left alone', () => {
    const talk = new Talk();
    talk.agentSays('a1', opening);
    talk.agentSays('a2', 'A table for two, please.');
    expect(talk.reminders).toBe(0);
    expect(talk.state.isDisclosureDue).toBe(false);
  });

  test('and does not is told to in its next sentence, three times at most', () => {
    const talk = new Talk();
    talk.agentSays('a1', 'Hello, a table for two, please.');
    expect(talk.reminders).toBe(1);
    for (const itemId of ['a2', 'a3', 'a4', 'a5']) talk.agentSays(itemId, 'At seven.');
    expect(talk.reminders).toBe(3);
  });

  test('and was talked over before it could is told to say it again', () => {
    const talk = new Talk();
    talk.agentSays('a1', opening, true);
    expect(talk.reminders).toBe(1);
    talk.happens({ type: 'speech-stopped', itemId: 'p-a1' });
    talk.agentSays('a2', opening);
    expect(talk.state.isDisclosureDue).toBe(false);
  });

  test('hears nothing of it where it is not due', () => {
    const talk = new Talk();
    talk.state = { ...talk.state, isDisclosureDue: false };
    talk.agentSays('a1', 'Hello.');
    expect(talk.reminders).toBe(0);
  });
});

describe('a wish of the person is carried out at once', () => {
  const tool = (name: string): ConversationInput => ({
    type: 'tool-called',
    toolCallId: 't1',
    responseId: 'r-a1',
    name,
    arguments: '{"reason":"They want Ada herself."}',
  });
  const ended: ConversationInput = {
    type: 'response-ended',
    responseId: 'r1',
    isAside: false,
    status: 'completed',
    failure: undefined,
  };
  const words = (talk: Talk) =>
    talk.commands.flatMap((command) => (command.type === 'request-response' ? [command.instructions] : []));

  test.each([
    ['do_not_call', false, 'bar-number', 'do_not_call', /not be called again/u],
    ['hand_to_human', true, 'hand-over', 'transferred', /putting you through/u],
    ['hand_to_human', false, 'report-outcome', 'said_goodbye', /human will call you back/u],
  ] as const)('%s, somebody to hand over to: %s', (name, canHandOver, command, why, says) => {
    const talk = new Talk();
    talk.state = { ...talk.state, canHandOver, isDisclosureDue: false };
    talk.happens({ type: 'response-started', responseId: 'r1', isAside: false }, tool(name), ended);
    expect(talk.commands.map(({ type }) => type)).toContain(command);
    expect(talk.state.ending?.endReason.why).toBe(why);
    expect(words(talk).join(' ')).toMatch(says);
    talk.happens(tool('end_call'));
    expect(talk.state.ending?.endReason.why).toBe(why);
  });

  test('an agent that apologised in the same breath is not asked to say so again', () => {
    const talk = new Talk();
    talk.agentSays('a1', 'I am sorry. Goodbye.');
    talk.happens(tool('do_not_call'), { ...ended, responseId: 'r-a1' });
    expect(words(talk)).toEqual([]);
    expect(talk.commands).toContainEqual(
      expect.objectContaining({
        type: 'hang-up',
        endReason: expect.objectContaining({ why: 'do_not_call' }),
      }),
    );
  });
});
