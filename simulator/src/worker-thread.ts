import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * Starts a worker thread that is TypeScript source beside its caller while developing and testing, and a
 * bundle of its own beside the caller's bundle once built.
 *
 * @param callerUrl the caller's `import.meta.url`
 * @param name      file name without extension, e.g. `speech-worker`
 */
export function startWorkerThread(callerUrl: string, name: string, workerData: unknown): Worker {
  if (!callerUrl.endsWith('.ts')) {
    return new Worker(new URL(`./${name}.js`, callerUrl), { workerData, execArgv: [] });
  }
  const source = fileURLToPath(new URL(`./${name}.ts`, callerUrl));
  const runner = new URL('../../scripts/source-worker.mjs', import.meta.url);
  return new Worker(runner, { argv: [source], workerData, execArgv: [] });
}
