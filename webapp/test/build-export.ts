import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const webapp = path.resolve(import.meta.dirname, '..');
const sources = ['app', 'components', 'live', 'phone', 'next.config.ts', '../websocket-server/src/call'];

/** Builds `out/` when it is missing or older than what it is made from, so that no test drives an old page. */
export default function buildExport(): void {
  const built = newestMs(path.join(webapp, 'out', 'index.html'));
  if (built >= Math.max(...sources.map((source) => newestMs(path.join(webapp, source))))) return;
  const { status, stdout, stderr } = spawnSync('npx', ['next', 'build'], {
    cwd: webapp,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status !== 0) throw new Error(`next build failed\n${stdout}\n${stderr}`);
}

/** When a file, or the newest file in a folder, was written, in ms; 0 when there is none. */
function newestMs(target: string): number {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const files = readdirSync(target, { withFileTypes: true }).filter(({ name }) => !name.endsWith('.test.ts'));
  return Math.max(0, ...files.map(({ name }) => newestMs(path.join(target, name))));
}
