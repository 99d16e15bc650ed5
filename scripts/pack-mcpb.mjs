// `node scripts/pack-mcpb.mjs [FILE]`: the bundle that desktop clients install by a double click. Exit code 75 when
// the packer cannot be had.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { checkingTool, exitNotPossible } from './checking-tools.mjs';
import { root } from './workspace.mjs';

const tool = checkingTool('mcpb');
if ('reason' in tool) {
  console.log(`Skipped: ${tool.reason}`);
  process.exit(exitNotPossible);
}
const { version } = JSON.parse(readFileSync(path.join(root, 'websocket-server/package.json'), 'utf8'));
const manifest = JSON.parse(readFileSync(path.join(root, 'deploy/mcpb/manifest.json'), 'utf8'));
const target = path.resolve(process.argv[2] ?? path.join(root, 'dist', `mcp-telephone-${version}.mcpb`));
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-mcpb-'));
try {
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ ...manifest, version }, null, 2));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  await bundleLauncher();
  mkdirSync(path.dirname(target), { recursive: true });
  run('validate', path.join(folder, 'manifest.json'));
  run('pack', folder, target);
  console.log(`Packed ${target}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bundleLauncher() {
  const bundle = await rolldown({
    input: path.join(root, 'deploy/mcpb/launcher.mjs'),
    platform: 'node',
    external: ['bufferutil', 'utf-8-validate'],
  });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  mkdirSync(path.join(folder, 'server'));
  writeFileSync(path.join(folder, 'server/index.js'), output[0].code.replaceAll('BUNDLE_VERSION', version));
}

function run(...args) {
  const done = spawnSync(tool.command, [...tool.args, ...args], { encoding: 'utf8' });
  if (done.status === 0) return;
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  throw new Error(`mcpb ${args[0]} ended with ${done.status ?? done.error?.message}`);
}
