// The entry of a worker thread whose program is TypeScript source, while developing and testing. Node 20 runs none by
// itself, and a loader in each thread costs 0.6 s of CPU before the first line: bundling costs a sixth of that.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { threadId } from 'node:worker_threads';
import { rolldown } from 'rolldown';
import { root } from './workspace.mjs';

const [, , file] = process.argv;
const bundle = await rolldown({
  input: file,
  platform: 'node',
  external: /^[^./]/u,
  plugins: [
    {
      name: 'urls-of-the-sources',
      transform: (code, id) =>
        code.replaceAll('import.meta.url', () => JSON.stringify(pathToFileURL(id).href)),
    },
  ],
});
const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
await bundle.close();
const [{ code }] = output;
await import(pathToFileURL(kept(code)).href);

/** Where packages are found from; under a name that tells what is in it, and only once it is complete. */
function kept(code) {
  const name = `${path.basename(file, '.ts')}-${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`;
  const place = path.join(root, 'node_modules/.cache/mcp-telephone/threads', name);
  if (existsSync(place)) return place;
  mkdirSync(path.dirname(place), { recursive: true });
  const unfinished = `${place}.${process.pid}.${threadId}`;
  writeFileSync(unfinished, code);
  renameSync(unfinished, place);
  return place;
}
