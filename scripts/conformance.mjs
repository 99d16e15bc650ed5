// `node scripts/conformance.mjs [--json]`: the official MCP conformance suite against the server's own HTTP stack.
// Both required sets run with the fixtures that they call by name, and what needs no fixtures runs without them.
// Exit code 0 when everything required passes, 75 when the suite cannot be had.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { checkingTool, exitNotPossible } from './checking-tools.mjs';
import { bin, root } from './workspace.mjs';

const revisions = ['2025-11-25', '2026-07-28'];

/** Scenarios that ask for nothing but the protocol, with a revision at which they apply. */
const fixtureFree = [
  ['server-initialize', '2025-11-25'],
  ['server-session-lifecycle', '2025-11-25'],
  ['ping', '2025-11-25'],
  ['tools-list', '2025-11-25'],
  ['tools-list', '2026-07-28'],
  ['resources-list', '2025-11-25'],
  ['resources-list', '2026-07-28'],
  ['prompts-list', '2025-11-25'],
  ['prompts-list', '2026-07-28'],
  ['server-sse-multiple-streams', '2025-11-25'],
  ['server-sse-multiple-streams', '2026-07-28'],
  ['dns-rebinding-protection', '2025-11-25'],
  ['dns-rebinding-protection', '2026-07-28'],
  ['caching', '2026-07-28'],
  ['sep-2164-resource-not-found', '2026-07-28'],
  ['http-header-validation', '2026-07-28'],
  ['input-required-result-unsupported-methods', '2026-07-28'],
];

const tool = checkingTool('conformance');
const asJson = process.argv.includes('--json');
if ('reason' in tool) {
  console.log(asJson ? JSON.stringify({ skipped: tool.reason }) : `Skipped: ${tool.reason}`);
  process.exit(exitNotPossible);
}
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-conformance-'));
const runs = [];
try {
  await withServer(['--fixtures'], async (url) => {
    for (const revision of revisions) {
      runs.push(await suite(`required for ${revision}`, url, ['--requirements', revision]));
    }
  });
  await withServer([], async (url) => {
    const waiting = [...fixtureFree];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [scenario, revision] = next;
        const args = ['--scenario', scenario, '--spec-version', revision];
        runs.push(await suite(`${scenario} at ${revision}, without fixtures`, url, args));
      }
    };
    await Promise.all([worker(), worker()]);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (asJson) console.log(JSON.stringify({ runs }));
else for (const run of runs) console.log(told(run));
process.exit(runs.every((run) => run.exitCode === 0) ? 0 : 1);

/** One run of the suite, with the checks of the scenarios that count. */
async function suite(name, url, args) {
  const child = spawn(tool.command, [...tool.args, 'server', '--url', `${url}/mcp`, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  // Scenarios beyond a frozen set run for information; the suite lists them after its summary.
  const unscored = new Set([...output.matchAll(/^ {2}[✓✗] ([\w-]+) \(/gm)].map(([, scenario]) => scenario));
  const scored = [...output.matchAll(/^[✓✗] ([\w-]+): (\d+) passed, (\d+) failed/gm)].filter(
    ([, scenario]) => !unscored.has(scenario),
  );
  const single = /^Passed: (\d+)\/(\d+), (\d+) failed/m.exec(output);
  const sum = (index) => scored.reduce((total, found) => total + Number(found[index]), 0);
  const counts =
    single === null
      ? { scenarios: scored.length, passed: sum(2), failed: sum(3) }
      : { scenarios: 1, passed: Number(single[1]), failed: Number(single[3]) };
  return { name, exitCode, ...counts, output: exitCode === 0 ? '' : output };
}

/** Runs the test server for as long as `use` takes. */
async function withServer(args, use) {
  const entry = path.join(root, 'websocket-server/test/conformance-fixtures/main.ts');
  const child = spawn(process.execPath, [bin('tsx'), entry, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const url = await Promise.race([
      new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
      ended.then((code) => Promise.reject(new Error(`the test server ended with ${code}`))),
    ]);
    await use(url);
  } finally {
    child.kill();
    await ended;
  }
}

function told({ name, exitCode, scenarios, passed, failed, output }) {
  const counts = `${scenarios} ${scenarios === 1 ? 'scenario' : 'scenarios'}, ${passed} checks passed, ${failed} failed`;
  return `${exitCode === 0 ? '✓' : '✗'} ${name}: ${counts}${output === '' ? '' : `\n${output}`}`;
}
