// What the commands of this folder share: an installed and built workspace, with Node and npm alone.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const serverMain = path.join(root, 'websocket-server/dist/main.js');
const webappFolder = path.join(root, 'webapp/out');

/** Exits with a sentence when Node is too old: nothing below would run. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`MCP Telephone needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs the packages that the lock file names, unless that was done for this very lock file. */
export function ensureInstalled() {
  const stamp = path.join(root, 'node_modules/.installed-lock');
  const lock = fingerprint([path.join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing packages …');
  // A clean install where there is none; else only what changed.
  const isClean = !existsSync(path.join(root, 'node_modules'));
  npm([isClean ? 'ci' : 'install', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

/** Builds the server and the web app where their sources are newer than what was built. */
export function ensureBuilt() {
  ensureServerBuilt();
  const web = ['webapp', 'websocket-server/src/call'];
  buildIfStale('web app', web, path.join(webappFolder, 'index.html'), () =>
    run(process.execPath, [bin('next'), 'build'], { cwd: 'webapp', quiet: true }),
  );
}

/** Builds the server where its sources are newer than what was built. */
export function ensureServerBuilt() {
  const server = [
    'websocket-server/src',
    'simulator/src',
    'simulator/schemas',
    'websocket-server/rolldown.config.mjs',
  ];
  buildIfStale('server', server, serverMain, () => {
    run(process.execPath, [bin('rolldown'), '-c', 'rolldown.config.mjs'], {
      cwd: 'websocket-server',
      quiet: true,
    });
    makeDatabaseSeed();
  });
}

/** A fresh database, packed: from it a first start is quick. Beside the server, and where a run from source looks. */
function makeDatabaseSeed() {
  const cache = 'node_modules/.cache/mcp-telephone';
  mkdirSync(path.join(root, cache), { recursive: true });
  const seeds = () => readdirSync(path.join(root, cache)).filter((name) => name.startsWith('database-seed-'));
  for (const old of seeds()) rmSync(path.join(root, cache, old));
  run(process.execPath, [bin('tsx'), 'websocket-server/src/storage/embedded/make-seed.ts', cache], {
    quiet: true,
  });
  for (const name of seeds()) {
    copyFileSync(path.join(root, cache, name), path.join(path.dirname(serverMain), name));
  }
}

/**
 * Runs a command to its end; its output is shown at once, or only when it fails.
 *
 * @param {{ cwd?: string, quiet?: boolean }} options `cwd` from the root
 */
export function run(command, args, { cwd = '.', quiet = false }) {
  const done = spawnSync(command, args, {
    cwd: path.join(root, cwd),
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) return;
  if (quiet)
    process.stderr.write(Buffer.concat([done.stdout ?? Buffer.alloc(0), done.stderr ?? Buffer.alloc(0)]));
  throw new Error(
    `${path.basename(args[0] ?? command)} ended with ${done.status ?? done.signal ?? done.error?.message}`,
  );
}

/** Starts a command that goes on; ends with this process. */
export function start(command, args, { cwd = '.', env = {} }) {
  return spawn(command, args, {
    cwd: path.join(root, cwd),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
  });
}

/** The script behind a command of an installed package. */
export function bin(name) {
  const packages = { next: 'next/dist/bin/next', tsc: 'typescript/bin/tsc', vitest: 'vitest/vitest.mjs' };
  const known = packages[name];
  if (known !== undefined) return path.join(root, 'node_modules', known);
  const manifest = JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8'));
  const entry = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name];
  return path.join(root, 'node_modules', name, entry);
}

function npm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args], {});
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {});
}

function buildIfStale(name, sources, result, build) {
  const stamp = path.join(root, 'node_modules/.cache/mcp-telephone', `built-${name.replace(' ', '-')}`);
  const wanted = fingerprint(sources.flatMap((source) => filesBelow(path.join(root, source))));
  if (existsSync(result) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log(`Building the ${name} …`);
  build();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

const notSources = new Set(['node_modules', '.next', 'out', 'dist', 'built', 'test', 'next-env.d.ts']);

function filesBelow(place) {
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .filter((name) => !notSources.has(name) && !name.includes('.test.') && !name.endsWith('.tsbuildinfo'))
    .sort()
    .flatMap((name) => filesBelow(path.join(place, name)));
}

function fingerprint(files) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0] ?? '');
  for (const file of files) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}
