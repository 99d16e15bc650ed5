import { describe, expect, test } from 'vitest';
import { endReason } from '../call/end-reason.ts';
import { newConversation } from './conversation-state.ts';
import type { Command, Conversation, ConversationInput } from './conversation-state.ts';
import { converse, playChunk } from './conversation.ts';

/** A conversation told step by step, each step at its own time. */
class Story {
  state: Conversation = newConversation;
  now = 0;
  commands: Command[] = [];

  happens(...inputs: ConversationInput[]): this {
    for (const input of inputs) {
      const step = converse(this.state, input, this.now);
      this.state = step.state;
      this.commands.push(...step.commands);
    }
    return this;
  }

  /** The model sends audio of an item in pieces of 200 ms; returns the marks behind them. */
  plays(itemId: string, responseId: string, pieces: number): string[] {
    const marks: string[] = [];
    for (let piece = 0; piece < pieces; piece++) {
      const played = playChunk(this.state, itemId, responseId, 200, this.now);
      if (played === undefined) continue;
      this.state = played.state;
      marks.push(played.markName);
    }
    return marks;
  }

  after(ms: number): this {
    this.now += ms;
    this.commands = [];
    return this;
  }

  hears(...marks: string[]): this {
    return this.happens(...marks.map((name) => ({ type: 'mark-reached', name }) as const));
  }

  types(): string[] {
    return this.commands.map((command) =>
      command.type === 'record' ? command.happening.type : command.type,
    );
  }
}

const opened: ConversationInput = { type: 'line-opened', greets: 'after-a-moment' };
const greetingTimer: ConversationInput = { type: 'timer', name: 'greeting' };
const silence: ConversationInput = { type: 'timer', name: 'silence' };
const speechStarted: ConversationInput = { type: 'speech-started', itemId: 'p1' };
const speechStopped: ConversationInput = { type: 'speech-stopped', itemId: 'p1' };
const responseStarted = (responseId: string): ConversationInput => ({
  type: 'response-started',
  responseId,
  isAside: false,
});
const responseEnded = (
  responseId: string,
  status: 'completed' | 'cancelled' | 'failed' = 'completed',
): ConversationInput => ({ type: 'response-ended', responseId, isAside: false, status, failure: undefined });
const agentItem = (itemId: string): ConversationInput => ({
  type: 'item-added',
  itemId,
  afterItemId: null,
  speaker: 'agent',
});
const tool = (name: string, args: object = {}): ConversationInput => ({
  type: 'tool-called',
  toolCallId: `t-${name}`,
  responseId: 'r1',
  name,
  arguments: JSON.stringify(args),
});
const words = (itemId: string, text: string): ConversationInput[] => [
  { type: 'agent-words-settled', itemId, text },
  { type: 'audio-ended', itemId, responseId: 'r1' },
];

/** The agent says `text` in item a1, of which nothing has been heard yet. */
function agentSpeaks(
  pieces: number,
  text = 'Hello, I am an AI assistant.',
): { story: Story; marks: string[] } {
  const story = new Story().happens(opened, greetingTimer, responseStarted('r1'), agentItem('a1'));
  const marks = story.plays('a1', 'r1', pieces);
  story.happens(...words('a1', text), responseEnded('r1'));
  return { story, marks };
}

describe('the greeting', () => {
  test('is the agent’s when the person says nothing for a moment', () => {
    expect(new Story().happens(opened, greetingTimer).types()).toContain('request-response');
  });

  test('is left to voice detection when the person speaks first', () => {
    const story = new Story().happens(opened, speechStarted, greetingTimer);
    expect(story.types()).not.toContain('request-response');
  });

  test('comes at once on a call that arrived', () => {
    expect(new Story().happens({ type: 'line-opened', greets: 'at-once' }).types()).toContain(
      'request-response',
    );
  });
});

describe('barge-in', () => {
  test('clears the carrier and makes the model remember only what was heard', () => {
    const { story, marks } = agentSpeaks(20);
    story.hears(...marks.slice(0, 7)).after(100);
    story.happens(speechStarted);
    expect(story.types()).toEqual(
      expect.arrayContaining(['clear-carrier', 'barge-in', 'truncate-item', 'turn-ended']),
    );
    expect(story.commands).toContainEqual({ type: 'truncate-item', itemId: 'a1', heardMs: 1500 });
  });

  test('works after the response has ended, and marks the words that were heard', () => {
    const { story, marks } = agentSpeaks(10, 'one two three four five');
    story.hears(...marks.slice(0, 5)).happens(speechStarted);
    const [end] = story.commands.filter((command) => command.type === 'record').slice(-1);
    expect(end).toMatchObject({
      happening: { type: 'turn-ended', text: 'one two three', isInterrupted: true },
    });
  });

  test('does nothing to the carrier when the agent was heard out', () => {
    const { story, marks } = agentSpeaks(3);
    story.hears(...marks).after(500);
    expect(story.happens(speechStarted).types()).not.toContain('clear-carrier');
  });

  test('keeps late audio of the response from the person', () => {
    const { story } = agentSpeaks(3);
    story.happens(speechStarted, speechStopped);
    expect(story.plays('a1', 'r1', 1)).toEqual([]);
    expect(story.happens(responseStarted('r2')).plays('a2', 'r2', 1)).toHaveLength(1);
  });

  test('deletes an item of which nothing was heard, and its turn vanishes', () => {
    const { story, marks } = agentSpeaks(2);
    story.happens(responseStarted('r2'), agentItem('a2'));
    story.plays('a2', 'r2', 2);
    story.hears(...marks.slice(0, 1)).happens(speechStarted);
    expect(story.commands).toContainEqual({ type: 'delete-item', itemId: 'a2' });
    expect(story.commands).toContainEqual({
      type: 'record',
      happening: { type: 'turn-ended', turnId: 'a2', text: '', isInterrupted: false },
    });
  });

  test('cancels a response of ours that begins while the person is speaking', () => {
    const story = new Story().happens(opened, greetingTimer, speechStarted, responseStarted('r1'));
    expect(story.commands).toContainEqual({ type: 'cancel-response', responseId: 'r1' });
  });
});

describe('hanging up', () => {
  test('waits until the goodbye has been heard', () => {
    const { story, marks } = agentSpeaks(5);
    story.happens(responseStarted('r1'), tool('end_call', { reason: 'done' }), responseEnded('r1'));
    expect(story.types()).not.toContain('hang-up');
    story.hears(...marks.slice(0, 4));
    expect(story.types()).not.toContain('hang-up');
    expect(story.hears(...marks).commands).toContainEqual(
      expect.objectContaining({ type: 'hang-up', endReason: expect.objectContaining({ by: 'agent' }) }),
    );
  });

  test('asks for a goodbye when the person spoke last', () => {
    const story = new Story().happens(opened, speechStarted, speechStopped, responseStarted('r1'));
    story.happens(tool('end_call'), responseEnded('r1'));
    expect(story.types()).toContain('request-response');
    expect(story.types()).not.toContain('hang-up');
  });

  test('is refused while the person is speaking', () => {
    const { story } = agentSpeaks(1);
    story.happens(speechStarted, tool('end_call'));
    expect(story.state.ending).toBeNull();
    expect(story.types()).toContain('answer-tool');
  });

  test('is taken back when the person talks over the goodbye', () => {
    const { story, marks } = agentSpeaks(5);
    story
      .happens(tool('end_call'))
      .hears(...marks.slice(0, 1))
      .happens(speechStarted, speechStopped);
    expect(story.state.mode).toBe('talking');
    expect(story.types()).not.toContain('hang-up');
  });

  test('happens without the mark when the carrier never echoes it', () => {
    const { story } = agentSpeaks(5);
    story.happens(tool('end_call'), { type: 'timer', name: 'goodbye' });
    expect(story.types()).toContain('hang-up');
  });

  test('at the call’s limit comes after a goodbye and is not taken back', () => {
    const { story, marks } = agentSpeaks(2);
    story.hears(...marks).happens({ type: 'timer', name: 'time-nearly-up' });
    expect(story.types()).toContain('request-response');
    story.happens(responseStarted('r2'), agentItem('a2'));
    const goodbye = story.plays('a2', 'r2', 2);
    story.happens(speechStarted, { type: 'timer', name: 'time-up' });
    expect(goodbye).toHaveLength(2);
    expect(story.commands.at(-1)).toMatchObject({
      type: 'hang-up',
      endReason: { by: 'limit', why: 'max_duration' },
    });
  });
});

describe('a goodbye that the person talks into', () => {
  const talkedInto = (leaves: ConversationInput) => {
    const { story, marks } = agentSpeaks(2);
    story.hears(...marks).happens(leaves, responseStarted('r2'), agentItem('a2'));
    story.plays('a2', 'r2', 5);
    return story.after(200).happens(speechStarted);
  };
  const told = (story: Story) => story.commands.filter(({ type }) => type === 'add-text');

  test('stands when the call has to end: the answer to them is to be the goodbye, and the call ends with it', () => {
    const reason = endReason('owner', 'canceled');
    const story = talkedInto({ type: 'leave', endReason: reason });
    expect(told(story)).toMatchObject([
      { role: 'system', text: expect.stringContaining('goodbye') as string },
    ]);
    story.happens(speechStarted, speechStopped, responseStarted('r3'), agentItem('a3'));
    expect(told(story)).toHaveLength(1);
    const marks = story.plays('a3', 'r3', 1);
    story.happens(...words('a3', 'Yes. Goodbye.'), responseEnded('r3')).hears(...marks);
    expect(story.commands).toContainEqual({ type: 'hang-up', endReason: reason });
  });

  test.each([
    ['the call has to end', endReason('owner', 'canceled'), 'goodbye'],
    ['another phone is to take the call', endReason('owner', 'transferred'), 'connecting'],
  ])('is asked for as the answer to a person who speaks when %s', (_when, reason, word) => {
    const { story, marks } = agentSpeaks(2);
    story.hears(...marks).after(200);
    story.happens(speechStarted, { type: 'leave', endReason: reason });
    expect(story.types()).not.toContain('request-response');
    expect(told(story)).toMatchObject([{ role: 'system', text: expect.stringContaining(word) as string }]);
    story.happens(speechStopped, responseStarted('r2'), agentItem('a2'));
    const goodbye = story.plays('a2', 'r2', 1);
    story.happens(...words('a2', 'Yes. One moment.'), responseEnded('r2'));
    expect(story.types()).not.toContain('put-through');
    story.hears(...goodbye);
    expect(story.types()).toContain(reason.why === 'transferred' ? 'put-through' : 'hang-up');
  });

  test('is asked for by its words when a person who spoke is not answered', () => {
    const { story, marks } = agentSpeaks(2);
    story
      .hears(...marks)
      .after(200)
      .happens(speechStarted);
    story.happens({ type: 'leave', endReason: endReason('owner', 'canceled') }, speechStopped);
    expect(story.after(2800).happens(silence).commands).toContainEqual(
      expect.objectContaining({
        type: 'request-response',
        instructions: expect.stringContaining('goodbye') as string,
      }),
    );
  });

  test('is forgotten when the agent itself wanted to end the call', () => {
    const { story } = agentSpeaks(5);
    story.happens(tool('end_call')).after(200).happens(speechStarted);
    expect(told(story)).toEqual([]);
  });
});

describe('silence', () => {
  test('of a model that owes a reply is broken by asking again, then by an apology', () => {
    const story = new Story().happens(opened, speechStarted, speechStopped).after(2800);
    expect(story.happens(silence).types()).toContain('request-response');
    expect(story.after(2800).happens(silence).types()).toContain('apologise');
    expect(story.commands).toContainEqual({
      type: 'apologise',
      endReason: endReason('fault', 'model_error'),
    });
  });

  test('of a model that owes the goodbye leaves the reason for which the call ends', () => {
    const reason = endReason('owner', 'canceled');
    const story = new Story().happens(opened, greetingTimer, { type: 'leave', endReason: reason });
    story.after(2800).happens(silence).after(2800).happens(silence);
    expect(story.commands).toContainEqual({ type: 'apologise', endReason: reason });
  });

  test('of a person is broken by asking whether they are there, twice, then by a goodbye', () => {
    const { story, marks } = agentSpeaks(1);
    story.hears(...marks);
    for (const itemId of ['a2', 'a3', 'a4']) {
      story.after(8000).happens(silence);
      expect(story.types()).toContain('request-response');
      story.happens(responseStarted(itemId), agentItem(itemId));
      const heard = story.plays(itemId, itemId, 1);
      story.happens(...words(itemId, 'Hello?'), responseEnded(itemId)).hears(...heard);
    }
    expect(story.types()).toContain('hang-up');
  });

  test('is left alone on hold', () => {
    const story = new Story().happens(opened, speechStarted, speechStopped, responseStarted('r1'));
    story.happens(tool('stay_silent', { reason: 'on_hold' }), responseEnded('r1')).after(0);
    expect(story.happens(silence).types()).toEqual([]);
  });

  test('after a failed response is broken by one more try, then by an apology', () => {
    const story = new Story().happens(
      opened,
      greetingTimer,
      responseStarted('r1'),
      responseEnded('r1', 'failed'),
    );
    expect(story.types().filter((type) => type === 'request-response')).toHaveLength(2);
    story.happens(responseStarted('r2'), responseEnded('r2', 'failed'));
    expect(story.types()).toContain('apologise');
  });
});

describe('keys', () => {
  test('are pressed only once the agent has been heard out', () => {
    const { story, marks } = agentSpeaks(2);
    story.happens(tool('press_digits', { digits: '1' }));
    expect(story.types()).not.toContain('press-digits');
    expect(story.hears(...marks).types()).toContain('press-digits');
  });

  test('that the person presses reach the agent as text', () => {
    const story = new Story().happens(opened, { type: 'digit', digit: '5' });
    expect(story.commands).toContainEqual({
      type: 'add-text',
      role: 'person',
      text: '[The person pressed 5 on the phone.]',
    });
  });
});

test('a tool whose arguments are nonsense is answered with what is wrong', () => {
  const story = new Story().happens(opened, {
    type: 'tool-called',
    toolCallId: 't1',
    responseId: 'r1',
    name: 'report_outcome',
    arguments: '{"status":',
  });
  expect(story.commands).toContainEqual(
    expect.objectContaining({ type: 'answer-tool', output: expect.stringContaining('not a JSON object') }),
  );
});

test('words that were never spoken aloud are not in the transcript when the line closes', () => {
  const story = new Story().happens(opened, greetingTimer, responseStarted('r1'), agentItem('a1'));
  story.happens({ type: 'agent-words-growing', itemId: 'a1', delta: 'Secret' }, { type: 'line-closed' });
  expect(story.commands).toContainEqual({
    type: 'record',
    happening: { type: 'turn-ended', turnId: 'a1', text: '', isInterrupted: false },
  });
});
