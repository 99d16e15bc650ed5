/** What a person answers. */
export interface Reply {
  /** One utterance: a pause inside would be taken for its end. Empty: nothing to say. */
  readonly say: string;
  /** `leave`: hang up soon, unless the other does. `wait`: have patience, the other asked for it. */
  readonly afterwards?: 'leave' | 'wait';
}

/**
 * How a person thinks, without time and sound: from what was heard to what is said. The state is a value,
 * so that a reply that could not be said can be taken back.
 */
export interface Brain<State> {
  readonly greeting: string;
  readonly start: State;
  /** @param heard what the other said since the last reply; empty if there was a voice without captions */
  reply(state: State, heard: string): { readonly state: State; readonly reply: Reply };
}
