import { z } from 'zod';
import { isEnded } from '../call/call.ts';
import type { Call } from '../call/call.ts';
import type { Turn } from '../call/transcript.ts';
import type { CallReading } from '../control/call-control.ts';

export const transcriptEntry = z.object({
  role: z
    .enum(['user', 'assistant', 'tool'])
    .describe('"user" is the person on the phone, "assistant" the agent, "tool" something the agent did.'),
  content: z.string(),
  timestamp: z.string().describe('When it began, ISO 8601.'),
  interrupted: z
    .boolean()
    .optional()
    .describe('True when the person cut the agent off; the content is then what was heard.'),
});
export type TranscriptEntry = z.output<typeof transcriptEntry>;

/**
 * The settled turns in spoken order.
 *
 * @param afterSequence only turns settled by later events
 */
export function transcriptEntries(
  { call, transcript }: CallReading,
  afterSequence: number = 0,
): TranscriptEntry[] {
  return transcript
    .filter((turn) => isSettled(turn, call) && turn.settledSequence > afterSequence)
    .map(entryOf);
}

/** Up to which event a reader of all these entries has read. */
export function lastSequence({ call, transcript }: CallReading): number {
  return Math.max(call.sequence, ...transcript.map((turn) => turn.settledSequence));
}

/** A tool that has not answered yet is told once it has, or when the call's end leaves it without an answer. */
function isSettled(turn: Turn, call: Call): boolean {
  return turn.speaker === 'tool' ? turn.output !== null || isEnded(call) : turn.isSettled;
}

function entryOf(turn: Turn): TranscriptEntry {
  const timestamp = new Date(turn.startedAt).toISOString();
  if (turn.speaker === 'tool') {
    const answer = turn.output === null ? '' : ` -> ${turn.output}`;
    return { role: 'tool', content: `${turn.name} ${turn.arguments}${answer}`, timestamp };
  }
  return {
    role: turn.speaker === 'person' ? 'user' : 'assistant',
    content: turn.text,
    timestamp,
    ...(turn.isInterrupted ? { interrupted: true } : {}),
  };
}
