/** The words so far of a turn that is still being spoken; of the agent's, those that were heard. */
export interface WordsSoFar {
  readonly turnId: string;
  readonly text: string;
}
