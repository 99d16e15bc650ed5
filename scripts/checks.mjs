// The checks that need no running code: types, lint, format.
import { bin, root } from './workspace.mjs';
import { spawn } from 'node:child_process';

const checks = [
  ['types of the server', bin('tsc'), '-p', 'websocket-server'],
  ['types of the call card', bin('tsc'), '-p', 'websocket-server/src/mcp/call-card/page'],
  ['types of the page that shows it in tests', bin('tsc'), '-p', 'websocket-server/test/call-card-host'],
  ['types of the simulator', bin('tsc'), '-p', 'simulator'],
  ['types of the bench', bin('tsc'), '-p', 'bench'],
  ['types of the web app', bin('tsc'), '-p', 'webapp', '--noEmit'],
  ['lint', bin('oxlint'), '--type-aware', '--deny-warnings'],
  ['format', bin('prettier'), '--check', '--log-level', 'warn', '.'],
];

/** Runs them all, two at a time; shows the output of those that fail. @returns {Promise<{ passed: number, failed: number }>} */
export async function runChecks() {
  const waiting = [...checks];
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const [name, ...command] = check;
      const { code, output } = await finished(command);
      console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
      if (code === 0) continue;
      failed++;
      console.log(output);
    }
  };
  await Promise.all([worker(), worker()]);
  return { passed: checks.length - failed, failed };
}

function finished(command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('close', (code) => resolve({ code, output }));
  });
}
