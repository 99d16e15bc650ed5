import { EnvironmentReader } from '../lib/environment-reader.ts';
import type { Environment } from '../lib/environment-reader.ts';
import { InvalidConfig } from '../lib/config-problems.ts';
import { limitRanges } from '../lib/limit-ranges.ts';
import { readTracing } from '../lib/tracing-settings.ts';
import { readWebhooks } from '../lib/webhook-settings.ts';
import { readCallingHours, readCountries, readNumbers } from './calling-limits.ts';
import type { Config } from './config.ts';
import { readOpenai, readTwilio } from './credentials.ts';
import { readHost, readLimits, readOauth, readTokens } from './doors.ts';
import { readInboundFile } from './inbound-file.ts';
import { readPriceFile } from './price-file.ts';

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
      lines: readInboundFile(reader),
      allowedCallers: readNumbers(reader, 'INBOUND_ALLOW'),
      blockedCallers: readNumbers(reader, 'INBOUND_BLOCK'),
      callbackDays: reader.integer('CALLBACK_DAYS', 7, { min: 0, max: 365 }),
    },
    auditDays: reader.integer('AUDIT_DAYS', 365, { min: 1, max: 3650 }),
    databaseUrl: readDatabaseUrl(reader),
    dataDir: reader.text('DATA_DIR') ?? './data',
    policy: {
      maxConcurrentCalls: reader.optionalInteger('MAX_CONCURRENT_CALLS', limitRanges.MAX_CONCURRENT_CALLS),
      callsPerMinute: reader.optionalInteger('CALLS_PER_MINUTE', limitRanges.CALLS_PER_MINUTE),
      allowedCountries: readCountries(reader),
      callsPerHour: reader.optionalInteger('CALLS_PER_HOUR', limitRanges.CALLS_PER_HOUR),
      callsPerDay: reader.optionalInteger('CALLS_PER_DAY', limitRanges.CALLS_PER_DAY),
      callsPerNumberPerDay: reader.optionalInteger(
        'CALLS_PER_NUMBER_PER_DAY',
        limitRanges.CALLS_PER_NUMBER_PER_DAY,
      ),
      callsPerNumberAtOnce: reader.optionalInteger(
        'CALLS_PER_NUMBER_AT_ONCE',
        limitRanges.CALLS_PER_NUMBER_AT_ONCE,
      ),
      allowedNumbers: orUnset(readNumbers(reader, 'ALLOWED_NUMBERS')),
      deniedNumbers: orUnset(readNumbers(reader, 'DENIED_NUMBERS')),
      callingHours: readCallingHours(reader),
    },
    budget: {
      perCallUsd: reader.amount('MAX_COST_PER_CALL_USD'),
      perDayUsd: reader.amount('MAX_COST_PER_DAY_USD'),
      perMonthUsd: reader.amount('MAX_COST_PER_MONTH_USD'),
      prices: readPriceFile(reader),
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

function orUnset<Item>(items: readonly Item[]): readonly Item[] | null {
  return items.length === 0 ? null : items;
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
