import type { Call } from '../../websocket-server/src/call/call.ts';
import { durationSeconds } from '../../websocket-server/src/call/call.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { lengthWords, outcomeWords, personsNumber, speakerWords, stateWords } from './call-words.ts';

/** A call as a program reads it. */
export function callAsJson(call: Call, transcript: Transcript): string {
  return `${JSON.stringify({ call, transcript }, undefined, 2)}\n`;
}

/**
 * A call as a person reads it. Times are those of the zone given.
 *
 * @param timeZone IANA name; the browser's own when left out
 */
export function callAsText(call: Call, transcript: Transcript, timeZone?: string): string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
  const { outcome, endReason } = call;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [call.direction === 'outbound' ? 'Call to' : 'Call from', personsNumber(call)],
    ['Goal', call.errand.goal],
    ['Date', `${day.format(call.requestedAt)} ${time.format(call.requestedAt)}`],
    ['State', stateWords[call.state].label],
    ['Length', call.endedAt === null ? undefined : lengthWords(durationSeconds(call, call.endedAt))],
    ['Ended', endReason?.message],
    ['Outcome', outcome === null ? undefined : `${outcomeWords[outcome.status].label}. ${outcome.summary}`],
    ...Object.entries(outcome?.entities ?? {}).map(
      ([name, { value, quote }]) =>
        [`- ${name}`, `${String(value ?? '–')}${quote === null ? '' : ` (“${quote}”)`}`] as const,
    ),
  ];
  const lines = transcript.map((turn) => {
    const at = time.format(turn.startedAt);
    if (turn.speaker === 'tool') return `${at}  (${turn.name} ${turn.arguments} → ${turn.output ?? '…'})`;
    return `${at}  ${speakerWords[turn.speaker]}: ${turn.text}${turn.isInterrupted ? ' — (interrupted)' : ''}`;
  });
  const head = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `${[...head, '', ...lines].join('\n')}\n`;
}
