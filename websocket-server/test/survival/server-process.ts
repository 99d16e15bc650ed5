import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { program } from '../stories/server-process.ts';

/** Longer than a busy machine takes to start from source. */
const startsWithinMs = 60_000;

/** The server as a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** What it has said so far: its banner and its log. */
  output(): string;
  /** Resident memory, in MB. */
  memoryMb(): Promise<number>;
  /** @returns what tells how far memory has risen above what it is now, at its highest, in MB; 0 where the system does not tell */
  watchMemory(): Promise<() => Promise<number>>;
  /** @returns the exit code; null when a signal ended it */
  ends(signal: NodeJS.Signals): Promise<number | null>;
  readonly exited: Promise<number | null>;
}

/** Starts a server with these settings and nothing of this process's own. @throws Error when it does not get ready */
export async function startServer(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...program, 'serve'], {
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let output = '';
  const note = (piece: Buffer) => (output = (output + piece.toString()).slice(-200_000));
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const url = `http://127.0.0.1:${environment['PORT']}`;
  try {
    await ready(child, url, () => output);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    memoryMb: () => memoryMb(child.pid, 'VmRSS'),
    watchMemory: async () => {
      if (process.platform !== 'linux') return async () => 0;
      // The highest is counted from here on (man 5 proc_pid_clear_refs).
      await writeFile(`/proc/${child.pid}/clear_refs`, '5');
      const before = await memoryMb(child.pid, 'VmRSS');
      return async () => (await memoryMb(child.pid, 'VmHWM')) - before;
    },
    ends: (signal) => {
      child.kill(signal);
      return exited;
    },
    exited,
  };
}

async function memoryMb(pid: number | undefined, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`, 'u').exec(status)?.[1]) / 1024;
}

async function ready(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const ends = once(child, 'exit').then(() => {
    throw new Error(`the server ended before it was ready: ${output()}`);
  });
  const deadline = performance.now() + startsWithinMs;
  for (;;) {
    const isReady = await Promise.race([
      fetch(`${url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      ),
      ends,
    ]);
    if (isReady) break;
    if (performance.now() > deadline) throw new Error(`the server is not ready: ${output()}`);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), ends]);
  }
  ends.catch(() => undefined);
}
