import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import { answerOf, post } from './fakes/mcp-wire.ts';
import { freePort } from './stories/free-port.ts';
import { emptyFolder, program } from './stories/server-process.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = ['docs/guides/clients.md', 'README.md'];
const texts = pages.map((page) => readFileSync(path.join(root, page), 'utf8'));

/** What stands between fences of a language, over all pages. */
function blocks(...languages: string[]): string[] {
  const fence = new RegExp(`^\`\`\`(?:${languages.join('|')})\\n(.*?)^\`\`\``, 'gms');
  return texts.flatMap((text) => [...text.matchAll(fence)].map(([, block = '']) => block));
}

const httpEntry = z.strictObject({
  type: z.literal('http').optional(),
  url: z.literal('http://localhost:8081/mcp'),
  headers: z.strictObject({ Authorization: z.string().startsWith('Bearer ${') }).optional(),
});
const stdioEntry = z.strictObject({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).optional(),
});
const entry = z.union([httpEntry, stdioEntry]);
/** The files of the clients, as far as this page writes them: Cursor's, Claude's and then VS Code's. */
const configuration = z.union([
  z.strictObject({ mcpServers: z.strictObject({ 'mcp-telephone': entry }) }),
  z.strictObject({
    inputs: z.array(
      z.strictObject({
        type: z.literal('promptString'),
        id: z.string(),
        description: z.string(),
        password: z.boolean(),
      }),
    ),
    servers: z.strictObject({ 'mcp-telephone': httpEntry.required({ type: true }) }),
  }),
]);

const json = blocks('json').map((block): unknown => JSON.parse(block));
const isConfiguration = (value: unknown) => /^\{"(mcpServers|servers|inputs)"/.test(JSON.stringify(value));
const configurations = json.filter(isConfiguration);

/** One command a line; a line that ends in a backslash goes on. */
const commands = blocks('sh', 'bash').flatMap((block) =>
  block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

test('every configuration shown is one that its client takes', () => {
  expect(configurations.length).toBeGreaterThanOrEqual(6);
  for (const shown of configurations) {
    const { error } = configuration.safeParse(shown);
    expect(error, JSON.stringify(shown)).toBeUndefined();
  }
});

test('every command shown is one that a shell reads, and the JSON in it is JSON', () => {
  expect(commands.length).toBeGreaterThanOrEqual(12);
  const read = spawnSync('bash', ['-n'], { input: commands.join('\n'), encoding: 'utf8' });
  expect(read.stderr).toBe('');
  const quoted = commands.flatMap((command) => command.match(/'\{.*?\}'/g) ?? []);
  expect(quoted.length).toBeGreaterThanOrEqual(5);
  for (const text of quoted) expect(() => JSON.parse(text.slice(1, -1)) as unknown).not.toThrow();
});

test('the install links carry the entries that the page shows', () => {
  const [guide = ''] = texts;
  const cursor = /\(cursor:\/\/[^)?]+\?name=([^&]+)&config=([^)]+)\)/.exec(guide);
  expect(cursor?.[1]).toBe('mcp-telephone');
  const carried: unknown = JSON.parse(Buffer.from(cursor?.[2] ?? '', 'base64').toString());
  expect(httpEntry.parse(carried)).toEqual({ url: 'http://localhost:8081/mcp' });
  const code = /\(vscode:mcp\/install\?([^)]+)\)/.exec(guide);
  expect(JSON.parse(decodeURIComponent(code?.[1] ?? ''))).toEqual({
    name: 'mcp-telephone',
    type: 'http',
    url: 'http://localhost:8081/mcp',
  });
});

describe('what curl sends', () => {
  const sent = commands
    .filter((command) => command.startsWith('curl') && command.includes('/mcp') && command.includes("-d '"))
    .map((command) => /-d '(.*)'/.exec(command)?.[1] ?? '');
  let house: McpHouse;
  beforeAll(async () => {
    house = await openMcpHouse();
  });
  afterAll(() => house.close());

  test.each(sent)('%s is answered', async (body) => {
    const { result, error } = await answerOf(await post(house.url, body));
    expect(error).toBeUndefined();
    // The id in an example is that of somebody else's call.
    if (!body.includes('callId')) expect(result?.isError).toBeUndefined();
  });
});

describe('what starts the server over stdio', () => {
  const fromConfigurations = configurations
    .map((shown) =>
      stdioEntry.safeParse(Object.values((shown as { mcpServers: object }).mcpServers ?? {})[0]),
    )
    .flatMap(({ data }) => (data ? [[data.command, ...data.args].join(' ')] : []));
  const fromCommands = commands
    .filter((command) => command.endsWith(' stdio') && !command.includes('inspector'))
    .map((command) => command.replace(/^claude mcp add mcp-telephone -- (env \S+ )?/, ''));
  const lines = [...new Set([...fromConfigurations, ...fromCommands])];

  test('is one of two lines: the package, or the file of a clone', () => {
    expect(lines.sort()).toEqual([
      'node /path/to/websocket-server/dist/main.js stdio',
      'npx -y mcp-telephone stdio',
    ]);
    const { bin } = JSON.parse(readFileSync(path.join(root, 'websocket-server/package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    expect(bin).toEqual({ 'mcp-telephone': 'dist/main.js' });
  });

  test('gives a client the tools, and a call in demo mode', async () => {
    const { folder, remove } = await emptyFolder();
    const client = new Client({ name: 'guide', version: '1.0.0' });
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      PORT: String(await freePort()),
      DATA_DIR: path.join(folder, 'data'),
      LOG_LEVEL: 'warn',
    };
    const args = [...program, 'stdio'];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env, cwd: folder }));
    const arguments_ = { to: '+14155550123', goal: 'Book a table for 2 on Friday at 7:30pm' };
    const placed = await client.callTool({ name: 'telephony_call', arguments: arguments_ });
    expect(placed.structuredContent).toMatchObject({ callId: expect.stringMatching(/^call_/) });
    await client.close();
    await remove();
  }, 60_000);
});
