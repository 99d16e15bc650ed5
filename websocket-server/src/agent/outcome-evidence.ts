import type { Call } from '../call/call.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Outcome, OutcomeEntity } from '../call/outcome.ts';
import type { Transcript } from '../call/transcript.ts';
import type { OutcomeReport } from './agent-tools.ts';

/**
 * Binds the agent's report to the transcript: each quote gets its turn, and a quote that nobody said is dropped,
 * which makes its value `inferred` at best.
 */
export function boundOutcome(report: OutcomeReport, transcript: Transcript): Outcome {
  const entities: Record<string, OutcomeEntity> = {};
  for (const [name, entity] of Object.entries(report.entities)) {
    const turn = entity.quote === null ? -1 : turnSaying(transcript, entity.quote);
    entities[name] =
      turn >= 0
        ? { ...entity, turn }
        : {
            ...entity,
            quote: null,
            turn: null,
            status: entity.status === 'stated' ? 'inferred' : entity.status,
          };
  }
  return { status: report.status, summary: report.summary, entities };
}

const unreached: ReadonlySet<EndReason['why']> = new Set(['busy', 'no_answer', 'declined']);

/** What can be told of a call whose agent reported nothing. */
export function outcomeWithoutReport(call: Call, endReason: EndReason, transcript: Transcript): Outcome {
  if (call.answeredAt === null) {
    const isUnreached = unreached.has(endReason.why);
    return { status: isUnreached ? 'no_answer' : 'failed', summary: endReason.message, entities: {} };
  }
  if (endReason.why === 'voicemail') return { status: 'voicemail', summary: endReason.message, entities: {} };
  if (endReason.why === 'transferred') {
    return { status: 'human_escalation', summary: endReason.message, entities: {} };
  }
  const said = transcript
    .filter((turn) => turn.speaker !== 'tool')
    .findLast((turn) => turn.speaker === 'person');
  const last =
    said === undefined ? 'The person said nothing.' : `The person's last words were: "${said.text}"`;
  return {
    status: 'failed',
    summary: `It was not established whether the goal was reached. ${endReason.message} ${last}`,
    entities: {},
  };
}

/** What came of a call that a voicemail took: known without the agent's report, which may add to it. */
export function voicemailOutcome(call: Call, endReason: EndReason, transcript: Transcript): Outcome {
  const turn = call.isMessageLeft ? transcript.findLastIndex(({ speaker }) => speaker === 'agent') : -1;
  const said = transcript[turn];
  const quote = said !== undefined && said.speaker !== 'tool' ? said.text : null;
  return {
    status: 'voicemail',
    summary: call.outcome?.summary || endReason.message,
    entities: {
      ...call.outcome?.entities,
      message_left: {
        value: call.isMessageLeft,
        status: quote === null ? 'inferred' : 'stated',
        quote,
        turn: quote === null ? null : turn,
      },
    },
  };
}

function turnSaying(transcript: Transcript, quote: string): number {
  const wanted = comparable(quote);
  if (wanted === '') return -1;
  return transcript.findLastIndex(
    (turn) => turn.speaker !== 'tool' && comparable(turn.text).includes(wanted),
  );
}

/** Letters and digits only, so that punctuation and case do not hide a true quote. */
function comparable(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export function sameOutcome(one: Outcome, other: Outcome | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
