import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CallStoreSettings } from '../../src/storage/index.ts';
import type { StoreTask } from './store-process-main.ts';

/** Another process that opens the same store. Its lines come as they are printed; what is left ends with it. */
export interface StoreProcess {
  readonly lines: AsyncIterable<string>;
  /** As if the power of this process alone were cut. */
  kill(): void;
  /** The exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
}

export function startStoreProcess(
  task: StoreTask,
  { databaseUrl, dataDir }: Omit<CallStoreSettings, 'log'>,
): StoreProcess {
  const main = fileURLToPath(new URL('store-process-main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', main, task, JSON.stringify({ databaseUrl, dataDir })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return {
    lines: createInterface({ input: child.stdout }),
    kill: () => child.kill('SIGKILL'),
    exited: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', resolve);
    }),
  };
}
