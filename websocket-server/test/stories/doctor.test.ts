import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTunnel } from '../../src/cli/tunnel.ts';
import { freePort } from './free-port.ts';
import { emptyFolder, runServer } from './server-process.ts';

/** The doctor as a person runs it: a process of its own. */

let place: Awaited<ReturnType<typeof emptyFolder>>;
beforeEach(async () => {
  place = await emptyFolder();
});
afterEach(() => place.remove());

async function doctor(settings: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const run = runServer('doctor', place.folder, { PORT: '0', ...settings }, flags);
  const { code } = await run.ended;
  return { code, output: run.output() };
}

test('without any settings the demo is found ready, and told what a key would change', async () => {
  const { code, output } = await doctor({});
  expect(output).toContain('✓ Public URL');
  expect(output).toContain('✓ Database');
  expect(output).toMatch(/To talk to the real voice model set OPENAI_API_KEY/);
  expect(output).toContain('Ready: calls can be placed.');
  expect(code).toBe(0);
}, 60_000);

test('settings that do not fit together are findings, each with its variable', async () => {
  const { code, output } = await doctor({ TWILIO_ACCOUNT_SID: 'AC1', PUBLIC_URL: 'nonsense' }, '--json');
  const { isReady, checks } = JSON.parse(output) as { isReady: boolean; checks: { title: string }[] };
  expect(isReady).toBe(false);
  expect(checks.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['TWILIO_AUTH_TOKEN', 'OPENAI_API_KEY', 'PUBLIC_URL']),
  );
  expect(code).toBe(1);
});

test('a carrier that does not answer, and a missing public URL, end with 1 and what to change', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const { code, output } = await doctor({
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_API_BASE_URL: nowhere,
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: `${nowhere}/v1`,
  });
  expect(output).toMatch(/✗ Twilio account +Twilio could not be reached/);
  expect(output).toMatch(/✗ Public URL +No public URL is known/);
  expect(output).toMatch(/✗ Voice model +OpenAI cannot be reached/);
  expect(output).toContain('Not ready');
  expect(code).toBe(1);
}, 60_000);

test('a server that runs is asked instead of a second one, and --fix has it send calls here', async () => {
  const port = String(await freePort());
  const server = runServer('serve', place.folder, { PORT: port, MCP_AUTH_TOKEN: 'a-token-for-the-doctor' });
  try {
    await server.writes(/MCP Telephone is up/);
    const settings = { PORT: port, MCP_AUTH_TOKEN: 'a-token-for-the-doctor' };
    const fixed = await doctor(settings, '--fix');
    expect(fixed.output).toContain('Calls to +15005550006 come to this server from now on.');
    const again = await doctor(settings, '--fix');
    expect(again.output).toContain('Nothing to fix from here');
    expect(again.code).toBe(0);

    const other = await doctor({ DATA_DIR: './data' });
    expect(other.output).toMatch(/✗ Database +The data directory .* is in use by process/);
    expect(other.code).toBe(1);
  } finally {
    await server.kill('SIGTERM');
  }
}, 120_000);

test.each([
  ['failed to authenticate ERR_NGROK_107', 'ngrok does not accept NGROK_AUTHTOKEN (ERR_NGROK_107)'],
  ['limited to 1 simultaneous ERR_NGROK_108', 'the account has one open already'],
  ['no route to host', 'The tunnel could not be opened (no route to host)'],
])('a tunnel that fails with "%s" says what to change', async (words, sentence) => {
  await expect(openTunnel(8081, 'token', () => Promise.reject(new Error(words)))).rejects.toThrow(sentence);
});

test('a tunnel leads to our port and gives its origin', async () => {
  const asked: unknown[] = [];
  const tunnel = await openTunnel(8099, 'token', async (options) => {
    asked.push(options);
    return { url: () => 'https://abc.ngrok.app/', close: async () => {} };
  });
  expect(asked).toEqual([{ addr: '127.0.0.1:8099', authtoken: 'token' }]);
  expect(tunnel.url).toBe('https://abc.ngrok.app');
});
