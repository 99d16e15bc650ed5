import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import { Provider } from 'oidc-provider';
import { scopes } from '../../src/lib/access.ts';

export interface AuthorizationServer {
  readonly issuer: string;
  /** Requests that it has answered, as method and path. */
  readonly asked: readonly string[];
  /** Signs with a new key from now on, and no longer publishes the old one. */
  rotateKey(): Promise<void>;
  /** A token by client credentials, for a resource. */
  token(resource: string, scope?: string): Promise<string>;
  close(): Promise<void>;
}

export const clientId = 'robot';
export const clientSecret = 'a-secret-of-tests-that-is-long-enough';

/** A real authorization server on loopback that makes signed access tokens for any resource that is asked for. */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  let serve: (...exchange: Parameters<ReturnType<Provider['callback']>>) => unknown = () => {};
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    void serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function rotateKey(): Promise<void> {
    const provider = new Provider(issuer, configuration([await signingKey()]));
    serve = provider.callback();
  }

  await rotateKey();
  return {
    issuer,
    asked,
    rotateKey,
    async token(resource, scope = scopes.join(' ')) {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
      });
      const { access_token: token } = (await response.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`no token: ${response.status}`);
      return token;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: crypto.randomUUID() };
}

function configuration(keys: readonly JWK[]): Readonly<Record<string, unknown>> {
  return {
    jwks: { keys },
    scopes,
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: scopes.join(' '),
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}
