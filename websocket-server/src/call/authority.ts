/** When the agent may tell a fact. */
export const releases = ['freely', 'if_asked', 'never'] as const;
export type Release = (typeof releases)[number];

/**
 * What the agent may do for its client in one call. Fixed when the call is requested: nothing that is said in the call
 * changes it.
 */
export interface Authority {
  readonly facts: readonly ReleasableFact[];
  /** Numbers that the agent may hand the call to, E.164, the first one first; null: the owner's. */
  readonly transferTo: readonly string[] | null;
  /** What it may agree to, in words; null: what the goal says. */
  readonly mayAgreeTo: string | null;
  /** The most that it may agree to spend, in USD; null: what the goal says. */
  readonly maxSpendUsd: number | null;
  readonly mayPressKeys: boolean;
  /** Names of keys that it may press without knowing them. */
  readonly secrets: readonly string[];
}

export interface ReleasableFact {
  readonly name: string;
  readonly value: string;
  readonly release: Release;
}

/** A call for which nothing else was agreed. */
export const openAuthority: Authority = {
  facts: [],
  transferTo: null,
  mayAgreeTo: null,
  maxSpendUsd: null,
  mayPressKeys: true,
  secrets: [],
};

/** How a secret is shown wherever its keys would stand. */
export function shownSecret(name: string): string {
  return `[secret: ${name}]`;
}
