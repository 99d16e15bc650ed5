import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '../src/lib/log.ts';
import { silentAudit } from '../src/control/audit-log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import { createMcpLegs } from '../src/mcp/mcp-legs.ts';
import { tools } from '../src/mcp/tools/index.ts';
import { FakeCallControl } from './fakes/fake-call-control.ts';
import { serve } from './http-fakes.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const exitNotPossible = 75;
const notPacked = 'the packer cannot be installed';
const longestMs = 300_000;

async function json(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path.join(root, file), 'utf8'));
}

const variableNames = async () => {
  const example = await readFile(path.join(root, '.env.example'), 'utf8');
  return [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
};

describe('server.json', () => {
  test('tells of the very version and package that npm has', async () => {
    const server = await json('server.json');
    const { name, version, mcpName } = await json('websocket-server/package.json');
    expect(server).toMatchObject({ version, packages: [{ identifier: name, version }] });
    // The registry takes an npm package only if it names the server in turn.
    expect(mcpName ?? server['name']).toBe(server['name']);
  });

  test('keeps to what the registry takes, and names variables that exist', async () => {
    const server = await json('server.json');
    expect(server['name']).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
    expect(String(server['description']).length).toBeLessThanOrEqual(100);
    const [{ environmentVariables }] = server['packages'] as [{ environmentVariables: { name: string }[] }];
    const known = await variableNames();
    expect(environmentVariables.filter(({ name }) => !known.includes(name))).toEqual([]);
  });
});

describe('the bundle for desktop clients', () => {
  let folder: string;
  let skipped = false;
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-bundle-'));
    const bundle = path.join(folder, 'test.mcpb');
    const exitCode = await new Promise<number>((resolve, reject) => {
      const args = [path.join(root, 'scripts/pack-mcpb.mjs'), bundle];
      execFile(process.execPath, args, (error, stdout, stderr) => {
        process.stdout.write(stdout);
        if (error === null) resolve(0);
        else if (error.code === exitNotPossible) resolve(exitNotPossible);
        else reject(new Error(`${stdout}${stderr}`));
      });
    });
    skipped = exitCode === exitNotPossible;
    if (!skipped) files = unzipped(await readFile(bundle));
  }, longestMs);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('is what its packer takes, and names every tool', ({ skip }) => {
    skip(skipped, notPacked);
    const manifest = JSON.parse(files.get('manifest.json') ?? '');
    const named = (manifest.tools as { name: string }[]).map(({ name }) => name);
    expect(named).toEqual(tools.map(({ name }) => `telephony_${name}`));
    expect([...files.keys()].sort()).toEqual(['manifest.json', 'package.json', 'server/index.js']);
  });

  test('sets only variables that the server reads', async () => {
    const manifest = await json('deploy/mcpb/manifest.json');
    const { mcp_config: config } = manifest['server'] as { mcp_config: { env: Record<string, string> } };
    const known = await variableNames();
    expect(Object.keys(config.env).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('serves a client through the server that runs already', async ({ skip }) => {
    skip(skipped, notPacked);
    const launcher = path.join(folder, 'index.mjs');
    await writeFile(launcher, files.get('server/index.js') ?? '');
    const control = new FakeCallControl();
    const mcp = createMcpLegs({
      audit: silentAudit,
      control,
      runtime: systemRuntime(silentLog),
      serverInfo: { name: 'mcp-telephone', version: '0.0.0' },
      toolNames: 'auto',
      stateSecret: 'of no use to anybody',
      pageUrlOf: (callId) => `http://localhost/calls/${callId}`,
    });
    const served = await serve({}, { control, mcp });
    const client = new Client({ name: 'test-client', version: '1.0.0' });
    // An empty setting arrives as its placeholder.
    const env = { PORT: String(served.port), MCP_AUTH_TOKEN: '${user_config.auth_token}' };
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [launcher], env }));
    const arguments_ = { to: '+14155550102', goal: 'Book a table for two' };
    await client.callTool({ name: 'telephony_call', arguments: arguments_ });
    expect(control.requests).toHaveLength(1);
    await client.close();
    await mcp.close();
    await served.close();
  });
});

/** The text files of a ZIP archive, by name, read from its central directory (PKWARE's APPNOTE, 4.3.12). */
function unzipped(archive: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.subarray(at + 46, at + 46 + nameLength).toString();
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    const isStored = archive.readUInt16LE(at + 10) === 0;
    found.set(name, (isStored ? packed : inflateRawSync(packed)).toString());
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return found;
}
