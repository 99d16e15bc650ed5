import { createSpeech, startPhoneNetwork } from '@mcp-telephone/simulator';
import type { AccountFacts, PhoneNetwork, PhoneNetworkOptions } from '@mcp-telephone/simulator';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createTwilioSetup } from '../src/carriers/twilio/setup/index.ts';
import { skewFinding } from '../src/carriers/twilio/setup/clock-check.ts';
import { readConfig } from '../src/config/read-config.ts';
import { silentLog } from '../src/lib/log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import { freePort } from './stories/free-port.ts';
import { restServer } from './twilio-side.ts';

/** The checks of a Twilio account, against a simulated one over real sockets. */

const speech = createSpeech();
afterAll(() => speech.close());

const accountSid = `AC${'a'.repeat(32)}`;
const authToken = 'the-token';
const number = '+14155550100';
const publicUrl = 'https://telephone.example.com';
const runtime = systemRuntime(silentLog);

interface Asked {
  readonly account?: AccountFacts;
  readonly ownNumbers?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly chosen?: string | null;
}

async function network(options: Partial<PhoneNetworkOptions>): Promise<PhoneNetwork> {
  const opened = await startPhoneNetwork({
    accountSid,
    authToken,
    speech,
    ownNumbers: [number],
    ...options,
  });
  onTestFinished(() => opened.close());
  return opened;
}

function setupAt(baseUrl: string, { environment = {}, chosen = number }: Asked = {}, fetch = runtime.fetch) {
  const config = readConfig({
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    OPENAI_API_KEY: 'key',
    PUBLIC_URL: publicUrl,
    TWILIO_API_BASE_URL: baseUrl,
    ...environment,
  });
  const countries = () => config.policy.allowedCountries;
  return createTwilioSetup(config, { ...runtime, fetch }, { number: () => chosen, countries });
}

/** What each check finds but those that go to the public URL, by id. */
async function findings(setup: ReturnType<typeof setupAt>) {
  const checks = setup.checks().filter(({ id }) => id !== 'carrier-signature');
  const found = checks.map(async (check) => [check.id, await check.run().catch((error: Error) => error)]);
  return Object.fromEntries(await Promise.all(found)) as Record<string, unknown>;
}

async function found(asked: Asked) {
  const { account = {}, ownNumbers = [number] } = asked;
  const { url } = await network({ account, ownNumbers });
  return findings(setupAt(url, asked));
}

test('a full account with a number whose calls come here has nothing to mend', async () => {
  const all = await found({ account: { voiceUrls: { [number]: `${publicUrl}/twiml` } } });
  expect(all).toMatchObject({
    'carrier-account': { state: 'ok', message: expect.stringContaining('full account') },
    'carrier-number': { state: 'ok' },
    'carrier-webhook': { state: 'ok' },
    'carrier-trial': { state: 'ok' },
    clock: { state: 'ok' },
  });
});

test('a wrong token is told once, and everything behind it waits', async () => {
  const all = await found({ environment: { TWILIO_AUTH_TOKEN: 'another-token' } });
  expect(String(all['carrier-account'])).toContain('Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN');
  for (const id of ['carrier-number', 'carrier-webhook', 'carrier-countries', 'carrier-trial']) {
    expect(all[id]).toMatchObject({ state: 'skipped' });
  }
});

test('a carrier that cannot be reached is told with what to check', async () => {
  const all = await findings(setupAt(`http://127.0.0.1:${await freePort()}`));
  expect(String(all['carrier-account'])).toContain('Check the network and TWILIO_API_BASE_URL');
  expect(all['clock']).toMatchObject({ state: 'skipped' });
});

test('a suspended account is a problem', async () => {
  const all = await found({ account: { status: 'suspended' } });
  expect(all['carrier-account']).toMatchObject({
    state: 'problem',
    message: expect.stringContaining('suspended'),
  });
});

test('a trial account tells whom it may call, and that nobody is verified', async () => {
  const none = await found({ account: { type: 'Trial' } });
  expect(none['carrier-trial']).toMatchObject({
    state: 'problem',
    message: expect.stringContaining('None is verified yet'),
  });
  const verifiedNumbers = ['+14155550177'];
  const one = await found({ account: { type: 'Trial', verifiedNumbers } });
  expect(one['carrier-trial']).toMatchObject({
    state: 'warning',
    message: expect.stringContaining('+14155550177'),
  });
  const owner = await found({
    account: { type: 'Trial', verifiedNumbers },
    environment: { OWNER_PHONE_NUMBER: '+14155550188' },
  });
  expect(owner['carrier-trial']).toMatchObject({ message: expect.stringContaining('OWNER_PHONE_NUMBER') });
});

test.each<[string, Asked, string, string]>([
  ['of somebody else', { chosen: '+14155550111' }, 'problem', 'neither owned'],
  ['for messages only', { account: { numbersWithoutVoice: [number] } }, 'problem', 'no voice'],
  ['not chosen', { chosen: null }, 'warning', number],
  ['not chosen in an account without any', { chosen: null, ownNumbers: [] }, 'problem', 'no number'],
  [
    'verified only',
    { chosen: '+14155550177', account: { verifiedNumbers: ['+14155550177'] } },
    'ok',
    'verified',
  ],
])('a number %s is found out', async (_which, asked, state, words) => {
  const all = await found(asked);
  expect(all['carrier-number']).toMatchObject({ state, message: expect.stringContaining(words) });
});

test('calls that go elsewhere are sent here on request, and then are', async () => {
  const elsewhere = 'https://demo.twilio.example/welcome';
  const { url, requests } = await network({ account: { voiceUrls: { [number]: elsewhere } } });
  const setup = setupAt(url);
  expect((await findings(setup))['carrier-webhook']).toMatchObject({
    state: 'warning',
    message: expect.stringContaining(elsewhere),
  });
  expect(await setup.numbers()).toMatchObject([{ number, isPointedHere: false, callsGoTo: elsewhere }]);

  expect(await setup.pointHere(number)).toMatchObject({ number, isPointedHere: true });
  expect(requests.findLast(({ method }) => method === 'POST')?.params).toMatchObject({
    VoiceUrl: `${publicUrl}/twiml`,
    VoiceMethod: 'POST',
    StatusCallback: `${publicUrl}/status`,
  });
  expect((await findings(setup))['carrier-webhook']).toMatchObject({ state: 'ok' });
});

test('only a number of the account can be sent here', async () => {
  const { url } = await network({});
  await expect(setupAt(url).pointHere('+14155550111')).rejects.toThrow('not a number of the Twilio account');
});

test('a country that the account may not call is found out before the first call is refused', async () => {
  const refused = new Set(['GB']);
  const server = await restServer(({ path }, response) => {
    const country = /Countries\/(\w+)/.exec(path)?.[1];
    const body =
      country === undefined
        ? { status: 'active', type: 'Full', friendly_name: 'Real', incoming_phone_numbers: [] }
        : { iso_code: country, low_risk_numbers_enabled: !refused.has(country) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  onTestFinished(() => server.stop());
  const toServer: typeof fetch = (input, init) =>
    fetch(String(input).replace(/^https:\/\/(api|voice)\.twilio\.com/, server.baseUrl), init);
  const countriesFor = async (allowed: string) => {
    const environment = { ALLOWED_COUNTRIES: allowed };
    const setup = setupAt('https://api.twilio.com', { environment }, toServer);
    return (await findings(setup))['carrier-countries'];
  };
  expect(await countriesFor('US,CA')).toMatchObject({ state: 'ok' });
  expect(await countriesFor('US,GB')).toMatchObject({
    state: 'warning',
    message: expect.stringContaining('GB'),
    fix: expect.stringContaining('Geo permissions'),
  });
  expect(await countriesFor('GB')).toMatchObject({ state: 'problem' });
});

test('elsewhere than at Twilio itself, permissions by country are said not to be known', async () => {
  const all = await found({});
  expect(all['carrier-countries']).toMatchObject({ state: 'skipped' });
});

test.each([
  [1000, 'ok'],
  [-20_000, 'warning'],
  [120_000, 'problem'],
])('a clock %i ms ahead is: %s', (skewMs, state) => {
  expect(skewFinding(skewMs).state).toBe(state);
});

test('a clock that differs from the carrier’s is found by what its answers say', async () => {
  const server = await restServer((_request, response) => {
    response.writeHead(404, { date: new Date(Date.now() - 600_000).toUTCString() }).end();
  });
  onTestFinished(() => server.stop());
  const all = await findings(setupAt(server.baseUrl));
  expect(all['clock']).toMatchObject({ state: 'problem', message: expect.stringContaining('ahead of') });
});
