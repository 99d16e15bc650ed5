import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { machineAccess, missingScopeSentence, missingScopes } from '../lib/access.ts';
import type { Access, Scope } from '../lib/access.ts';
import type { AuthToken } from '../lib/auth-tokens.ts';
import type { ClientAddresses } from '../lib/client-addresses.ts';
import type { AccessTokens } from './access-tokens.ts';
import { FailedTokens } from './failed-tokens.ts';
import { HttpRefusal } from './http-refusal.ts';
import { loginIdOf } from './login-cookie.ts';
import type { LoginCookies } from './login-cookie.ts';
import { isFromThisMachine, isOwnOrigin } from './same-machine.ts';

export interface GuardRules {
  /** Tokens that are let in; none: only this machine is. */
  readonly authTokens: readonly AuthToken[];
  readonly logins: LoginCookies;
  /** Tokens of an authorization server, which are let in besides; null: there is none. */
  readonly accessTokens: AccessTokens | null;
  readonly addresses: ClientAddresses;
  /** Our own origin as the internet sees it; null when there is none. */
  readonly publicUrl: () => string | null;
  /** ms since 1970. */
  readonly now: () => number;
}

export interface GuardedRequest {
  /** Address of the socket's other end, never one that a header claims. */
  readonly peerAddress: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** How a request may show who it is, besides its `Authorization`. */
export interface Ways {
  /** Whether the web app's login counts: for what pages use, never for MCP. */
  readonly login: boolean;
}

/** Who may use what clients use: calls, their words, the dial tone. */
export class Guard {
  readonly #rules: GuardRules;
  readonly #failed: FailedTokens;

  constructor(rules: GuardRules) {
    this.#rules = rules;
    this.#failed = new FailedTokens(rules.now);
  }

  /** The authorization server whose access tokens are let in; null: none. */
  get issuer(): string | null {
    return this.#rules.accessTokens?.issuer ?? null;
  }

  /** Whether tokens of our own are let in. */
  get hasTokens(): boolean {
    return this.#rules.authTokens.length > 0;
  }

  get needsToken(): boolean {
    return this.hasTokens || this.issuer !== null;
  }

  /**
   * With tokens configured, a request needs one. Without, it must come from this machine. A page must be ours
   * or a local one either way.
   *
   * @throws HttpRefusal
   */
  async admit(request: GuardedRequest, ways: Ways): Promise<Access> {
    this.refuseForeignPages(request);
    return { ...(await this.#accessOf(request, ways)), address: this.addressOf(request) };
  }

  /** Where a request came from, as far as proxies can be believed. */
  addressOf({ peerAddress, headers }: GuardedRequest): string {
    return this.#rules.addresses.of(peerAddress, headers['x-forwarded-for']);
  }

  async #accessOf(request: GuardedRequest, ways: Ways): Promise<Access> {
    const { headers, peerAddress } = request;
    if (!this.needsToken) {
      if (isFromThisMachine(peerAddress, headers)) return machineAccess;
      throw unauthorized(
        'No token is configured, so only programs on the same machine get in, directly and under a local name. Set MCP_AUTH_TOKEN on the server and send it as "Authorization: Bearer …".',
      );
    }
    if (headers.authorization === undefined && ways.login) {
      const login = this.#rules.logins.holder(headers.cookie);
      if (login !== undefined) {
        return { ...accessOf(login.token), expiresAt: login.expiresAt, loginId: login.loginId };
      }
      const cookie = this.#rules.logins.accessToken(headers.cookie);
      const kept = await this.accessTokenOffered(cookie);
      if (cookie !== undefined && kept !== undefined) return { ...kept, loginId: loginIdOf(cookie) };
    }
    const offered = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
    return (await this.accessTokenOffered(offered)) ?? accessOf(this.tokenOffered(offered, request));
  }

  /**
   * @returns undefined for what is no access token of the authorization server, whatever else it may be
   * @throws HttpRefusal for one that is not good
   */
  async accessTokenOffered(offered: string | undefined): Promise<Access | undefined> {
    const { accessTokens } = this.#rules;
    const isOne = offered !== undefined && accessTokens?.looksLikeOne(offered) && !this.#holder(offered);
    return isOne === true ? accessTokens?.verify(offered) : undefined;
  }

  /** @throws HttpRefusal */
  tokenOffered(offered: string | undefined, request: GuardedRequest): AuthToken {
    if (offered === undefined) throw this.#noToken(offered);
    const address = this.addressOf(request);
    this.#failed.check(address);
    const held = this.#holder(offered);
    if (held === undefined) {
      this.#failed.note(address, sha256(offered).toString('base64'));
      throw this.#noToken(offered);
    }
    if (held.expiresAt !== null && held.expiresAt <= this.#rules.now()) {
      throw unauthorized(`The token "${held.name}" has expired. Ask the operator for another one.`);
    }
    return held;
  }

  /** Compares digests, all of them: the time taken says nothing of the tokens, not even their length. */
  #holder(offered: string): AuthToken | undefined {
    const digest = sha256(offered);
    const isHeld = this.#rules.authTokens.map(({ token }) => timingSafeEqual(sha256(token), digest));
    return this.#rules.authTokens[isHeld.indexOf(true)];
  }

  #noToken(offered: string | undefined): HttpRefusal {
    const { accessTokens } = this.#rules;
    if (accessTokens === null) {
      return unauthorized('Send "Authorization: Bearer …" with one of the tokens in MCP_AUTH_TOKEN.');
    }
    const challenge = accessTokens.challenge(offered === undefined ? undefined : 'It is not known here.');
    return unauthorized(
      'Send "Authorization: Bearer …" with a token of the authorization server, or one in MCP_AUTH_TOKEN.',
      { 'www-authenticate': challenge },
    );
  }

  /** @throws HttpRefusal for a page of another site, whoever shows it */
  refuseForeignPages({ headers }: GuardedRequest): void {
    if (headers.origin === undefined) return;
    if (isOwnOrigin(headers.origin, headers.host, this.#rules.publicUrl())) return;
    throw new HttpRefusal(
      403,
      'foreign-origin',
      'Pages of other sites may not use this server. Open it at its own address, or at a local one.',
    );
  }
}

/** What the guard looks at, of a request as Node gives it. */
export function guardedRequest(request: IncomingMessage): GuardedRequest {
  return { peerAddress: request.socket.remoteAddress, headers: request.headers };
}

/** @throws HttpRefusal */
export function requireScopes(access: Access, needed: readonly Scope[]): void {
  const missing = missingScopes(access, needed);
  if (missing.length > 0) throw new HttpRefusal(403, 'missing-scope', missingScopeSentence(access, missing));
}

/** What a token of `MCP_AUTH_TOKEN` lets its holder do. */
export function accessOf({ name, scopes, expiresAt }: AuthToken): Access {
  return { by: 'token', name, scopes, expiresAt };
}

function unauthorized(message: string, headers: Readonly<Record<string, string>> = {}): HttpRefusal {
  return new HttpRefusal(401, 'unauthorized', message, headers);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
