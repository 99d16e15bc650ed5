import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
const built = path.join(packageFolder, 'dist/main.js');
const source = path.join(packageFolder, 'src');
const startsWithinMs = 60_000;

/** What to run: the build, or the source where that is newer or there is no build. */
export const program = builtAfter(source) ? [built] : ['--import', tsxLoader(), path.join(source, 'main.ts')];

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of the server. */
export interface ServerProcess {
  readonly pid: number;
  readonly input: NodeJS.WritableStream;
  /** All that it has written to stdout and stderr. */
  output(): string;
  /** Waits until a pattern is in the output. @throws Error when it ends before, or the time is up */
  writes(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

/** A folder of its own, with no settings in it; removed by the function returned. */
export async function emptyFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-process-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs the server with these settings and no others, in a folder without any. */
export function runServer(
  command: 'serve' | 'stdio' | 'demo' | 'doctor' | 'export' | 'purge' | 'backup' | 'restore' | 'help',
  folder: string,
  settings: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): ServerProcess {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [...program, command, ...flags], {
    cwd: folder,
    env: { PATH, HOME: folder, LOG_LEVEL: 'warn', ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  const note = (text: Buffer) => {
    output += text.toString('utf8');
    for (const look of waiting) look();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
  return {
    pid: child.pid ?? 0,
    input: child.stdin,
    output: () => output,
    writes: (pattern) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(timer);
          waiting.delete(look);
          act();
        };
        const fail = (why: string) =>
          settle(() => reject(new Error(`waited for ${pattern}, but ${why}:\n${output}`)));
        const look = () => {
          const found = pattern.exec(output);
          if (found !== null) settle(() => resolve(found));
        };
        const timer = setTimeout(() => fail('the time is up'), startsWithinMs);
        waiting.add(look);
        look();
        void ended.then(({ code }) => fail(`it ended with ${code}`));
      }),
    ended,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

function builtAfter(folder: string): boolean {
  if (!existsSync(built)) return false;
  const builtMs = statSync(built).mtimeMs;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.every((file) => statSync(path.join(folder, file)).mtimeMs < builtMs);
}

function tsxLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
