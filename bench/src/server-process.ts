import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { onCore } from './cores.ts';

/** Clock ticks of `/proc/<pid>/stat` in a second: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;
const startMs = 20_000;
const stopMs = 12_000;

export interface Launch {
  readonly file: string;
  readonly nodeFlags: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Working directory: an empty one, so that no `.env` of a developer counts. */
  readonly folder: string;
  readonly port: number;
  readonly core: number | undefined;
}

/** A server under load, in a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #output = '';

  constructor(launch: Launch) {
    const { PATH = '' } = process.env;
    const { command, args } = onCore(launch.core, process.execPath, [
      ...launch.nodeFlags,
      launch.file,
      ...launch.args,
    ]);
    this.#child = spawn(command, args, {
      cwd: launch.folder,
      env: { PATH, ...launch.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-4000);
    });
    const leaveNothing = () => this.#child.kill('SIGKILL');
    process.once('exit', leaveNothing);
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', () => {
        process.off('exit', leaveNothing);
        resolve();
      });
    });
  }

  /** @throws Error with what the server last said */
  async ready(port: number): Promise<void> {
    const deadline = performance.now() + startMs;
    while (performance.now() < deadline && this.#child.exitCode === null) {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      await answer?.text();
      if (answer?.ok === true) return;
      await pause(30);
    }
    this.#child.kill('SIGKILL');
    throw new Error(`The server did not start:\n${this.#output}`);
  }

  /** CPU time of all its threads so far, in s; NaN where the system does not tell. */
  cpuSeconds(): number {
    const stat = this.#proc('stat');
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    // proc(5): utime and stime are fields 14 and 15; these start at the third.
    return fields === undefined ? Number.NaN : (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  /** Resident memory in bytes; NaN where the system does not tell. */
  residentBytes(): number {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(this.#proc('status') ?? '');
    return line === null ? Number.NaN : Number(line[1]) * 1024;
  }

  /** Its connections among them; NaN where the system does not tell. */
  openFiles(): number {
    try {
      return readdirSync(`/proc/${this.#child.pid}/fd`).length;
    } catch {
      return Number.NaN;
    }
  }

  /** Asks it to end, and insists after a while. @returns its last output when it ended by itself, or had to be forced */
  async stop(): Promise<string | undefined> {
    if (this.#child.exitCode !== null) return `the server ended by itself:\n${this.#output}`;
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), stopMs);
    await this.#exited;
    clearTimeout(force);
    return this.#child.signalCode === 'SIGKILL' ? 'the server did not end when asked to' : undefined;
  }

  #proc(file: string): string | undefined {
    try {
      // `taskset` becomes the server: the process id stays.
      return readFileSync(`/proc/${this.#child.pid}/${file}`, 'utf8');
    } catch {
      return undefined;
    }
  }
}
