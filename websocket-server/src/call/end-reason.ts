/** Why a call stopped, and by whom. Apart from its state (telephony) and its outcome (the goal). */
export interface EndReason {
  readonly by: EndedBy;
  readonly why: EndedWhy;
  /** One sentence for a human. */
  readonly message: string;
}

export type EndedBy = 'agent' | 'person' | 'owner' | 'limit' | 'carrier' | 'fault';

/** Every `why` there is, with the sentence that tells it. */
export const endSentences = {
  said_goodbye: 'The agent finished the errand and hung up after its goodbye.',
  hung_up: 'The person hung up.',
  canceled: 'The call was canceled by its owner.',
  busy: 'The line was busy.',
  no_answer: 'Nobody answered.',
  declined: 'The call was declined.',
  do_not_call: 'The person asked not to be called again, and the agent hung up after its apology.',
  voicemail: 'A voicemail answered.',
  fax: 'A fax machine answered.',
  transferred: 'The call was handed over to another phone.',
  person_silent: 'The person said nothing, so the agent hung up.',
  max_duration: 'The call reached its time limit.',
  cost_limit: 'The call reached its cost limit.',
  carrier_error: 'The carrier could not carry the call.',
  model_error: 'The voice model failed during the call.',
  stream_lost: 'The audio connection to the carrier was lost.',
  server_restarted: 'The server was restarted during the call.',
  server_stopping: 'The server was shut down during the call.',
  schedule_missed: 'The call was scheduled for a time at which it could not be dialed.',
  not_permitted: 'The call was not permitted.',
} as const;
export type EndedWhy = keyof typeof endSentences;

/** An end reason with its standard sentence, or a more telling one. */
export function endReason(by: EndedBy, why: EndedWhy, message: string = endSentences[why]): EndReason {
  return { by, why, message };
}
