import { CaptionReader } from '../src/index.ts';
import type { Speech } from '../src/index.ts';
import type { AcceptedStream } from './fake-server.ts';

export interface Turn {
  readonly by: 'agent' | 'person';
  readonly text: string;
}

/** An agent that says its lines one after the other, each when the person has finished a sentence. */
export interface ScriptedAgent {
  readonly turns: readonly Turn[];
  /** Whether the agent was cut off by the person at least so often. */
  readonly interruptions: number;
}

export interface AgentLine {
  readonly text: string;
  /** Said when this was heard; else at the end of the person's next sentence. */
  readonly after?: RegExp;
}

/**
 * Joins a stream. When the person talks into a line, the line is cut, as an agent with barge-in does.
 */
export function joinAgent(
  stream: AcceptedStream,
  speech: Speech,
  lines: readonly (string | AgentLine)[],
): ScriptedAgent {
  const waiting = lines.map((line) => (typeof line === 'string' ? { text: line } : line));
  const turns: Turn[] = [];
  const ears = new CaptionReader();
  let isTalking = false;
  let interruptions = 0;
  let words: string[] = [];

  const speak = async () => {
    const [line] = waiting;
    if (!line || isTalking) return;
    waiting.shift();
    isTalking = true;
    turns.push({ by: 'agent', text: line.text });
    const { audio } = await speech.say(line.text, 'rms');
    stream.play(audio);
    stream.mark(line.text);
  };
  const sentenceHeard = (text: string) => {
    turns.push({ by: 'person', text });
    words = [];
    const after = waiting[0]?.after;
    if (!after || after.test(text)) void speak();
  };

  stream.socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as { event: string; media?: { payload: string } };
    if (message.event === 'mark') isTalking = false;
    if (message.event !== 'media') return;
    for (const { kind, text } of ears.read(Buffer.from(message.media?.payload ?? '', 'base64'))) {
      if (kind === 'word') words.push(text);
      if (kind === 'end-of-utterance') sentenceHeard(text);
      if (kind === 'sound' && text !== 'hold-music') turns.push({ by: 'person', text: `(${text})` });
      if (kind === 'word' && words.length === 2 && isTalking) {
        interruptions++;
        stream.clear();
      }
    }
  });
  return {
    turns,
    get interruptions() {
      return interruptions;
    },
  };
}
