import { createRemoteJWKSet, customFetch } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { isRecord } from '../lib/is-record.ts';
import type { Runtime } from '../lib/runtime.ts';

const answerMs = 5_000;
/** While the issuer is away, it is not asked again for every request that comes meanwhile. */
const restMs = 2_000;

/** The authorization server cannot be asked, so nobody knows whether a token is good. */
export class IssuerUnreachable extends Error {
  constructor(address: string, options?: ErrorOptions) {
    super(`No usable answer from ${address}`, options);
    this.name = 'IssuerUnreachable';
  }
}

/**
 * The public keys of an authorization server. Where they are is found out at the first need and then known;
 * the keys are fetched anew every ten minutes, and when a token names one that is not known.
 */
export class Issuer {
  readonly #issuer: string;
  readonly #jwksUrl: string | null;
  readonly #runtime: Pick<Runtime, 'clock' | 'fetch'>;
  #keys: Promise<JWTVerifyGetKey> | undefined;

  /** @param jwksUrl where the keys are; null: to be discovered */
  constructor(issuer: string, jwksUrl: string | null, runtime: Pick<Runtime, 'clock' | 'fetch'>) {
    this.#issuer = issuer;
    this.#jwksUrl = jwksUrl;
    this.#runtime = runtime;
  }

  /** @throws IssuerUnreachable */
  keys(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#findKeys();
    return this.#keys;
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    try {
      const jwksUrl = this.#jwksUrl ?? (await this.#discover());
      return createRemoteJWKSet(new URL(jwksUrl), {
        timeoutDuration: answerMs,
        [customFetch]: (url, options) => this.#fetched(url, options),
      });
    } catch (error) {
      this.#runtime.clock.after(restMs, () => {
        this.#keys = undefined;
      });
      throw error;
    }
  }

  /** RFC 8414 puts its path between the host and the issuer's own path; OpenID Connect behind it. */
  async #discover(): Promise<string> {
    const { origin, pathname } = new URL(this.#issuer);
    const path = pathname.replace(/\/$/, '');
    const addresses = [
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ];
    let cause: unknown;
    for (const address of addresses) {
      try {
        const response = await this.#fetched(address, { signal: AbortSignal.timeout(answerMs) });
        const metadata: unknown = await response.json();
        // Metadata of another issuer is how one issuer's keys would pass for another's (RFC 8414, section 3.3).
        if (isRecord(metadata) && metadata['issuer'] === this.#issuer) return String(metadata['jwks_uri']);
      } catch (error) {
        cause = error;
      }
    }
    throw new IssuerUnreachable(this.#issuer, { cause });
  }

  async #fetched(url: string, options: RequestInit): Promise<Response> {
    const response = await this.#runtime.fetch(url, options).catch((cause: unknown) => {
      throw new IssuerUnreachable(url, { cause });
    });
    if (response.ok) return response;
    throw new IssuerUnreachable(url);
  }
}
