import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Access, Scope } from '../lib/access.ts';
import { accessOf, guardedRequest } from './guard.ts';
import type { Guard } from './guard.ts';
import { HttpRefusal } from './http-refusal.ts';
import type { LoginCookies } from './login-cookie.ts';
import type { RequestRate } from './request-rate.ts';

/** Body of `POST /api/login`. */
export const loginBody = z.strictObject({
  token: z
    .string()
    .trim()
    .min(1)
    .max(4096)
    .describe('One of the tokens in MCP_AUTH_TOKEN, or an access token of OAUTH_ISSUER'),
});

/** What a page is told of who it is. */
export interface SessionReport {
  /** Whether this server asks for a token at all; false only for this machine, without tokens configured. */
  readonly required: boolean;
  readonly authenticated: boolean;
  readonly scopes: readonly Scope[];
  /** Name of the token; null while nobody is logged in. */
  readonly name: string | null;
  /** What the login takes. */
  readonly takes: {
    /** Tokens in MCP_AUTH_TOKEN. */
    readonly tokens: boolean;
    /** The authorization server whose access tokens it takes; null: none. */
    readonly issuer: string | null;
  };
}

/** A cookie of more than 4096 bytes is dropped by browsers; its name and attributes count. */
const longestInCookie = 3_900;

/** Mounts the web app's login. Anybody may ask, but no page of another site. */
export async function mountSession(
  app: FastifyInstance,
  guard: Guard,
  rate: RequestRate,
  logins: LoginCookies,
  publicUrl: () => string | null,
): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    guard.refuseForeignPages(guardedRequest(request.raw));
    await rate.countAddress(request, reply);
  });

  app.get('/api/session', (request) => report(request));

  app.post('/api/login', async (request, reply) => {
    const body = loginBody.safeParse(request.body);
    if (!body.success) {
      throw new HttpRefusal(400, 'invalid-request', 'Send the token as JSON: {"token": "…"}.');
    }
    if (!guard.needsToken) return report(request);
    const offered = body.data.token;
    const access = await guard.accessTokenOffered(offered);
    if (access !== undefined) {
      if (offered.length > longestInCookie) {
        throw new HttpRefusal(
          400,
          'invalid-request',
          'This access token is too long for a browser to keep. Log in with a token in MCP_AUTH_TOKEN.',
        );
      }
      reply.header('set-cookie', logins.keep(offered, access.expiresAt, isHttps(request, publicUrl())));
      request.access = access;
      return reportOf(access);
    }
    const token = guard.tokenOffered(offered, guardedRequest(request.raw));
    request.access = accessOf(token);
    reply.header('set-cookie', logins.issue(token, isHttps(request, publicUrl())));
    return reportOf({ ...token, by: 'token' });
  });

  app.post('/api/logout', async (request, reply) => {
    const login = logins.holder(request.headers.cookie);
    const accessToken = logins.accessToken(request.headers.cookie);
    const access =
      login === undefined
        ? await guard.accessTokenOffered(accessToken).catch(() => undefined)
        : accessOf(login.token);
    if (access !== undefined) request.access = access;
    reply.header('set-cookie', logins.end(request.headers.cookie, isHttps(request, publicUrl())));
    return reply.code(204).send();
  });

  async function report(request: FastifyRequest): Promise<SessionReport> {
    try {
      return reportOf(await guard.admit(guardedRequest(request.raw), { login: true }));
    } catch (error) {
      if (!(error instanceof HttpRefusal) || error.status !== 401) throw error;
      return { required: true, authenticated: false, scopes: [], name: null, takes: takes() };
    }
  }

  function reportOf({ by, name, scopes }: Pick<Access, 'by' | 'name' | 'scopes'>): SessionReport {
    return { required: by !== 'machine', authenticated: true, scopes, name, takes: takes() };
  }

  function takes(): SessionReport['takes'] {
    return { tokens: guard.hasTokens, issuer: guard.issuer };
  }
}

/** Behind a proxy that ends TLS the connection itself is plain. Who lies about it only gets a stricter cookie. */
function isHttps({ headers }: FastifyRequest, publicUrl: string | null): boolean {
  if (publicUrl !== null && publicUrl === `https://${headers.host}`) return true;
  const forwarded = String(headers['x-forwarded-proto'] ?? '');
  return forwarded.split(',', 1)[0]?.trim().toLowerCase() === 'https';
}
