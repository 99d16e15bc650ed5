import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { says, scripted } from '@mcp-telephone/simulator';
import type { SimulatedCall } from '@mcp-telephone/simulator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openMcpUser } from '../fakes/mcp-user.ts';
import type { McpUser } from '../fakes/mcp-user.ts';
import { freePort } from './free-port.ts';
import { openPeers } from './peers.ts';
import type { Peers, Placing } from './peers.ts';
import { emptyFolder, program, runServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });
console.log(`the server is run as: node ${program.join(' ')}`);

const owner = '+14155550101';
let peers: Peers;
beforeAll(async () => {
  vi.setConfig({ maxConcurrency: 2 });
  peers = await openPeers({});
});
afterAll(() => peers.close());

interface Running {
  readonly port: number;
  readonly server: ServerProcess;
  readonly user: McpUser;
}

interface Told {
  /** A data directory of the story's own. */
  readonly folder: string;
  /** Runs a server that is ended with the story. */
  readonly run: typeof runServer;
  /** Runs one in front of this file's peers, and a client. */
  readonly serve: () => Promise<Running>;
}

const story = test.extend<Told>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from it that nothing else is needed
  folder: async ({}, use) => {
    const { folder, remove } = await emptyFolder();
    await use(folder);
    await remove();
  },
  // oxlint-disable-next-line no-empty-pattern -- as above
  run: async ({}, use) => {
    const servers: ServerProcess[] = [];
    await use((...what) => {
      const server = runServer(...what);
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map((server) => server.kill('SIGKILL')));
  },
  serve: async ({ folder, run }, use) => {
    const users: McpUser[] = [];
    await use(async () => {
      const port = await freePort();
      const settings = { ...peers.environment(port), OWNER_PHONE_NUMBER: owner, DATA_DIR: folder };
      const server = run('serve', folder, settings);
      await server.writes(/is up/u);
      const user = await openMcpUser(new URL(`http://127.0.0.1:${port}/mcp`));
      users.push(user);
      return { port, server, user };
    });
    await Promise.all(users.map(({ client }) => client.close().catch(() => undefined)));
  },
});

/** Places a call. @returns its id, and its line once it is answered */
function place({ user }: Running, placing: Placing): Promise<{ callId: string; line: SimulatedCall }> {
  return peers.cast(placing, async (args) => {
    const { callId } = await user.resultOf('telephony.call', args);
    const theirs = () => peers.network.calls.find(({ to }) => to === args.to);
    let after: string | undefined;
    while (theirs() === undefined) after = (await newsOf(user, String(callId), after)).cursor;
    const line = theirs() as SimulatedCall;
    await line.reaches('in-progress');
    return { callId: String(callId), line };
  });
}

interface News {
  readonly state: string;
  readonly cursor: string;
}

/** Waits for news of a call, as a client does; at first it looks. */
async function newsOf(user: McpUser, callId: string, after: string | undefined): Promise<News> {
  const since = after === undefined ? { timeoutSec: 0 } : { timeoutSec: 20, after };
  return (await user.resultOf('telephony.wait', { callId, ...since })) as unknown as News;
}

/** Follows a call to its end. @returns how it then stands */
async function endOf(user: McpUser, callId: string): Promise<News> {
  let news = await newsOf(user, callId, undefined);
  while (!['completed', 'failed', 'canceled'].includes(news.state))
    news = await newsOf(user, callId, news.cursor);
  return news;
}

/** Waits until words are in the record, and so would outlive the server. */
async function untilSaid(user: McpUser, callId: string, words: string): Promise<void> {
  let after: string | undefined;
  while (!(await wordsOf(user, callId)).includes(words)) after = (await newsOf(user, callId, after)).cursor;
}

async function wordsOf(user: McpUser, callId: string): Promise<string[]> {
  const { transcript } = await user.resultOf('telephony.transcript', { callId });
  return (transcript as { role: string; content: string }[]).map(
    ({ role, content }) => `${role}: ${content}`,
  );
}

function dialingsOf(line: SimulatedCall): number {
  return peers.network.requests.filter(({ method, path: asked, params }) => {
    return method === 'POST' && asked.endsWith('/Calls.json') && params['To'] === line.to;
  }).length;
}

story.concurrent(
  'a server that is killed in mid-call settles the call when it is back, and dials nobody again',
  async ({ serve }) => {
    const first = await serve();
    const { callId, line } = await place(first, {
      agent: scripted(
        [says('Hello, have you a table?')],
        [says('That is nice to hear.', { lastingMs: 30_000 })],
      ),
    });
    await line.person.hears({ words: /have you a table\?/u });
    await line.person.says('Yes, we have one.');
    await line.person.hears({ words: /That is nice/u });
    await untilSaid(first.user, callId, 'user: Yes, we have one.');
    expect(await first.server.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    const second = await serve();
    expect(await endOf(second.user, callId)).toMatchObject({
      state: 'completed',
      endReason: { by: 'fault', why: 'server_restarted' },
    });
    expect((await wordsOf(second.user, callId)).slice(0, 2)).toEqual([
      'assistant: Hello, have you a table?',
      'user: Yes, we have one.',
    ]);
    await line.reaches('completed');
    expect(dialingsOf(line)).toBe(1);
    expect(await second.server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  },
);

story.concurrent(
  'a second server in the same data directory is sent away with a sentence',
  async ({ serve, run, folder }) => {
    const { user } = await serve();
    const second = run('serve', folder, { ...peers.environment(await freePort()), DATA_DIR: folder });
    expect(await second.ended).toMatchObject({ code: 70 });
    expect(second.output()).toMatch(
      /The data directory .* is in use by process \d+\. Stop that process, or set DATA_DIR/u,
    );
    expect(second.output()).not.toMatch(/\n\s+at /u);
    expect(await user.resultOf('telephony.list')).toMatchObject({ calls: [] });
  },
);

story.concurrent(
  'a server that is asked to stop takes its leave, rings nobody any more, hangs up, and ends without a fault',
  async ({ serve }) => {
    const first = await serve();
    const { callId, line } = await place(first, {
      agent: scripted(
        [says('Hello, let me tell you something.', { lastingMs: 3000 })],
        [says('I must go, goodbye.', { lastingMs: 4000 })],
      ),
    });
    await line.person.hears({ words: /tell you something/u });
    const ended = first.server.kill('SIGTERM');
    await line.person.hears({ words: /I must go/u });
    const another = { to: '+14155552000', goal: 'Ring somebody all the same' };
    await expect(first.user.resultOf('telephony.call', another)).rejects.toThrow(/shutting down/u);
    await line.reaches('completed');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(line.endedBy).toBe('api');
    expect(line.heardWords).toMatch(/I must go, goodbye\.$/u);
    expect(peers.network.calls.some(({ to }) => to === another.to)).toBe(false);
    const second = await serve();
    expect(await endOf(second.user, callId)).toMatchObject({
      state: 'completed',
      endReason: { by: 'fault', why: 'server_stopping' },
    });
    expect(dialingsOf(line)).toBe(1);
  },
);

story.concurrent(
  'a call that was taken at another phone goes on when the server is stopped',
  async ({ serve }) => {
    const first = await serve();
    const { callId, line } = await place(first, {
      agent: scripted([says('Hello there.')], [says('One moment, I put you through.')]),
    });
    await line.person.hears({ words: /there\./u });
    await first.user.resultOf('telephony.control', { callId, action: 'transfer' });
    await line.person.hears({ words: /you have been/u });
    expect(await first.server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    await line.reaches('completed');
    expect(line.heardWords).toMatch(/put through\. .* Goodbye\./u);
    expect(line.endedBy).not.toBe('api');
    const second = await serve();
    expect(await endOf(second.user, callId)).toMatchObject({
      state: 'completed',
      endReason: { by: 'owner', why: 'transferred' },
    });
  },
);

story.concurrent(
  'settings that cannot be are all told at once, each by its name',
  async ({ run, folder }) => {
    const server = run('serve', folder, {
      PORT: 'eighty',
      PUBLIC_URL: 'nowhere',
      MAX_CONCURRENT_CALLS: '0',
      ALLOWED_COUNTRIES: 'Atlantis',
      INBOUND_FILE: path.join(folder, 'nowhere.json'),
      TWILIO_ACCOUNT_SID: `AC${randomBytes(16).toString('hex')}`,
    });
    expect(await server.ended).toEqual({ code: 78, signal: null });
    const names = [
      'PORT',
      'PUBLIC_URL',
      'MAX_CONCURRENT_CALLS',
      'ALLOWED_COUNTRIES',
      'INBOUND_FILE',
      'TWILIO_AUTH_TOKEN',
      'OPENAI_API_KEY',
    ];
    for (const name of names) expect(server.output()).toContain(name);
    expect(server.output()).not.toMatch(/\n\s+at /u);
    expect(await readdir(folder)).toEqual([]);
  },
);

story.concurrent.each<readonly [string, Record<string, string>, RegExp]>([
  ['a data directory', { DATA_DIR: program.at(-1) ?? '' }, /^DATA_DIR: .*Set it to a folder/mu],
  ...(existsSync('/proc/self')
    ? ([
        ['a data directory below /proc', { DATA_DIR: '/proc/data' }, /^DATA_DIR: .*Set it to a folder/mu],
      ] as const)
    : []),
  ['an address', { HOST: '192.0.2.1' }, /^HOST: .*Set it to 127\.0\.0\.1/mu],
])('%s that cannot be had is told by its variable', async (_what, settings, sentence) => {
  const { folder, remove } = await emptyFolder();
  const server = runServer('serve', folder, { PORT: '0', DATA_DIR: folder, ...settings });
  expect(await server.ended).toEqual({ code: 78, signal: null });
  expect(server.output()).toMatch(sentence);
  expect(server.output()).not.toMatch(/\n\s+at /u);
  await remove();
});

story.concurrent('a demo call that is broken off ends without a fault', async ({ run, folder }) => {
  const demo = run('demo', folder, { DATA_DIR: folder });
  await demo.writes(/^Ringing/mu);
  expect(await demo.kill('SIGINT')).toEqual({ code: 0, signal: null });
  expect(demo.output()).not.toMatch(/WARN|\n\s+at /u);
});

story.concurrent('an argument that a command does not take is not passed over', async ({ run, folder }) => {
  const server = run('serve', folder, { PORT: '0', DATA_DIR: folder }, ['--port', '9000']);
  expect(await server.ended).toEqual({ code: 64, signal: null });
  expect(server.output()).toContain('"serve" takes no "--port"');
});

const handshake = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'story', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
];

async function expectTools(server: ServerProcess): Promise<void> {
  for (const message of handshake) server.input.write(`${JSON.stringify(message)}\n`);
  const [line = ''] = await server.writes(/^\{.*"id":2.*\}$/mu);
  const { result } = JSON.parse(line) as { result: { tools: { name: string }[] } };
  const names = result.tools.map(({ name }) => name);
  expect(names.map((name) => name.replace('_', '.'))).toEqual(
    expect.arrayContaining(['telephony.call', 'telephony.wait', 'telephony.transcript']),
  );
  server.input.end();
  expect(await server.ended).toEqual({ code: 0, signal: null });
}

story.concurrent(
  'a client that starts the server by itself gets the tools over stdio',
  async ({ run, folder }) => {
    const port = await freePort();
    await expectTools(run('stdio', folder, { PORT: String(port), DATA_DIR: path.join(folder, 'data') }));
  },
);

story.concurrent(
  'a second client over stdio goes through the server that runs already',
  async ({ serve, run, folder }) => {
    const { port } = await serve();
    await expectTools(run('stdio', folder, { ...peers.environment(port), DATA_DIR: folder }));
  },
);
