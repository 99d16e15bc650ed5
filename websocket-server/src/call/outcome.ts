/** What came of the goal, as the agent reported it or as it could be told from the transcript. */
export interface Outcome {
  readonly status: OutcomeStatus;
  /** One to three sentences for the client. */
  readonly summary: string;
  readonly entities: Readonly<Record<string, OutcomeEntity>>;
}

export const outcomeStatuses = ['confirmed', 'failed', 'human_escalation', 'no_answer', 'voicemail'] as const;
export type OutcomeStatus = (typeof outcomeStatuses)[number];

export const entityStatuses = ['stated', 'inferred', 'not_established', 'conflicting'] as const;
export type EntityStatus = (typeof entityStatuses)[number];

/** One fact that came out of the call, bound to the words that carry it. */
export interface OutcomeEntity {
  readonly value: string | number | boolean | null;
  readonly status: EntityStatus;
  /** Words of the transcript, verbatim; null when nobody said it. */
  readonly quote: string | null;
  /** Index of the quoted turn in the transcript, tools counted, from 0; null without a quote. */
  readonly turn: number | null;
}

/** An outcome whose transcript is gone: what came of the call, without the words that carried it. */
export function withoutQuotes(outcome: Outcome): Outcome {
  const entities = Object.entries(outcome.entities).map(([name, entity]) => [
    name,
    { ...entity, quote: null, turn: null },
  ]);
  return { ...outcome, entities: Object.fromEntries(entities) as Outcome['entities'] };
}
