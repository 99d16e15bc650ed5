import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
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
  // On Node 20 `--import tsx` leaves a worker's own entry file to Node, which does not know TypeScript.
  const tsx = pathToFileURL(createRequire(callerUrl).resolve('tsx/package.json'));
  const loader = new URL('./dist/esm/api/index.mjs', tsx).href;
  const source = new URL(`./${name}.ts`, callerUrl).href;
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(source)});
  });`;
  return new Worker(start, { eval: true, workerData, execArgv: [] });
}
