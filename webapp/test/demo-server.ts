import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, '../../websocket-server/dist/main.js');

/** The built server in demo mode, as a process of its own in a folder of its own. */
export interface DemoServer {
  readonly origin: string;
  readonly folder: string;
  close(): Promise<void>;
}

/** @throws Error when it is not built, or ends before it listens */
export async function startDemoServer(): Promise<DemoServer> {
  if (!existsSync(program)) throw new Error('build the server first: npm run build');
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-page-'));
  const port = await freePort();
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [program, 'serve'], {
    cwd: folder,
    env: { NODE_ENV: 'production', PATH, HOME: folder, LOG_LEVEL: 'warn', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString('utf8');
      if (output.includes('Demo mode')) resolve();
    });
    child.once('exit', () => reject(new Error(`the server ended:\n${output}`)));
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    folder,
    close: async () => {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
