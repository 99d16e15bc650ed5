import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { silentLog } from '../../src/lib/log.ts';
import { openStores } from '../../src/storage/index.ts';
import { CallStory, ended, requested, said } from '../contracts/call-store-story.ts';
import { freePort } from './free-port.ts';
import { emptyFolder, runServer } from './server-process.ts';

/** The commands that give out, remove, back up and restore what is kept, as an operator types them. */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });
const { folder, remove } = await emptyFolder();
afterAll(remove);
const settings = { PORT: String(await freePort()), MCP_AUTH_TOKEN: 'reader;scopes=calls:read,all' };
const run = async (
  command: 'serve' | 'export' | 'purge' | 'backup' | 'restore' | 'help',
  flags: readonly string[],
  more: Record<string, string> = {},
) => {
  const process = runServer(command, folder, { ...settings, ...more }, flags);
  const { code } = await process.ended;
  return { code, said: process.output() };
};

beforeAll(async () => {
  const dataDir = path.join(folder, 'data');
  const { calls } = await openStores({ databaseUrl: null, dataDir, log: silentLog });
  const numbers = { one: '+14155550111', other: '+14155550122' };
  for (const [name, to] of Object.entries(numbers)) {
    const story = new CallStory(`call-${name}`, Date.UTC(2030, 0, 1));
    await story.tell(calls, requested({ to }), said('t1', `Words of ${name}`), ended('completed', 5));
  }
  await calls.close();
  mkdirSync(path.join(dataDir, 'recordings'));
  writeFileSync(path.join(dataDir, 'recordings/call-one.wav'), Buffer.alloc(100_000, 7));
});

test('all that is held of a number is exported, backed up and purged while the server runs, and restored after', async () => {
  const server = runServer('serve', folder, settings);
  await server.writes(/is up/);

  const exported = await run('export', ['--number', '+14155550111', '--recordings', '--out', 'out.jsonl']);
  expect(exported).toMatchObject({ code: 0, said: expect.stringContaining('Written to out.jsonl') });
  const lines = readFileSync(path.join(folder, 'out.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const kinds = lines.map(({ kind }) => kind);
  expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
    'export',
    'call',
    'event',
    'recording',
    'recording-part',
    'end',
  ]);
  expect(lines.at(-1)).toEqual({ kind: 'end', calls: 1 });
  const audio = lines.filter(({ kind }) => kind === 'recording-part').map(({ base64 }) => String(base64));
  expect(Buffer.concat(audio.map((part) => Buffer.from(part, 'base64')))).toEqual(Buffer.alloc(100_000, 7));
  expect(JSON.stringify(lines)).not.toContain('Words of other');

  expect((await run('backup', ['backup.tar.gz'])).code).toBe(0);
  const killed = runServer('backup', folder, settings, ['killed.tar.gz']);
  await killed.kill('SIGKILL');
  expect(existsSync(path.join(folder, 'killed.tar.gz'))).toBe(false);

  const purged = await run('purge', ['--number', '+14155550111']);
  expect(purged).toMatchObject({ code: 0, said: expect.stringContaining('calls 1, recordings 1') });
  const none = await run('purge', ['--call', 'call-one']);
  expect(none.code).not.toBe(0);
  expect(none.said).toMatch(/^No call has the id "call-one"/);

  const early = await run('restore', ['backup.tar.gz', '--force']);
  expect(early.code).not.toBe(0);
  expect(early.said).toMatch(/is in use by process/);
  await server.kill('SIGTERM');

  expect((await run('restore', ['backup.tar.gz'])).said).toMatch(/--force/);
  expect(await run('restore', ['backup.tar.gz', '--force'])).toMatchObject({ code: 0 });
  // Without a server one is started just for that.
  expect((await run('export', ['--call', 'call-one', '--out', 'again.jsonl'])).code).toBe(0);
  expect(readFileSync(path.join(folder, 'again.jsonl'), 'utf8')).toContain('Words of one');
});

test('a PostgreSQL server is left to its own tools, and a command that is not understood to its usage', async () => {
  const database = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  expect(await run('backup', ['file'], database)).toMatchObject({
    code: 70,
    said: expect.stringContaining('pg_dump'),
  });
  expect((await run('restore', ['file'], database)).said).toContain('pg_dump');
  expect((await run('purge', [])).code).toBe(64);
  for (const words of [['serve', '--help'], ['purge', '-h'], ['help']] as const) {
    expect(await run(words[0], words.slice(1))).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^MCP Telephone: /),
    });
  }
});
