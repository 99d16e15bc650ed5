import { readAuthTokens } from '../lib/auth-tokens.ts';
import type { AuthToken } from '../lib/auth-tokens.ts';
import { isAddressOrNet } from '../lib/client-addresses.ts';
import type { EnvironmentReader } from '../lib/environment-reader.ts';
import type { Config } from './config.ts';

export function readHost(reader: EnvironmentReader): string {
  const host = reader.text('HOST')?.replace(/^\[(.*)\]$/, '$1') ?? '127.0.0.1';
  if (/^[\w.:%-]+$/.test(host) && !/^[^:]+:\d*$/.test(host)) return host;
  reader.problem(
    'HOST',
    'Set it to an address or host name alone, e.g. 127.0.0.1 or 0.0.0.0; the port goes into PORT.',
  );
  return host;
}

export function readTokens(reader: EnvironmentReader): readonly AuthToken[] {
  const { tokens, problems } = readAuthTokens(reader.list('MCP_AUTH_TOKEN'));
  if (reader.text('MCP_AUTH_TOKEN') !== undefined && tokens.length === 0) {
    reader.problem('MCP_AUTH_TOKEN', 'It holds only commas: set one or more tokens, or unset it.');
  }
  for (const problem of problems) reader.problem('MCP_AUTH_TOKEN', problem);
  return tokens;
}

export function readOauth(reader: EnvironmentReader): Config['oauth'] {
  const issuer = reader.text('OAUTH_ISSUER');
  const audience = reader.text('OAUTH_AUDIENCE') ?? null;
  const jwksUrl = reader.text('OAUTH_JWKS_URL') ?? null;
  for (const [variable, text] of Object.entries({ OAUTH_ISSUER: issuer, OAUTH_JWKS_URL: jwksUrl })) {
    if (text === undefined || text === null || isTrustedAddress(text)) continue;
    reader.problem(
      variable,
      'Set it to an https:// address without a query; http:// counts only on this machine, since whoever can change its answers could let anybody in.',
    );
  }
  if (issuer !== undefined) return { issuer, audience, jwksUrl };
  for (const [variable, text] of Object.entries({ OAUTH_AUDIENCE: audience, OAUTH_JWKS_URL: jwksUrl })) {
    if (text !== null)
      reader.problem(variable, 'It does nothing without OAUTH_ISSUER: set that too, or unset it.');
  }
  return null;
}

function isTrustedAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash, username } = new URL(text);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLocal);
  return isSafe && search === '' && hash === '' && username === '';
}

export function readLimits(reader: EnvironmentReader): Config['limits'] {
  const proxies = reader.list('TRUSTED_PROXIES');
  const unknown = proxies.filter((proxy) => !isAddressOrNet(proxy));
  if (unknown.length > 0) {
    reader.problem(
      'TRUSTED_PROXIES',
      `Use addresses or nets with commas between, like 10.0.0.5,192.168.0.0/16; not understood: ${unknown.join(', ')}.`,
    );
  }
  return {
    requestsPerMinute: reader.integer('REQUESTS_PER_MINUTE', 3000, { min: 1, max: 1_000_000 }),
    connections: {
      total: reader.integer('MAX_CONNECTIONS', 20_000, { min: 10, max: 100_000 }),
      perAddress: reader.integer('MAX_CONNECTIONS_PER_ADDRESS', 200, { min: 1, max: 100_000 }),
    },
    trustedProxies: proxies.length === 0 ? ['127.0.0.0/8', '::1'] : proxies,
  };
}
