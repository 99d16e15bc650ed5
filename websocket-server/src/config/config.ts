import type { AuthToken } from '../lib/auth-tokens.ts';
import type { DailyHours } from '../lib/daily-hours.ts';
import type { TracingSettings } from '../lib/tracing-settings.ts';
import type { WebhookSettings } from '../lib/webhook-settings.ts';
import type { InboundLines } from './inbound-file.ts';
import type { OwnPrices } from './price-file.ts';

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
    /** Which agent answers which number; one that takes messages, where it says nothing. */
    readonly lines: InboundLines;
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
  /** Limits on calls that the environment sets; null: what is saved in the page holds, or else the default. */
  readonly policy: {
    readonly maxConcurrentCalls: number | null;
    readonly callsPerMinute: number | null;
    /** ISO country codes; `*` for all. */
    readonly allowedCountries: readonly string[] | '*' | null;
    readonly callsPerHour: number | null;
    readonly callsPerDay: number | null;
    readonly callsPerNumberPerDay: number | null;
    readonly callsPerNumberAtOnce: number | null;
    /** E.164 each, with a star at its end for all numbers that begin so. */
    readonly allowedNumbers: readonly string[] | null;
    readonly deniedNumbers: readonly string[] | null;
    readonly callingHours: DailyHours | 'off' | null;
  };
  readonly budget: {
    /** Caps in USD; null: as above. Days and months are those of UTC. */
    readonly perCallUsd: number | null;
    readonly perDayUsd: number | null;
    readonly perMonthUsd: number | null;
    /** What stands over the built-in prices; null: nothing. */
    readonly prices: OwnPrices | null;
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
