import { errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { scopes } from '../lib/access.ts';
import type { Access } from '../lib/access.ts';
import type { Runtime } from '../lib/runtime.ts';
import { HttpRefusal } from './http-refusal.ts';
import { Issuer } from './issuer.ts';

/** Signatures that only the issuer can make: `none` has none, and who checks an HMAC can also forge one. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const tokenTypes: readonly (string | undefined)[] = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];
const clockSkewSeconds = 30;
const longestToken = 8_192;

export interface OAuthSettings {
  /** As tokens write it in `iss`, to the letter. */
  readonly issuer: string;
  /** What tokens for this server have in `aud`; null: the address of its MCP door. */
  readonly audience: string | null;
  /** Where the issuer's keys are; null: to be discovered. */
  readonly jwksUrl: string | null;
}

/** What an access token of the authorization server lets its holder do (RFC 9068, and kin). */
export class AccessTokens {
  readonly #settings: OAuthSettings;
  readonly #origin: () => string;
  readonly #runtime: Pick<Runtime, 'clock' | 'log' | 'fetch'>;
  readonly #issuer: Issuer;

  /** @param origin our own, as clients reach it */
  constructor(
    settings: OAuthSettings,
    origin: () => string,
    runtime: Pick<Runtime, 'clock' | 'log' | 'fetch'>,
  ) {
    this.#settings = settings;
    this.#origin = origin;
    this.#runtime = runtime;
    this.#issuer = new Issuer(settings.issuer, settings.jwksUrl, runtime);
  }

  /** The authorization server whose tokens these are. */
  get issuer(): string {
    return this.#settings.issuer;
  }

  /** Whether a bearer token could be one of these at all. */
  looksLikeOne(token: string): boolean {
    return token.length <= longestToken && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
  }

  /**
   * @throws HttpRefusal 401 for a token that is not good, 503 when nobody can tell
   */
  async verify(token: string): Promise<Access> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, await this.#issuer.keys(), {
        algorithms,
        issuer: this.#settings.issuer,
        audience: this.#audience(),
        requiredClaims: ['exp'],
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(this.#runtime.clock.now()),
      });
      if (!tokenTypes.includes(protectedHeader.typ?.toLowerCase())) {
        throw this.#refusal('It is not an access token.');
      }
      // A token bound to a key or a certificate is worth nothing without a proof of that, which we do not read.
      if (payload['cnf'] !== undefined)
        throw this.#refusal('It is bound to a key; send a plain bearer token.');
      return this.#accessOf(payload);
    } catch (error) {
      if (error instanceof HttpRefusal) throw error;
      const sentence = faultOf(error);
      if (sentence !== undefined) throw this.#refusal(sentence);
      this.#runtime.log.error('the authorization server cannot be asked', { err: error });
      throw new HttpRefusal(
        503,
        'issuer-unreachable',
        'Your token cannot be checked, since the authorization server does not answer. Try again shortly.',
        { 'retry-after': '5' },
      );
    }
  }

  /** What a 401 says in `WWW-Authenticate`: whom to ask for a token, and for which scopes. */
  challenge(fault?: string): string {
    const parts = [
      ...(fault === undefined ? [] : ['error="invalid_token"', `error_description="${fault}"`]),
      `resource_metadata="${this.#metadataUrl()}"`,
      `scope="${scopes.join(' ')}"`,
    ];
    return `Bearer ${parts.join(', ')}`;
  }

  /** Protected resource metadata (RFC 9728). */
  metadata(): Readonly<Record<string, unknown>> {
    const audience = this.#audience();
    return {
      resource: /^https?:/.test(audience) ? audience : `${this.#origin()}/mcp`,
      authorization_servers: [this.#settings.issuer],
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'MCP Telephone',
    };
  }

  #audience(): string {
    return this.#settings.audience ?? `${this.#origin()}/mcp`;
  }

  #metadataUrl(): string {
    return `${this.#origin()}/.well-known/oauth-protected-resource/mcp`;
  }

  #accessOf(payload: JWTPayload): Access {
    const { sub, client_id: clientId, azp, exp = 0, scope, scp } = payload;
    const name = [sub, clientId, azp].find((text) => typeof text === 'string' && text !== '');
    if (name === undefined) throw this.#refusal('It names no subject.');
    const granted = [scope, scp].flatMap((given) =>
      typeof given === 'string' ? given.split(' ') : Array.isArray(given) ? given : [],
    );
    return {
      by: 'issuer',
      name: String(name).slice(0, 200),
      scopes: scopes.filter((known) => granted.includes(known)),
      expiresAt: (exp + clockSkewSeconds) * 1000,
      metadataUrl: this.#metadataUrl(),
    };
  }

  #refusal(fault: string): HttpRefusal {
    return new HttpRefusal(
      401,
      'unauthorized',
      `The access token does not count. ${fault} Get a new one from ${this.#settings.issuer}.`,
      { 'www-authenticate': this.challenge(fault) },
    );
  }
}

/** @returns what is wrong with the token; undefined when the token is not to blame */
function faultOf(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'It has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'aud' ? 'It is for another audience.' : `Its claim ${error.claim} does not fit.`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'Its signature is of a kind that does not count.';
  const isTokens =
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported;
  return isTokens ? 'Its signature is not one of the authorization server.' : undefined;
}
