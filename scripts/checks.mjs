// The checks that need no running code: types, lint, format.
import { finished } from './child.mjs';
import { bin } from './workspace.mjs';

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

/**
 * Runs them all, two at a time; shows the output of those that fail.
 *
 * @param {Parameters<typeof finished>[1]} how
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks({ write = (text) => process.stdout.write(text), givesWay = false } = {}) {
  const waiting = [...checks];
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const [name, ...command] = check;
      let output = '';
      const code = await finished(command, { write: (text) => (output += text), givesWay });
      write(`${code === 0 ? '✓' : '✗'} ${name}\n`);
      if (code === 0) continue;
      failed++;
      write(`${output}\n`);
    }
  };
  await Promise.all([worker(), worker()]);
  return { passed: checks.length - failed, failed };
}
