import { askServer } from './ask-server.ts';
import { isRecord } from './is-record.ts';

/** What somebody may do: read calls, place them, steer and end them. */
export type Scope = 'calls:read' | 'calls:place' | 'calls:control';

/** Who the server takes this page for. */
export interface PageSession {
  /** Whether the server asks for a token at all. */
  readonly isRequired: boolean;
  readonly isAuthenticated: boolean;
  readonly scopes: readonly string[];
  /** Name of the token; null while nobody is logged in. */
  readonly name: string | null;
  /** Whether the login takes tokens that the operator has set. */
  readonly takesTokens: boolean;
  /** The authorization server whose access tokens the login takes; null: none. */
  readonly issuer: string | null;
}

export async function readSession(signal?: AbortSignal): Promise<PageSession> {
  return sessionOf(await askServer('/api/session', signal === undefined ? {} : { signal }));
}

/** @throws ServerRefused for a token that the server does not know */
export async function logIn(token: string): Promise<PageSession> {
  return sessionOf(await askServer('/api/login', { method: 'POST', body: { token } }));
}

export async function logOut(): Promise<void> {
  await askServer('/api/logout', { method: 'POST' });
}

function sessionOf(body: Record<string, unknown>): PageSession {
  const takes = isRecord(body.takes) ? body.takes : {};
  return {
    isRequired: body.required === true,
    isAuthenticated: body.authenticated === true,
    scopes: Array.isArray(body.scopes) ? body.scopes.map(String) : [],
    name: typeof body.name === 'string' ? body.name : null,
    takesTokens: takes.tokens !== false,
    issuer: typeof takes.issuer === 'string' ? takes.issuer : null,
  };
}
