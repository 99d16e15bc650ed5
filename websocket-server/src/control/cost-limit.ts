export interface Standing {
  readonly spentUsd: number;
  /** What is due before the next look, whatever is said. */
  readonly aheadUsd: number;
  /** The dearest response so far. */
  readonly dearestUsd: number;
  readonly limitUsd: number;
}

/** A goodbye of two sentences on a large model, with the instructions read anew. */
const goodbyeUsd = 0.01;

/** Whether a call has to take its leave now, so that its goodbye still fits below the limit. */
export function isNearLimit({ spentUsd, aheadUsd, dearestUsd, limitUsd }: Standing): boolean {
  return spentUsd + aheadUsd + Math.max(goodbyeUsd, dearestUsd) >= limitUsd;
}
