import { describe, expect, test } from 'vitest';
import type { VoicemailRule } from '../call/call.ts';
import { newConversation } from './conversation-state.ts';
import type { Command, Conversation, ConversationInput } from './conversation-state.ts';
import { converse, playChunk } from './conversation.ts';

/** A conversation with whoever answered; each input at its own time. */
class Answered {
  state: Conversation;
  now = 0;
  commands: Command[] = [];

  constructor(rule: VoicemailRule) {
    this.state = { ...newConversation, answerer: { ...newConversation.answerer, rule } };
    this.happens({ type: 'line-opened', greets: 'after-a-moment' });
  }

  happens(...inputs: ConversationInput[]): this {
    this.commands = [];
    for (const input of inputs) {
      const step = converse(this.state, input, this.now);
      this.state = step.state;
      this.commands.push(...step.commands);
    }
    return this;
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  /** @returns whether the person heard it */
  plays(responseId: string): boolean {
    const played = playChunk(this.state, `item-${responseId}`, responseId, 200, this.now);
    if (played === undefined) return false;
    this.state = played.state;
    this.happens({ type: 'mark-reached', name: played.markName });
    return true;
  }

  get ended(): string | undefined {
    return this.commands.find((command) => command.type === 'hang-up')?.endReason.message;
  }

  get asked(): boolean {
    return this.commands.some(({ type }) => type === 'request-response');
  }
}

const speech: ConversationInput = { type: 'speech-started', itemId: 'p1' };
const silence: ConversationInput = { type: 'speech-stopped', itemId: 'p1' };
const detected = (found: 'human' | 'machine' | 'beep' | 'fax'): ConversationInput => ({
  type: 'answerer-detected',
  found,
});
const quiet: ConversationInput = { type: 'timer', name: 'machine' };
const started = (responseId: string): ConversationInput => ({
  type: 'response-started',
  responseId,
  isAside: false,
});
const ended = (responseId: string, status: 'completed' | 'cancelled' | 'failed' = 'completed') =>
  ({ type: 'response-ended', responseId, isAside: false, status, failure: undefined }) as const;
const says = (answerer: string): ConversationInput => ({
  type: 'tool-called',
  toolCallId: 't1',
  responseId: 'r0',
  name: 'who_answered',
  arguments: JSON.stringify({ answerer }),
});

describe('where no message is wanted', () => {
  const rule = { action: 'hang_up' } as const;

  test.each([
    ['the agent says that it is a voicemail', [says('voicemail')]],
    ['the carrier hears the beep', [detected('beep')]],
    ['a machine of any kind has been quiet for long', [speech, detected('machine'), silence, quiet]],
  ])('the call ends when %s', (_, inputs) => {
    expect(new Answered(rule).happens(...inputs).ended).toBe('A voicemail answered.');
  });

  test('a machine is given more time for its first word than for its next', () => {
    const call = new Answered(rule);
    const waits = (ms: number) => ({ type: 'start-timer', name: 'machine', ms });
    expect(call.happens(detected('machine')).commands).toContainEqual(waits(10_000));
    expect(call.happens(speech, silence).commands).toContainEqual(waits(5000));
  });

  test.each([
    ['somebody who answered what the agent said', 'human'],
    ['a phone menu', 'menu'],
    ['call screening', 'screening'],
  ])('the carrier’s late word does not end a call with %s', (_, who) => {
    const call = new Answered(rule).happens(says(who));
    expect(call.happens(detected('machine')).ended).toBeUndefined();
    expect(call.happens(detected('beep'), quiet).ended).toBeUndefined();
  });

  test('a person who answers the agent is none of a machine, whatever the carrier says', () => {
    const call = new Answered(rule).happens(started('r1'));
    expect(call.plays('r1')).toBe(true);
    call.happens(ended('r1'), speech, detected('machine'), silence, quiet);
    expect(call.ended).toBeUndefined();
    expect(call.happens(detected('beep')).ended).toBeUndefined();
  });

  test('an agent that is about to talk to a machine is taken back, and told', () => {
    const call = new Answered(rule).happens(speech, silence, started('r1'), detected('machine'));
    expect(call.commands).toContainEqual({ type: 'cancel-response', responseId: 'r1' });
    expect(call.commands).toContainEqual(expect.objectContaining({ type: 'add-text', role: 'system' }));
    expect(call.plays('r1')).toBe(false);
    call.happens(ended('r1'), started('r2'));
    expect(call.plays('r2')).toBe(true);
    expect(call.happens(detected('machine')).commands).toEqual([]);
    expect(call.plays('r2')).toBe(true);
  });
});

describe('where a message is wanted', () => {
  const rule = { action: 'leave_message', message: 'Call back.' } as const;
  const atGreeting = () => new Answered(rule).happens(speech, says('voicemail'));

  test('nothing is said into the greeting, and the message when the beep is heard', () => {
    const call = atGreeting().happens(silence, started('r1'));
    expect(call.plays('r1')).toBe(false);
    call.happens(ended('r1'), detected('beep'));
    expect(call.asked).toBe(true);
    call.happens(started('r2'));
    expect(call.plays('r2')).toBe(true);
    call.happens(ended('r2'));
    expect(call.ended).toBe('A voicemail answered, and a message was left.');
    expect(call.commands).toContainEqual({ type: 'record', happening: { type: 'message-left' } });
  });

  test('one response only is heard, though the model makes more', () => {
    const call = atGreeting().happens(silence, detected('beep'), started('r1'));
    expect(call.plays('r1')).toBe(true);
    call.happens({ type: 'response-refused', requestId: 'r1' }, started('r2'));
    expect(call.commands).toContainEqual({ type: 'cancel-response', responseId: 'r2' });
    expect(call.plays('r2')).toBe(false);
  });

  test('without a beep the message waits for the end of the greeting', () => {
    const call = atGreeting();
    expect(call.happens(silence).commands).toContainEqual({
      type: 'start-timer',
      name: 'machine',
      ms: 2500,
    });
    call.happens(quiet, started('r1'));
    expect(call.plays('r1')).toBe(true);
    // The greeting had only paused.
    call.after(500).happens(speech);
    expect(call.plays('r1')).toBe(false);
    call.happens(ended('r1'), silence, quiet, started('r2'));
    expect(call.plays('r2')).toBe(true);
    call.happens(ended('r2'));
    expect(call.ended).toBe('A voicemail answered, and a message was left.');
  });

  test('noise on the line does not break the message off', () => {
    const call = atGreeting().happens(silence, detected('beep'), started('r1'));
    expect(call.plays('r1')).toBe(true);
    call.after(1000).happens(speech);
    expect(call.plays('r1')).toBe(true);
    call.happens(silence, ended('r1'), { type: 'answerer-heard', who: 'voicemail' });
    expect(call.ended).toBe('A voicemail answered, and a message was left.');
  });

  describe.each([
    ['noise on the line has the model break off', ended('r1', 'cancelled')],
    ['its response fails', ended('r1', 'failed')],
  ])('a message of which only a part was said because %s', (_, breaksOff) => {
    const begun = () => {
      const call = atGreeting().happens(silence, detected('beep'), started('r1'));
      expect(call.plays('r1')).toBe(true);
      return call;
    };

    test('is said again from its first word, and only then has been left', () => {
      const call = begun().happens(breaksOff);
      expect(call.ended).toBeUndefined();
      expect(call.commands).toContainEqual(
        expect.objectContaining({
          type: 'request-response',
          instructions: expect.stringContaining('from its first word') as unknown,
        }),
      );
      call.happens(started('r2'));
      expect(call.plays('r2')).toBe(true);
      call.happens(ended('r2'));
      expect(call.ended).toBe('A voicemail answered, and a message was left.');
    });

    test('and never more than that counts as not left', () => {
      const call = begun().happens(breaksOff);
      for (const responseId of ['r2', 'r3']) {
        call.happens(started(responseId));
        expect(call.plays(responseId)).toBe(true);
        call.happens({ ...breaksOff, responseId });
      }
      expect(call.ended).toBe('A voicemail answered, and only a part of the message could be left.');
      expect(call.commands.some(({ type }) => type === 'record')).toBe(false);
    });
  });

  test('a message that a dropped voice session cut off is said again by the next one', () => {
    const call = atGreeting().happens(silence, detected('beep'), started('r1'));
    expect(call.plays('r1')).toBe(true);
    call.happens({ type: 'voice-lost' });
    expect(call.ended ?? call.asked).toBe(false);
    call.happens({ type: 'voice-resumed' });
    expect(call.asked).toBe(true);
    call.happens(started('r2'));
    expect(call.plays('r2')).toBe(true);
    expect(call.happens(ended('r2')).ended).toBe('A voicemail answered, and a message was left.');
  });

  test('a message that does not begin leaves no silence on the recorder', () => {
    const call = atGreeting().happens(silence, detected('beep'));
    expect(call.happens(quiet).ended).toBe('A voicemail answered, and the message could not be left.');
  });

  const talkedInto = () => {
    const call = atGreeting().happens(silence, detected('beep'), started('r1'));
    expect(call.plays('r1')).toBe(true);
    call.after(2000).happens(speech);
    return call.happens({ type: 'item-added', itemId: 'p2', afterItemId: null, speaker: 'person' });
  };

  test('the model is asked who talks into the message, which does not end the call meanwhile', () => {
    const call = talkedInto();
    expect(call.commands).toContainEqual({ type: 'ask-who-answered' });
    expect(call.happens(ended('r1')).ended).toBeUndefined();
    expect(call.happens({ type: 'answerer-heard', who: 'voicemail' }).ended).toBe(
      'A voicemail answered, and a message was left.',
    );
  });

  test('a message that was heard does not wait for ever for what the model says', () => {
    const call = talkedInto().happens(ended('r1'));
    expect(call.happens(quiet).ended).toBe('A voicemail answered, and a message was left.');
  });

  test('a human who talks into the message breaks it off, and is talked to', () => {
    const call = talkedInto().happens({ type: 'answerer-heard', who: 'human' });
    expect(call.commands.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['cancel-response', 'add-text', 'stop-timer']),
    );
    expect(call.plays('r1')).toBe(false);
    call.happens(ended('r1'));
    expect(call.asked).toBe(true);
    call.happens(started('r2'));
    expect(call.plays('r2')).toBe(true);
    expect(call.happens(ended('r2')).ended).toBeUndefined();
    expect(call.state.answerer.verdict).toBe('human');
  });

  test('the carrier’s human alone does not break the message off, it only has the model asked', () => {
    const call = atGreeting().happens(silence, detected('beep'), started('r1'), detected('human'));
    expect(call.commands).toContainEqual({ type: 'ask-who-answered' });
    expect(call.plays('r1')).toBe(true);
  });
});
