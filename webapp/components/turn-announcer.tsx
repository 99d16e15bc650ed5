import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { speakerWords } from './call-words.ts';

/**
 * Reads each settled turn to a screen reader, once and whole; the growing words would be read over and over.
 *
 * @param since only turns that began later, ms since 1970: what was said before the page came is not news
 */
export function TurnAnnouncer({
  transcript,
  since,
}: {
  readonly transcript: Transcript;
  readonly since: number;
}) {
  const latest = transcript
    .filter((turn) => turn.speaker !== 'tool')
    .filter((turn) => turn.isSettled && turn.startedAt > since)
    .reduce<{ text: string; sequence: number }>(
      (last, turn) =>
        turn.settledSequence > last.sequence
          ? {
              text: `${speakerWords[turn.speaker]}: ${turn.text}${turn.isInterrupted ? ', interrupted' : ''}`,
              sequence: turn.settledSequence,
            }
          : last,
      { text: '', sequence: 0 },
    );
  return (
    <p aria-live="polite" className="sr-only">
      {latest.text}
    </p>
  );
}
