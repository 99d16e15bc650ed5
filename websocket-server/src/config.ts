import { isSupportedCountry } from 'libphonenumber-js/min';
import { readAuthTokens } from './lib/auth-tokens.ts';
import type { AuthToken } from './lib/auth-tokens.ts';
import { isAddressOrNet } from './lib/client-addresses.ts';
import { InvalidConfig } from './lib/config-problems.ts';
import { readDailyHours } from './lib/daily-hours.ts';
import type { DailyHours } from './lib/daily-hours.ts';
import { EnvironmentReader } from './lib/environment-reader.ts';
import type { Environment } from './lib/environment-reader.ts';
import { readTracing } from './lib/tracing-settings.ts';
import type { TracingSettings } from './lib/tracing-settings.ts';
import { readWebhooks } from './lib/webhook-settings.ts';
import type { WebhookSettings } from './lib/webhook-settings.ts';

/** The settings of one server process, checked. Made from the environment by `readConfig`; passed inwards from there. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Origin that the carrier reaches, without a trailing slash; null when none is known. */
  readonly publicUrl: string | null;
  readonly ngrokAuthToken: string | null;
  /** Bearer tokens for clients; empty: loopback only. */
  readonly authTokens: readonly AuthToken[];
  /** An authorization server whose access tokens are taken besides; null when there is none. */
  readonly oauth: {
    /** As tokens write it in `iss`, to the letter. */
    readonly issuer: string;
    /** What tokens for this server have in `aud`; null: the address of its MCP door. */
    readonly audience: string | null;
    /** Where the issuer's keys are; null: to be discovered. */
    readonly jwksUrl: string | null;
  } | null;
  /** What clients may take of the server, before anything else is asked. */
  readonly limits: {
    /** For each token, and for each address. */
    readonly requestsPerMinute: number;
    readonly connections: { readonly total: number; readonly perAddress: number };
    /** Addresses and nets whose `X-Forwarded-For` counts. */
    readonly trustedProxies: readonly string[];
  };
  readonly openai: {
    readonly apiKey: string;
    /** e.g. `https://api.openai.com/v1`, without a trailing slash. */
    readonly baseUrl: string;
    readonly model: string;
    readonly voice: string;
    readonly transcriptionModel: string;
  };
  readonly twilio: {
    readonly accountSid: string;
    /** Checks signatures, and authorises REST when no API key is set. */
    readonly authToken: string;
    readonly apiKey: { readonly sid: string; readonly secret: string } | null;
    /** What a compatible carrier signs its requests with, where that is not the auth token. */
    readonly signingKey: string | null;
    readonly baseUrl: string;
  };
  /** The number that calls come from, unless a call names another; null when none is configured. */
  readonly phoneNumber: string | null;
  /** Which peers are simulated on loopback because no credentials are set for them. */
  readonly demo: { readonly carrier: boolean; readonly voiceModel: boolean };
  /** Where the simulated phone network takes a phone that somebody holds, credentials included; else null. */
  readonly softphoneUrl: string | null;
  readonly ownerPhoneNumber: string | null;
  /** Where a call may be transferred to besides the owner's number; a star at the end stands for all that begin so. */
  readonly transferNumbers: readonly string[];
  /** Whether the carrier finds out who answered a call of ours, which it charges for. */
  readonly detectsMachines: boolean;
  /** What the agent tells the person of itself. */
  readonly honesty: {
    /** For whom it calls; null when that is not to be said. */
    readonly ownerName: string | null;
    readonly aiDisclosure: 'always' | 'where-required';
  };
  readonly recordings: {
    /** Where recordings stay. */
    readonly storage: 'local' | 'carrier';
    /** Calls may be recorded where a client asks for it. */
    readonly isOn: boolean;
    readonly keptDays: number;
  };
  readonly webhooks: WebhookSettings;
  /** For how many days after a call's end what of it is kept; null: for good. */
  readonly retention: {
    readonly transcriptDays: number | null;
    readonly eventDays: number | null;
    readonly callDays: number | null;
  };
  readonly inbound: {
    /** Path of a JSON file: which agent answers which number; null: one that takes messages. */
    readonly file: string | null;
    /** Who may call us; empty: everybody. A star at the end stands for all that begin so. */
    readonly allowedCallers: readonly string[];
    readonly blockedCallers: readonly string[];
    /** For how many days whoever we rang resumes that errand by calling back; 0: never. */
    readonly callbackDays: number;
  };
  /** For how many days it is kept who did what. */
  readonly auditDays: number;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly policy: {
    readonly maxConcurrentCalls: number;
    readonly callsPerMinute: number;
    /** ISO country codes; `*` for all; null: those that share the calling code of `from`. */
    readonly allowedCountries: readonly string[] | '*' | null;
    /** null, here and below: the default of the network, which for a simulated one is no limit. */
    readonly callsPerHour: number | null;
    readonly callsPerDay: number | null;
    readonly callsPerNumberPerDay: number | null;
    readonly callsPerNumberAtOnce: number | null;
    /** E.164 each, with a star at its end for all numbers that begin so; empty: every number. */
    readonly allowedNumbers: readonly string[];
    readonly deniedNumbers: readonly string[];
    readonly callingHours: DailyHours | 'off' | null;
  };
  readonly budget: {
    /** Caps in USD; null: none. Days and months are those of UTC. */
    readonly perCallUsd: number | null;
    readonly perDayUsd: number | null;
    readonly perMonthUsd: number | null;
    /** A JSON file of prices that stand over the built-in ones. */
    readonly pricesFile: string | null;
  };
  readonly mcpToolNames: 'dots' | 'underscores' | 'auto';
  /** Where traces of calls go; null: nowhere. */
  readonly tracing: TracingSettings | null;
  readonly log: {
    readonly level: string;
    readonly format: 'pretty' | 'json';
    /** Numbers, words and goals are shown. */
    readonly showsPii: boolean;
  };
}

const openaiBaseUrl = 'https://api.openai.com/v1';
const twilioBaseUrl = 'https://api.twilio.com';
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * The configuration that an environment asks for. Without credentials a peer is simulated: the carrier when
 * no Twilio credentials are set, the voice model too when there is no OpenAI key either. Their addresses and
 * credentials are then empty until `withDemo` fills them in.
 *
 * @param terminal whether the log goes to one; decides the default of `LOG_FORMAT`
 * @throws InvalidConfig with all problems at once
 */
export function readConfig(
  environment: Environment,
  terminal: { readonly isTerminal?: boolean } = {},
): Config {
  const reader = new EnvironmentReader(environment);
  const twilio = readTwilio(reader);
  const hasTwilio = twilio.accountSid !== '' || twilio.authToken !== '' || twilio.apiKey !== null;
  const openai = readOpenai(reader, hasTwilio);
  const config: Config = {
    host: readHost(reader),
    port: reader.integer('PORT', 8081, { min: 0, max: 65_535 }),
    publicUrl: reader.origin('PUBLIC_URL'),
    ngrokAuthToken: reader.text('NGROK_AUTHTOKEN') ?? null,
    authTokens: readTokens(reader),
    oauth: readOauth(reader),
    limits: readLimits(reader),
    openai,
    twilio,
    phoneNumber: reader.phoneNumber('TWILIO_PHONE_NUMBER'),
    demo: { carrier: !hasTwilio, voiceModel: !hasTwilio && openai.apiKey === '' },
    softphoneUrl: null,
    ownerPhoneNumber: reader.phoneNumber('OWNER_PHONE_NUMBER'),
    transferNumbers: readNumbers(reader, 'TRANSFER_NUMBERS'),
    detectsMachines: reader.oneOf('MACHINE_DETECTION', 'on', ['on', 'off']) === 'on',
    honesty: {
      ownerName: readOwnerName(reader),
      aiDisclosure: reader.oneOf('AI_DISCLOSURE', 'always', ['always', 'where-required']),
    },
    recordings: {
      isOn: reader.oneOf('RECORD_CALLS', 'off', ['on', 'off']) === 'on',
      storage: reader.oneOf('RECORDING_STORAGE', 'local', ['local', 'carrier']),
      keptDays: reader.integer('RECORDING_DAYS', 30, { min: 1, max: 3650 }),
    },
    webhooks: readWebhooks(reader),
    retention: {
      transcriptDays: reader.optionalInteger('RETAIN_TRANSCRIPTS_DAYS', { min: 1, max: 36_500 }),
      eventDays: reader.optionalInteger('RETAIN_EVENTS_DAYS', { min: 1, max: 36_500 }),
      callDays: reader.optionalInteger('RETAIN_CALLS_DAYS', { min: 1, max: 36_500 }),
    },
    inbound: {
      file: reader.text('INBOUND_FILE') ?? null,
      allowedCallers: readNumbers(reader, 'INBOUND_ALLOW'),
      blockedCallers: readNumbers(reader, 'INBOUND_BLOCK'),
      callbackDays: reader.integer('CALLBACK_DAYS', 7, { min: 0, max: 365 }),
    },
    auditDays: reader.integer('AUDIT_DAYS', 365, { min: 1, max: 3650 }),
    databaseUrl: readDatabaseUrl(reader),
    dataDir: reader.text('DATA_DIR') ?? './data',
    policy: {
      maxConcurrentCalls: reader.integer('MAX_CONCURRENT_CALLS', 10, { min: 1, max: 10_000 }),
      callsPerMinute: reader.integer('CALLS_PER_MINUTE', 30, { min: 1, max: 100_000 }),
      allowedCountries: readCountries(reader),
      callsPerHour: reader.optionalInteger('CALLS_PER_HOUR', { min: 1, max: 1_000_000 }),
      callsPerDay: reader.optionalInteger('CALLS_PER_DAY', { min: 1, max: 10_000_000 }),
      callsPerNumberPerDay: reader.optionalInteger('CALLS_PER_NUMBER_PER_DAY', { min: 1, max: 100_000 }),
      callsPerNumberAtOnce: reader.optionalInteger('CALLS_PER_NUMBER_AT_ONCE', { min: 1, max: 10_000 }),
      allowedNumbers: readNumbers(reader, 'ALLOWED_NUMBERS'),
      deniedNumbers: readNumbers(reader, 'DENIED_NUMBERS'),
      callingHours: readCallingHours(reader),
    },
    budget: {
      perCallUsd: reader.amount('MAX_COST_PER_CALL_USD'),
      perDayUsd: reader.amount('MAX_COST_PER_DAY_USD'),
      perMonthUsd: reader.amount('MAX_COST_PER_MONTH_USD'),
      pricesFile: reader.text('PRICES_FILE') ?? null,
    },
    mcpToolNames: reader.oneOf('MCP_TOOL_NAMES', 'auto', ['dots', 'underscores', 'auto']),
    tracing: readTracing(reader),
    log: {
      level: reader.oneOf('LOG_LEVEL', 'info', logLevels),
      format: reader.oneOf('LOG_FORMAT', terminal.isTerminal === true ? 'pretty' : 'json', [
        'pretty',
        'json',
      ]),
      showsPii: reader.oneOf('LOG_PII', '0', ['0', '1']) === '1',
    },
  };
  if (reader.problems.length > 0) throw new InvalidConfig(reader.problems);
  return config;
}

/** Where the simulated peers are, and the credentials that they take. */
export interface DemoPeers {
  readonly accountSid: string;
  readonly authToken: string;
  /** Base URL of the simulated carrier's REST API. */
  readonly carrierUrl: string;
  readonly voiceModelBaseUrl: string;
  /** Where the simulated carrier takes phones that somebody holds. */
  readonly softphoneUrl: string;
  /** The number that simulated calls come from, when none is configured. */
  readonly phoneNumber: string;
  /** Our own origin, as the simulated carrier reaches it. */
  readonly publicUrl: string;
}

/** A configuration that points at the simulated peers, as far as `config.demo` asks for them. */
export function withDemo(config: Config, peers: DemoPeers): Config {
  const { accountSid, authToken, carrierUrl, voiceModelBaseUrl, softphoneUrl, publicUrl } = peers;
  return {
    ...config,
    ...(config.demo.carrier && {
      publicUrl,
      softphoneUrl,
      twilio: {
        accountSid,
        authToken,
        apiKey: null,
        signingKey: null,
        baseUrl: carrierUrl,
      },
      phoneNumber: config.phoneNumber ?? peers.phoneNumber,
    }),
    ...(config.demo.voiceModel && {
      openai: { ...config.openai, apiKey: 'simulated', baseUrl: voiceModelBaseUrl },
    }),
  };
}

/** Everything in the settings that opens a door: whatever is written anywhere must not hold it. */
export function credentialsIn(config: Config): readonly string[] {
  const { authTokens, openai, twilio, databaseUrl, ngrokAuthToken, tracing } = config;
  return [
    ...authTokens.map(({ token }) => token),
    openai.apiKey,
    twilio.authToken,
    twilio.apiKey?.secret ?? '',
    twilio.signingKey ?? '',
    ngrokAuthToken ?? '',
    ...config.webhooks.secrets,
    databaseUrl === null ? '' : new URL(databaseUrl).password,
    ...Object.values(tracing?.headers ?? {}),
  ];
}

function readTwilio(reader: EnvironmentReader): Config['twilio'] {
  const accountSid = reader.text('TWILIO_ACCOUNT_SID') ?? '';
  const authToken = reader.text('TWILIO_AUTH_TOKEN') ?? '';
  const keySid = reader.text('TWILIO_API_KEY_SID') ?? '';
  const keySecret = reader.text('TWILIO_API_KEY_SECRET') ?? '';
  const baseUrl = reader.httpUrl('TWILIO_API_BASE_URL', twilioBaseUrl);
  const demoAdvice = 'Without any Twilio credentials the phone network is simulated.';

  if (keySid !== '' && keySecret === '') {
    reader.problem('TWILIO_API_KEY_SECRET', 'TWILIO_API_KEY_SID is set: set its secret too, or unset both.');
  }
  if (keySecret !== '' && keySid === '') {
    reader.problem('TWILIO_API_KEY_SID', 'TWILIO_API_KEY_SECRET is set: set its SID too, or unset both.');
  }
  const isAnySet = accountSid !== '' || authToken !== '' || keySid !== '' || keySecret !== '';
  if (isAnySet && accountSid === '') {
    reader.problem(
      'TWILIO_ACCOUNT_SID',
      `Other Twilio credentials are set: set the account's SID too (AC…, on the Twilio console's first page). ${demoAdvice}`,
    );
  }
  if (isAnySet && authToken === '') {
    reader.problem(
      'TWILIO_AUTH_TOKEN',
      `Other Twilio credentials are set: set the account's auth token too, which checks the signatures of webhooks even when an API key is used. ${demoAdvice}`,
    );
  }
  if (!isAnySet && baseUrl !== twilioBaseUrl) {
    reader.problem(
      'TWILIO_API_BASE_URL',
      'It is set without credentials and would not be used: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN too, or unset it for the simulated phone network.',
    );
  }
  return {
    accountSid,
    authToken,
    apiKey: keySid === '' || keySecret === '' ? null : { sid: keySid, secret: keySecret },
    signingKey: reader.text('TWILIO_SIGNING_KEY') ?? null,
    baseUrl,
  };
}

function readOpenai(reader: EnvironmentReader, hasTwilio: boolean): Config['openai'] {
  const apiKey = reader.text('OPENAI_API_KEY') ?? '';
  const baseUrl = reader.httpUrl('OPENAI_BASE_URL', openaiBaseUrl);
  if (apiKey === '' && hasTwilio) {
    reader.problem(
      'OPENAI_API_KEY',
      'Twilio credentials are set but this key is not, so real people would be rung with nobody to talk to them. Set it, or unset the Twilio credentials for demo mode.',
    );
  } else if (apiKey === '' && baseUrl !== openaiBaseUrl) {
    reader.problem(
      'OPENAI_BASE_URL',
      'It is set without OPENAI_API_KEY and would not be used: set the key too (any text, where the server asks for none), or unset it for the simulated voice model.',
    );
  }
  return {
    apiKey,
    baseUrl,
    model: reader.text('OPENAI_REALTIME_MODEL') ?? 'gpt-realtime-2.1',
    voice: reader.text('OPENAI_VOICE') ?? 'marin',
    transcriptionModel: reader.text('OPENAI_TRANSCRIPTION_MODEL') ?? 'gpt-transcribe',
  };
}

function readHost(reader: EnvironmentReader): string {
  const host = reader.text('HOST')?.replace(/^\[(.*)\]$/, '$1') ?? '127.0.0.1';
  if (/^[\w.:%-]+$/.test(host) && !/^[^:]+:\d*$/.test(host)) return host;
  reader.problem(
    'HOST',
    'Set it to an address or host name alone, e.g. 127.0.0.1 or 0.0.0.0; the port goes into PORT.',
  );
  return host;
}

function readTokens(reader: EnvironmentReader): readonly AuthToken[] {
  const { tokens, problems } = readAuthTokens(reader.list('MCP_AUTH_TOKEN'));
  if (reader.text('MCP_AUTH_TOKEN') !== undefined && tokens.length === 0) {
    reader.problem('MCP_AUTH_TOKEN', 'It holds only commas: set one or more tokens, or unset it.');
  }
  for (const problem of problems) reader.problem('MCP_AUTH_TOKEN', problem);
  return tokens;
}

function readOauth(reader: EnvironmentReader): Config['oauth'] {
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

function readLimits(reader: EnvironmentReader): Config['limits'] {
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

function readDatabaseUrl(reader: EnvironmentReader): string | null {
  const text = reader.text('DATABASE_URL');
  if (text === undefined) return null;
  if (!/^postgres(ql)?:\/\/./.test(text) || !URL.canParse(text)) {
    reader.problem(
      'DATABASE_URL',
      'Set it to a PostgreSQL address like postgres://user:password@host:5432/database, or unset it for the embedded database.',
    );
  }
  return text;
}

function readCountries(reader: EnvironmentReader): Config['policy']['allowedCountries'] {
  const countries = reader.list('ALLOWED_COUNTRIES').map((country) => country.toUpperCase());
  if (countries.length === 0) return null;
  if (countries.includes('*')) return '*';
  const unknown = countries.filter((country) => !isSupportedCountry(country));
  if (unknown.length > 0) {
    reader.problem(
      'ALLOWED_COUNTRIES',
      `Use two-letter ISO codes with commas between, like US,CA,GB, or * for all; not known: ${unknown.join(', ')}.`,
    );
  }
  return countries;
}

function readOwnerName(reader: EnvironmentReader): string | null {
  const name = reader.text('OWNER_NAME');
  if (name === undefined || (name.length <= 80 && /^[\p{L}\p{N}\p{M} .,&'’()-]+$/u.test(name))) {
    return name ?? null;
  }
  reader.problem(
    'OWNER_NAME',
    'Set it to the name that people are told, 80 letters at most, e.g. Ada Example.',
  );
  return null;
}

function readNumbers(reader: EnvironmentReader, variable: string): readonly string[] {
  const numbers = reader.list(variable).map((number) => number.replaceAll(/[\s().-]/g, ''));
  const unusable = numbers.filter((number) => !/^\+[1-9]\d{0,14}\*?$/.test(number));
  if (unusable.length > 0) {
    reader.problem(
      variable,
      `Write numbers with a plus and their country code, commas between, and a star for all that begin so, like +14155550100,+4930*; not usable: ${unusable.join(', ')}.`,
    );
  }
  return numbers;
}

function readCallingHours(reader: EnvironmentReader): Config['policy']['callingHours'] {
  const text = reader.text('CALLING_HOURS');
  if (text === undefined) return null;
  if (text.toLowerCase() === 'off') return 'off';
  const hours = readDailyHours(text);
  if (hours !== undefined) return hours;
  reader.problem(
    'CALLING_HOURS',
    `Set it to the hours in which people may be called, in their own time, like 8-21 or 08:30-20:00, or to off; not "${text}".`,
  );
  return null;
}
