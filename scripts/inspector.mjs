// `node scripts/inspector.mjs ARGS`: the official MCP Inspector at a pinned version, on a Node that it runs on. Exit
// code 75 when it cannot be had.
import { spawnSync } from 'node:child_process';
import { checkingTool, exitNotPossible } from './checking-tools.mjs';

const tool = checkingTool('inspector');
if ('reason' in tool) {
  console.error(`Skipped: ${tool.reason}`);
  process.exit(exitNotPossible);
}
const done = spawnSync(tool.command, [...tool.args, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(done.status ?? 1);
