import type { CallEvent, Speaker, CallHint } from './call-event.ts';

/** One entry of a transcript: a party's stretch of speech, or a tool the agent used. */
export type Turn =
  | {
      readonly turnId: string;
      readonly speaker: Speaker;
      readonly text: string;
      readonly isInterrupted: boolean;
      /** False while the words are still coming. */
      readonly isSettled: boolean;
      /** When it got its place, ms since 1970: the agent's as it begins, the person's as it ends. */
      readonly startedAt: number;
      /** How long it had lasted by then, in ms, where that is known. */
      readonly lastedMs?: number;
      /** Sequence number of the event that settled it; 0 before. */
      readonly settledSequence: number;
      /** How quickly it followed the person's words, where that is known. */
      readonly latency?: ReplyLatency;
    }
  | {
      readonly turnId: string;
      readonly speaker: 'tool';
      readonly name: string;
      readonly arguments: string;
      readonly output: string | null;
      readonly startedAt: number;
      readonly settledSequence: number;
    };

/** ms since the person fell silent, see `reply-timed`. */
export interface ReplyLatency {
  readonly modelMs: number;
  readonly sentMs: number;
  readonly heardMs: number;
}

/** The turns of one call in spoken order. */
export type Transcript = readonly Turn[];

export const emptyTranscript: Transcript = [];

/** A transcript after one more event or live hint; the same object when it has no words in it. */
export function foldTranscript(turns: Transcript, event: CallEvent | CallHint): Transcript {
  switch (event.type) {
    case 'turn-started':
      if (turns.some((turn) => turn.turnId === event.turnId)) return turns;
      return insertAfter(turns, event.afterTurnId, {
        turnId: event.turnId,
        speaker: event.speaker,
        text: '',
        isInterrupted: false,
        isSettled: false,
        startedAt: event.at,
        ...(event.lastedMs === undefined ? {} : { lastedMs: event.lastedMs }),
        settledSequence: 0,
      });
    case 'turn-growing':
      return replaced(turns, event.turnId, (turn) =>
        turn.speaker === 'tool' || turn.isSettled ? turn : { ...turn, text: event.text },
      );
    case 'turn-ended':
      if (event.text === '') return turns.filter((turn) => turn.turnId !== event.turnId);
      return replaced(turns, event.turnId, (turn) =>
        turn.speaker === 'tool'
          ? turn
          : {
              ...turn,
              text: event.text,
              isInterrupted: event.isInterrupted,
              isSettled: true,
              settledSequence: event.sequence,
            },
      );
    case 'reply-timed': {
      const { modelMs, sentMs, heardMs } = event;
      return replaced(turns, event.turnId, (turn) =>
        turn.speaker === 'tool' ? turn : { ...turn, latency: { modelMs, sentMs, heardMs } },
      );
    }
    case 'tool-called':
      if (turns.some((turn) => turn.turnId === event.toolCallId)) return turns;
      return insertAfter(turns, event.afterTurnId, {
        turnId: event.toolCallId,
        speaker: 'tool',
        name: event.name,
        arguments: event.arguments,
        output: null,
        startedAt: event.at,
        settledSequence: event.sequence,
      });
    case 'tool-answered':
      return replaced(turns, event.toolCallId, (turn) =>
        turn.speaker === 'tool' ? { ...turn, output: event.output, settledSequence: event.sequence } : turn,
      );
    case 'log-let-go':
      return emptyTranscript;
    default:
      return turns;
  }
}

/**
 * Tools used after the named turn keep their place before the new one. A turn that names a predecessor nobody
 * knows goes to the end: better late than lost.
 */
function insertAfter(turns: Transcript, afterTurnId: string | null, turn: Turn): Transcript {
  const before = turns.findLastIndex((other) => other.turnId === afterTurnId);
  if (before === -1 && afterTurnId !== null) return [...turns, turn];
  let position = before + 1;
  while (turns[position]?.speaker === 'tool') position++;
  return turns.toSpliced(position, 0, turn);
}

function replaced(turns: Transcript, turnId: string, change: (turn: Turn) => Turn): Transcript {
  const position = turns.findLastIndex((turn) => turn.turnId === turnId);
  const turn = turns[position];
  return turn === undefined ? turns : turns.with(position, change(turn));
}
