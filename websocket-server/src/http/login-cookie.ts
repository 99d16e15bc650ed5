import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AuthToken } from '../lib/auth-tokens.ts';

const cookieName = 'telephone_session';
const accessCookieName = 'telephone_access';
const longestMs = 7 * 86_400_000;

/** One login that counts. */
export interface Login {
  readonly token: AuthToken;
  /** ms since 1970. */
  readonly expiresAt: number;
  /** The same for every request with this cookie; no secret. */
  readonly loginId: string;
}

/**
 * Logins of the web app. A cookie holds the name of a token, a time and a signature that only this token
 * makes: nothing is kept, so that logins outlive a restart, and all of a token's end when it leaves the
 * configuration. What has been logged out is remembered until it would have ended by itself. An access token of
 * an authorization server stands in a cookie of its own, as it is, and is verified each time.
 */
export class LoginCookies {
  readonly #tokens: readonly AuthToken[];
  readonly #now: () => number;
  /** Value of each cookie that was logged out, and when it ends anyway, in ms since 1970. */
  readonly #ended = new Map<string, number>();
  /** Who wants to know when a login ends, by its id. */
  readonly #listeners = new Map<string, Set<() => void>>();

  /** @param now ms since 1970 */
  constructor(tokens: readonly AuthToken[], now: () => number) {
    this.#tokens = tokens;
    this.#now = now;
  }

  /** @returns a `Set-Cookie` that no script can read and no other site's page can send */
  issue(token: AuthToken, isHttps: boolean): string {
    const expiresAt = Math.min(this.#now() + longestMs, token.expiresAt ?? Number.POSITIVE_INFINITY);
    const maxAgeSeconds = Math.floor((expiresAt - this.#now()) / 1000);
    return setCookie(cookieName, signed(token, Math.floor(expiresAt)), maxAgeSeconds, isHttps);
  }

  /** @returns a `Set-Cookie` for an access token, until it expires */
  keep(accessToken: string, expiresAt: number | null, isHttps: boolean): string {
    const untilMs = Math.min(this.#now() + longestMs, expiresAt ?? Number.POSITIVE_INFINITY);
    return setCookie(accessCookieName, accessToken, Math.floor((untilMs - this.#now()) / 1000), isHttps);
  }

  /** The access token in a request's cookie, which is still to be verified; undefined when there is none. */
  accessToken(cookieHeader: string | undefined): string | undefined {
    return valuesOf(cookieHeader, accessCookieName)[0];
  }

  /** The token behind a request's cookie; undefined when there is none that counts. */
  holder(cookieHeader: string | undefined): Login | undefined {
    return valuesOf(cookieHeader).flatMap((value) => this.#read(value))[0];
  }

  /** Has `ended` called when somebody logs this login out. @returns takes that back */
  whenEnded(loginId: string, ended: () => void): () => void {
    const listeners = this.#listeners.get(loginId) ?? new Set();
    this.#listeners.set(loginId, listeners.add(ended));
    return () => {
      listeners.delete(ended);
      if (listeners.size === 0) this.#listeners.delete(loginId);
    };
  }

  /** Makes a request's cookie worthless. @returns each `Set-Cookie` that takes one of ours from the browser */
  end(cookieHeader: string | undefined, isHttps: boolean): string[] {
    for (const [value, expiresAt] of this.#ended) if (expiresAt <= this.#now()) this.#ended.delete(value);
    for (const value of valuesOf(cookieHeader)) {
      const [login] = this.#read(value);
      if (login === undefined) continue;
      this.#ended.set(value, login.expiresAt);
      this.#tell(login.loginId);
    }
    for (const accessToken of valuesOf(cookieHeader, accessCookieName)) this.#tell(loginIdOf(accessToken));
    return [cookieName, accessCookieName].map((name) => setCookie(name, '', 0, isHttps));
  }

  #tell(loginId: string): void {
    for (const ended of this.#listeners.get(loginId) ?? []) ended();
  }

  #read(value: string): readonly Login[] {
    const [, name, digits = ''] = /^([\w.-]{1,60})~([1-9]\d{0,14})~[\w-]{43}$/.exec(value) ?? [];
    const token = this.#tokens.find((candidate) => candidate.name === name);
    const expiresAt = Number(digits);
    if (token === undefined || expiresAt <= this.#now() || this.#ended.has(value)) return [];
    const isSigned = timingSafeEqual(Buffer.from(signed(token, expiresAt)), Buffer.from(value));
    return isSigned ? [{ token, expiresAt, loginId: `${token.name}~${expiresAt}` }] : [];
  }
}

/** What stands for an access token in a cookie, where the token itself must not. */
export function loginIdOf(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('base64url');
}

function signed({ name, token }: AuthToken, expiresAt: number): string {
  const claim = `${name}~${expiresAt}`;
  const signature = createHmac('sha256', `mcp-telephone login\0${token}`).update(claim).digest('base64url');
  return `${claim}~${signature}`;
}

/** A page may be reached under several names, each with a cookie of its own, so all of ours are looked at. */
function valuesOf(cookieHeader: string | undefined, wanted = cookieName): readonly string[] {
  return (cookieHeader ?? '').split(';').flatMap((pair) => {
    const [name, value] = pair.trim().split('=', 2);
    return name === wanted && value !== undefined && value !== '' ? [value] : [];
  });
}

function setCookie(name: string, value: string, maxAgeSeconds: number, isHttps: boolean): string {
  const attributes = [
    `${name}=${value}`,
    'Path=/',
    `Max-Age=${maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Strict',
  ];
  return [...attributes, ...(isHttps ? ['Secure'] : [])].join('; ');
}
