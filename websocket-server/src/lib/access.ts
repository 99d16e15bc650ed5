/** What somebody at a door may do: read calls and their words, place calls, steer and end them. */
export const scopes = ['calls:read', 'calls:place', 'calls:control'] as const;
export type Scope = (typeof scopes)[number];

/** Who asks, as a door has found out, and what they may do. */
export interface Access {
  /** What vouches for them: being a program on this machine, a configured token, or an authorization server. */
  readonly by: 'machine' | 'token' | 'issuer';
  /** The name of the token, or the subject that the authorization server names; safe to show and to log. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** ms since 1970; null: it does not expire. */
  readonly expiresAt: number | null;
  /** Where a client learns whom to ask for more (RFC 9728); only where an authorization server vouches. */
  readonly metadataUrl?: string;
  /** Which login of the web app it is; no secret. Only where a login vouches. */
  readonly loginId?: string;
  /** Network address that the request came from, where one is known. */
  readonly address?: string;
}

/** Whoever runs programs on this machine may do everything: they could read the database as well. */
export const machineAccess: Access = { by: 'machine', name: 'this machine', scopes, expiresAt: null };

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text);
}

/** @returns those of `needed` that `access` lacks */
export function missingScopes(access: Access, needed: readonly Scope[]): readonly Scope[] {
  return needed.filter((scope) => !access.scopes.includes(scope));
}

/** What to tell somebody whose access does not reach. */
export function missingScopeSentence(access: Access, missing: readonly Scope[]): string {
  const remedy =
    access.by === 'issuer'
      ? 'Ask the authorization server for a token with it.'
      : 'Use a token that has it; the operator sets the scopes of each token in MCP_AUTH_TOKEN.';
  return `"${access.name}" lacks the scope ${missing.join(' and ')}. ${remedy}`;
}
