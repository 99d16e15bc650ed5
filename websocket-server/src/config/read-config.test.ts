import { expect, test } from 'vitest';
import { withDemo } from './config.ts';
import { readConfig } from './read-config.ts';
import { InvalidConfig } from '../lib/config-problems.ts';
import type { Environment } from '../lib/environment-reader.ts';

const real = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'secret-token', OPENAI_API_KEY: 'sk-secret' };

function problemsOf(environment: Environment): readonly { variable: string; message: string }[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.problems;
    throw error;
  }
}

test('an empty environment makes a demo with the documented defaults', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8081,
    publicUrl: null,
    ngrokAuthToken: null,
    authTokens: [],
    oauth: null,
    limits: {
      requestsPerMinute: 3000,
      connections: { total: 20_000, perAddress: 200 },
      trustedProxies: ['127.0.0.0/8', '::1'],
    },
    openai: {
      apiKey: '',
      baseUrl: 'https://api.openai.com/v1',
      model: 'gpt-realtime-2.1',
      voice: 'marin',
      transcriptionModel: 'gpt-transcribe',
    },
    twilio: {
      accountSid: '',
      authToken: '',
      apiKey: null,
      signingKey: null,
      baseUrl: 'https://api.twilio.com',
    },
    phoneNumber: null,
    demo: { carrier: true, voiceModel: true },
    softphoneUrl: null,
    ownerPhoneNumber: null,
    honesty: { ownerName: null, aiDisclosure: 'always' },
    detectsMachines: true,
    transferNumbers: [],
    recordings: { isOn: false, storage: 'local', keptDays: 30 },
    retention: { transcriptDays: null, eventDays: null, callDays: null },
    webhooks: {
      url: null,
      secrets: [],
      kinds: expect.arrayContaining(['call.ended']),
      withWords: false,
      keptDays: 30,
    },
    inbound: { lines: {}, allowedCallers: [], blockedCallers: [], callbackDays: 7 },
    databaseUrl: null,
    dataDir: './data',
    policy: {
      maxConcurrentCalls: null,
      callsPerMinute: null,
      allowedCountries: null,
      callsPerHour: null,
      callsPerDay: null,
      callsPerNumberPerDay: null,
      callsPerNumberAtOnce: null,
      allowedNumbers: null,
      deniedNumbers: null,
      callingHours: null,
    },
    budget: { perCallUsd: null, perDayUsd: null, perMonthUsd: null, prices: null },
    tracing: null,
    auditDays: 365,
    mcpToolNames: 'auto',
    log: { level: 'info', format: 'json', showsPii: false },
  });
});

test.each<[string, Environment, { carrier: boolean; voiceModel: boolean }]>([
  ['nothing', {}, { carrier: true, voiceModel: true }],
  ['only an OpenAI key', { OPENAI_API_KEY: 'sk-x' }, { carrier: true, voiceModel: false }],
  ['everything', real, { carrier: false, voiceModel: false }],
  [
    'empty credentials',
    { OPENAI_API_KEY: '', TWILIO_AUTH_TOKEN: ' "" ' },
    { carrier: true, voiceModel: true },
  ],
])('with %s set, the simulated peers are exactly the missing ones', (_name, environment, demo) => {
  expect(readConfig(environment).demo).toEqual(demo);
});

test.each<[string, Environment, readonly string[]]>([
  ['Twilio without a model', { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 't' }, ['OPENAI_API_KEY']],
  ['a SID without its token', { ...real, TWILIO_AUTH_TOKEN: '' }, ['TWILIO_AUTH_TOKEN']],
  ['a token without its SID', { ...real, TWILIO_ACCOUNT_SID: '' }, ['TWILIO_ACCOUNT_SID']],
  ['half an API key', { ...real, TWILIO_API_KEY_SID: 'SK1' }, ['TWILIO_API_KEY_SECRET']],
  ['the other half', { ...real, TWILIO_API_KEY_SECRET: 's' }, ['TWILIO_API_KEY_SID']],
  [
    'only an API key',
    { OPENAI_API_KEY: 'k', TWILIO_API_KEY_SID: 'SK1', TWILIO_API_KEY_SECRET: 's' },
    ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
  ],
  ['a SID that is none', { ...real, TWILIO_ACCOUNT_SID: 'XX' }, ['TWILIO_ACCOUNT_SID']],
  [
    "the account's SID as the key's",
    { ...real, TWILIO_API_KEY_SID: 'AC1', TWILIO_API_KEY_SECRET: 's' },
    ['TWILIO_API_KEY_SID'],
  ],
  [
    'a carrier address without credentials',
    { TWILIO_API_BASE_URL: 'http://127.0.0.1:9' },
    ['TWILIO_API_BASE_URL'],
  ],
  ['a model address without a key', { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }, ['OPENAI_BASE_URL']],
  ['a port out of range', { PORT: '70000' }, ['PORT']],
  ['a port in words', { PORT: '80a' }, ['PORT']],
  ['a negative port', { PORT: '-1' }, ['PORT']],
  ['a host with a port', { HOST: 'localhost:8081' }, ['HOST']],
  ['a host with a scheme', { HOST: 'http://localhost' }, ['HOST']],
  ['a public URL with a path', { PUBLIC_URL: 'https://x.example/path' }, ['PUBLIC_URL']],
  ['a public URL with a query', { PUBLIC_URL: 'https://x.example/?a=1' }, ['PUBLIC_URL']],
  ['a public URL for sockets', { PUBLIC_URL: 'wss://x.example' }, ['PUBLIC_URL']],
  ['a public URL with a password', { PUBLIC_URL: 'https://a:b@x.example' }, ['PUBLIC_URL']],
  ['a bare host as public URL', { PUBLIC_URL: 'x.example' }, ['PUBLIC_URL']],
  ['an address that is none', { ...real, OPENAI_BASE_URL: 'localhost' }, ['OPENAI_BASE_URL']],
  ['tokens that are only commas', { MCP_AUTH_TOKEN: ' , ' }, ['MCP_AUTH_TOKEN']],
  ['a token with a space', { MCP_AUTH_TOKEN: 'one two' }, ['MCP_AUTH_TOKEN']],
  ['a national number', { TWILIO_PHONE_NUMBER: '4155550100' }, ['TWILIO_PHONE_NUMBER']],
  ['an owner in letters', { OWNER_PHONE_NUMBER: '+1 800 FLOWERS' }, ['OWNER_PHONE_NUMBER']],
  ['another database', { DATABASE_URL: 'mysql://h/d' }, ['DATABASE_URL']],
  ['no concurrency', { MAX_CONCURRENT_CALLS: '0' }, ['MAX_CONCURRENT_CALLS']],
  ['a fraction', { CALLS_PER_MINUTE: '1.5' }, ['CALLS_PER_MINUTE']],
  ['a country that ISO spells otherwise', { ALLOWED_COUNTRIES: 'US,UK' }, ['ALLOWED_COUNTRIES']],
  ['tool names unheard of', { MCP_TOOL_NAMES: 'camel' }, ['MCP_TOOL_NAMES']],
  ['a level unheard of', { LOG_LEVEL: 'loud' }, ['LOG_LEVEL']],
  ['a format unheard of', { LOG_FORMAT: 'xml' }, ['LOG_FORMAT']],
])('%s is a problem under its own name', (_name, environment, variables) => {
  expect(problemsOf(environment).map(({ variable }) => variable)).toEqual(variables);
});

test('a compatible carrier may name its accounts in its own way', () => {
  const compatible = { TWILIO_ACCOUNT_SID: 'b4e1-space', TWILIO_API_BASE_URL: 'https://x.example/api/laml' };
  expect(problemsOf({ ...real, ...compatible })).toEqual([]);
});

test('all problems are told at once, each with its variable, and no secret is repeated', () => {
  const environment = {
    ...real,
    TWILIO_ACCOUNT_SID: '',
    MCP_AUTH_TOKEN: 'pass phrase',
    DATABASE_URL: 'mysql://me:hunter2@h/d',
    PORT: 'x',
  };
  const problems = problemsOf(environment);
  expect(problems.map(({ variable }) => variable).sort()).toEqual([
    'DATABASE_URL',
    'MCP_AUTH_TOKEN',
    'PORT',
    'TWILIO_ACCOUNT_SID',
  ]);
  const told = new InvalidConfig(problems).message;
  expect(told.split('\n')).toHaveLength(4);
  expect(told).not.toMatch(/secret-token|sk-secret|phrase|hunter2/);
});

test('spaces and quotes around values are dropped', () => {
  const config = readConfig({
    ...real,
    OPENAI_API_KEY: ` 'sk-1' `,
    PORT: ' "0" ',
    HOST: '[::1]',
    PUBLIC_URL: '"https://x.example:8443/"',
    OPENAI_BASE_URL: 'http://127.0.0.1:9000/v1/',
    TWILIO_PHONE_NUMBER: '+1 (415) 555-0100',
    MCP_AUTH_TOKEN: 'one, two ,',
    ALLOWED_COUNTRIES: 'us, gb',
    LOG_PII: '1',
    LOG_LEVEL: 'DEBUG',
  });
  expect(config).toMatchObject({
    port: 0,
    host: '::1',
    publicUrl: 'https://x.example:8443',
    authTokens: [{ token: 'one' }, { token: 'two' }],
    openai: { apiKey: 'sk-1', baseUrl: 'http://127.0.0.1:9000/v1' },
    phoneNumber: '+14155550100',
    policy: { allowedCountries: ['US', 'GB'] },
    log: { level: 'debug', showsPii: true },
  });
});

test('addresses of other peers are used as given once there are credentials', () => {
  const config = readConfig({
    ...real,
    OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
    TWILIO_API_BASE_URL: 'http://127.0.0.1:2',
  });
  expect(config.demo).toEqual({ carrier: false, voiceModel: false });
  expect(config.openai.baseUrl).toBe('http://127.0.0.1:1/v1');
  expect(config.twilio.baseUrl).toBe('http://127.0.0.1:2');
});

test('every country may be allowed, and the log is pretty on a terminal', () => {
  const config = readConfig({ ALLOWED_COUNTRIES: 'US,*' }, { isTerminal: true });
  expect(config.policy.allowedCountries).toBe('*');
  expect(config.log.format).toBe('pretty');
});

const peers = {
  accountSid: 'ACdemo',
  authToken: 'demo-token',
  carrierUrl: 'http://127.0.0.1:9001',
  voiceModelBaseUrl: 'http://127.0.0.1:9002/v1',
  softphoneUrl: 'ws://127.0.0.1:9001/softphone',
  phoneNumber: '+15005550006',
  publicUrl: 'http://127.0.0.1:8081',
};

test('a full demo points both peers at the simulator', () => {
  const config = withDemo(readConfig({ OPENAI_VOICE: 'cedar' }), peers);
  expect(config.publicUrl).toBe(peers.publicUrl);
  expect(config.twilio).toEqual({
    accountSid: 'ACdemo',
    authToken: 'demo-token',
    apiKey: null,
    signingKey: null,
    baseUrl: peers.carrierUrl,
  });
  expect(config.phoneNumber).toBe('+15005550006');
  expect(config.openai).toMatchObject({ baseUrl: peers.voiceModelBaseUrl, voice: 'cedar' });
  expect(config.openai.apiKey).not.toBe('');
});

test('a demo of the phone network alone leaves the real model and a configured number alone', () => {
  const config = withDemo(readConfig({ OPENAI_API_KEY: 'sk-1', TWILIO_PHONE_NUMBER: '+14155550100' }), peers);
  expect(config.openai).toMatchObject({ apiKey: 'sk-1', baseUrl: 'https://api.openai.com/v1' });
  expect(config.twilio).toMatchObject({ baseUrl: peers.carrierUrl });
  expect(config.phoneNumber).toBe('+14155550100');
});

test('a configuration with real peers is not changed by a demo', () => {
  const config = readConfig(real);
  expect(withDemo(config, peers)).toEqual(config);
});

test('policy is read from the environment, and what cannot be read is told with the way to write it', () => {
  const { policy } = readConfig({
    CALLS_PER_HOUR: '5',
    CALLS_PER_NUMBER_AT_ONCE: '2',
    ALLOWED_NUMBERS: '+1 415 555 0100, +4930*',
    CALLING_HOURS: '08:30-20',
  });
  expect(policy).toMatchObject({
    callsPerHour: 5,
    callsPerNumberAtOnce: 2,
    allowedNumbers: ['+14155550100', '+4930*'],
    callingHours: { from: 510, until: 1200 },
  });
  expect(readConfig({ CALLING_HOURS: 'Off' }).policy.callingHours).toBe('off');
  expect(() =>
    readConfig({ CALLS_PER_DAY: 'many', DENIED_NUMBERS: '*', CALLING_HOURS: '21-8' }),
  ).toThrowError(/CALLS_PER_DAY: .*\nDENIED_NUMBERS: .*star.*\nCALLING_HOURS: .*like 8-21/u);
});
