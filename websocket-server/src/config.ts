/** The settings of one server process, checked. Made from the environment by `readConfig`; passed inwards from there. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Origin that the carrier reaches, without a trailing slash; null when none is known. */
  readonly publicUrl: string | null;
  readonly ngrokAuthToken: string | null;
  /** Bearer tokens for clients; empty: loopback only. */
  readonly authTokens: readonly string[];
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
    readonly baseUrl: string;
    readonly phoneNumber: string | null;
  };
  /** Which peers are simulated on loopback because no credentials are set for them. */
  readonly demo: { readonly carrier: boolean; readonly voiceModel: boolean };
  readonly ownerPhoneNumber: string | null;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly policy: {
    readonly maxConcurrentCalls: number;
    readonly callsPerMinute: number;
    /** ISO country codes; `*` for all; null: those that share the calling code of `from`. */
    readonly allowedCountries: readonly string[] | '*' | null;
  };
  readonly mcpToolNames: 'dots' | 'underscores' | 'auto';
  readonly log: { readonly level: string; readonly format: 'pretty' | 'json' };
}
