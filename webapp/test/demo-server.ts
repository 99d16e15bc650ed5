import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Call } from '../../websocket-server/src/call/call.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';

const program = path.resolve(import.meta.dirname, '../../websocket-server/dist/main.js');

export interface CallReading {
  readonly call: Call;
  readonly transcript: Transcript;
}

/** The built server in demo mode, as a process of its own in a folder of its own. */
export interface DemoServer {
  readonly origin: string;
  readonly folder: string;
  /** @returns the id of the call */
  place(to: string, goal: string): Promise<string>;
  read(callId: string): Promise<CallReading>;
  /** Ends it at once, as a power cut would; its folder stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the same folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param settings environment variables of its own, such as a token
 * @throws Error when it is not built, or ends before it listens
 */
export async function startDemoServer(settings: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  if (!existsSync(program)) throw new Error('build the server first: npm run build');
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-page-'));
  const port = await freePort();
  const { PATH = '' } = process.env;
  const environment = {
    NODE_ENV: 'production' as const,
    PATH,
    HOME: folder,
    LOG_LEVEL: 'error',
    PORT: String(port),
    ...settings,
  };
  const origin = `http://127.0.0.1:${port}`;
  let child = await started(folder, environment);

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  return {
    origin,
    folder,
    place: async (to, goal) => {
      const placed = await fetch(`${origin}/api/calls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to, goal }),
      });
      if (placed.status !== 201) throw new Error(`the call to ${to} was refused: ${await placed.text()}`);
      return ((await placed.json()) as { readonly call: Call }).call.callId;
    },
    read: async (callId) => (await (await fetch(`${origin}/api/calls/${callId}`)).json()) as CallReading,
    kill,
    restart: async () => {
      await kill();
      child = await started(folder, environment);
    },
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @returns the process, once it listens */
async function started(folder: string, environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, 'serve'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString('utf8');
      if (output.includes('Demo mode')) resolve();
    });
    child.once('exit', () => reject(new Error(`the server ended:\n${output}`)));
  });
  return child;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
